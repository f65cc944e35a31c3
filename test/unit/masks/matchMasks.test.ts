/** Which mask is drawn on which CT. */
import { expect, it } from 'vitest';
import type { MaskFile, MaskOwner } from '../../../src/kernel/masks/maskFile.ts';
import { type CtIdentity, matchMasks } from '../../../src/kernel/masks/matchMasks.ts';

const mask = (path: string, dicom: Partial<MaskOwner> = {}, structure = 'RUL'): MaskFile => ({
  kind: 'volume',
  sources: [],
  sha256: path,
  segments: [{ key: 1, structure }],
  owner: { label: path.split('/')[0]!, path: path.split('/'), ...dicom },
  grid: undefined,
});
const ct = (patient: string, more: Partial<CtIdentity> = {}): CtIdentity => ({ patient, series: 'series-1', ...more });
/** For each CT the paths of its masks, then those of none. */
function matched(masks: readonly MaskFile[], cts: readonly CtIdentity[]): string[][] {
  const { of, unmatched } = matchMasks(masks, cts);
  return [...of, unmatched].map((files) => files.map(({ owner }) => owner.path.join('/')));
}

it('goes by the folder, at any depth, else by the beginning or the end of the file’s name, the longest label first', () => {
  const masks = ['P1/lobes', 'a/P12/b/lobes', 'P1_lobes', 'lobes-P12', 'P1', 'P123', 'xP1'].map((path) => mask(path));
  expect(matched(masks, [ct('P1'), ct('P12')])).toEqual([
    ['P1/lobes', 'P1_lobes', 'P1'],
    ['a/P12/b/lobes', 'lobes-P12'],
    ['P123', 'xP1'],
  ]);
});

it('goes by UIDs before all names, and by the frame of reference where a study has one such CT', () => {
  const cts = [
    ct('P1', { seriesUid: '1.1', studyUid: '1', frameOfReferenceUid: '1.9' }),
    ct('P2', { seriesUid: '2.1', studyUid: '2', frameOfReferenceUid: '2.9' }),
  ];
  const masks = [
    mask('P1/seg', { seriesUids: ['2.1'] }),
    mask('P2/rt', { studyUid: '1', frameOfReferenceUid: '1.9' }),
    mask('P1/other', { seriesUids: ['7'] }),
  ];
  expect(matched(masks, cts)).toEqual([['P2/rt', 'P1/other'], ['P1/seg'], []]);
});

it('tells series of one patient by the names of folders and files', () => {
  const cts = [ct('P1'), ct('P1', { series: 'series-2' })];
  const masks = ['P1/series-2/lobes', 'P1/lobes_series-1', 'P1/both'].map((path) => mask(path));
  expect(matched(masks, cts)).toEqual([['P1/lobes_series-1', 'P1/both'], ['P1/series-2/lobes', 'P1/both'], []]);
});

it('takes the only mask, or one set of structures side by side, for the only CT’s', () => {
  expect(matched([mask('lobes')], [ct('P1')])).toEqual([['lobes'], []]);
  const set = [mask('lung_upper_lobe_right', {}, 'RUL'), mask('lung_middle_lobe_right', {}, 'RML')];
  expect(matched(set, [ct('P1')])).toEqual([['lung_upper_lobe_right', 'lung_middle_lobe_right'], []]);
  expect(matched([mask('Q1'), mask('Q2')], [ct('P1')])).toEqual([[], ['Q1', 'Q2']]);
  expect(matched([mask('lobes')], [ct('P1'), ct('P2')])).toEqual([[], [], ['lobes']]);
});
