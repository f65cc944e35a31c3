/** What belongs together in one series, by the headers alone; the limits' reasons stand beside them in seriesStacks.ts. */
import { describe, expect, it } from 'vitest';
import type { DicomHeader } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { stacksOf } from '../../../src/kernel/ct/dicom/seriesStacks.ts';
import type { FoundFile } from '../../../src/kernel/ct/files/scan.ts';

const FEWEST = 10;

function file(n: number, z: number, change: Partial<DicomHeader> = {}): FoundFile {
  const header: Partial<DicomHeader> = {
    sopInstanceUid: `1.2.${n}`,
    position: [0, 0, z],
    orientation: [1, 0, 0, 0, 1, 0],
    pixelSpacing: [0.5, 0.5],
    rows: 512,
    columns: 512,
    sliceThicknessMm: 2,
    convolutionKernel: 'B60',
    imageType: [],
    timing: {
      temporalPosition: undefined,
      phasePercent: undefined,
      triggerTime: undefined,
      acquisitionTime: undefined,
      contentTime: undefined,
    },
    ...change,
  };
  // SAFETY: a stack is told by these tags alone.
  return { header: header as DicomHeader, source: { file: `/ct/${n}.dcm` } };
}
/** Twelve slices every 2 mm, then twelve more above them that are changed. */
const twoOf = (change: Partial<DicomHeader>) => [
  ...Array.from({ length: 12 }, (_, n) => file(n, 2 * n)),
  ...Array.from({ length: 12 }, (_, n) => file(n + 12, 2 * (n + 12), { ...change })),
];
const sizes = (files: readonly FoundFile[]) => stacksOf(files, FEWEST, 'A').stacks.map((stack) => stack.files.length);

describe('one stack', () => {
  it.each<[string, Partial<DicomHeader>, number[]]>([
    ['directions that differ by rounding', { orientation: [1, 0.0009, 0, 0, 1, 0] }, [24]],
    ['directions that differ', { orientation: [1, 0.0011, 0, 0, 1, 0] }, [12, 12]],
    ['pixels that differ by rounding', { pixelSpacing: [0.5009, 0.5] }, [24]],
    ['pixels that differ in the third digit', { pixelSpacing: [0.509, 0.5] }, [24]],
    ['pixels of another field of view', { pixelSpacing: [0.511, 0.5] }, [12, 12]],
    ['thicknesses that differ', { sliceThicknessMm: 2.02 }, [24]],
    ['no thickness in half of them', { sliceThicknessMm: undefined }, [24]],
    ['no kernel in half of them', { convolutionKernel: undefined }, [24]],
    ['another frame of reference', { frameOfReferenceUid: '1.2.3' }, [24]],
  ])('holds what has %s', (_, change, expected) => expect(sizes(twoOf(change))).toEqual(expected));

  it.each<[number, number[]]>([
    [0.9, [24]],
    [1.1, [12, 12]],
  ])('lies upon itself within a pixel: %s', (pixels, expected) => {
    const shifted = twoOf({}).map((each, n) => (n % 2 ? file(n, 2 * n, { position: [pixels * 0.5, 0, 2 * n] }) : each));
    expect(sizes(shifted)).toEqual(expected);
  });

  it('has at least as many slices as it lacks', () => {
    const apart = (missing: number) =>
      sizes([
        ...Array.from({ length: 12 }, (_, n) => file(n, 2 * n)),
        ...Array.from({ length: 12 }, (_, n) => file(n + 12, 2 * (n + 12 + missing))),
      ]);
    expect([apart(24), apart(25)]).toEqual([[24], [12, 12]]);
  });
});
