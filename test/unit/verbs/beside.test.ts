/** `show … beside …`: two CTs side by side, level with each other. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { sameLevel } from '../../../src/protocol/levels.ts';
import type { SliceView } from '../../../src/protocol/view.ts';
import { viewKind } from '../../../src/protocol/views/index.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';

/** Soft tissue with lungs of -800 HU from slice `low` to `high`, `betweenMm` apart, and little air around it. */
function chest(slices: number, [low, high]: readonly [number, number], betweenMm: number): Volume {
  const size = [60, 50, slices] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = low; k <= high; k++)
    for (let j = 8; j < 42; j++) {
      const row = (k * size[1] + j) * size[0];
      // The right lung is the broader one.
      hu.fill(-800, row + 6, row + 26);
      hu.fill(-800, row + 36, row + 52);
    }
  return { size, affine: axisAlignedAffine([1.5, 1.5, betweenMm], [0, 0, 0]), hu };
}

let notebook: TestSession;
const shown = async (source: string): Promise<SliceView> => notebook.last('slices', source);

beforeAll(async () => {
  notebook = startSession();
  const { folder } = notebook;
  writeSeries(join(folder, 'cohort', 'P01'), chest(40, [10, 30], 3));
  writeSeries(join(folder, 'cohort', 'P02'), chest(30, [5, 25], 5), 'ID-2');
  writeSeries(join(folder, 'later', 'P01'), chest(42, [12, 36], 3), 'ID-3');
  await notebook.shown('load "cohort" as a\nload "later" as b', 'load');
  await notebook.shown('quantify a with "tiny-textures" lobes "tiny-lobes" as ai', 'ai');
  await notebook.shown(
    'quantify a deciding emphysema below -700 HU with "tiny-textures" lobes "tiny-lobes" as strict',
    'strict',
  );
}, 60_000);

describe('a CT by itself', () => {
  it('begins in every plane with the slice that shows most lung', async () => {
    const view = await shown('show a "P01"');
    const start = (plane: string) => view.slices.find((slice) => slice.plane === plane)!.index;
    expect(start('axial')).toBeGreaterThanOrEqual(10);
    expect(start('axial')).toBeLessThanOrEqual(30);
    // In the middle of the body there is none.
    expect(start('sagittal')).toBeGreaterThanOrEqual(6);
    expect(start('sagittal')).toBeLessThan(26);
    expect(view.beside).toBeUndefined();
  });
});

describe('two CTs side by side', () => {
  it('are two patients, level with each other from base to apex', async () => {
    const { patient, plane, index, beside } = await shown('show a "P01" beside a "P02" slice 21');
    expect([patient, beside!.view.patient, plane, index]).toEqual(['P01', 'P02', 'axial', 20]);
    expect(beside!.by).toBe('lungs');
    expect(beside!.levels.axial).toEqual([
      [10, 5],
      [30, 25],
    ]);
    // The saved slice is the one that is shown.
    expect(beside!.view.index).toBe(15);
    expect(beside!.view.slices.find(({ plane }) => plane === 'axial')!.index).toBe(15);
  });

  it('are one patient of two cohorts, by the same label', async () => {
    const { beside } = await shown('show a "P01" beside b "P01"');
    expect([beside!.view.patient, beside!.levels.axial]).toEqual([
      'P01',
      [
        [10, 12],
        [30, 36],
      ],
    ]);
    expect((await shown('show a "P01" beside b')).beside!.view.patient).toBe('P01');
    // `b` has one patient alone.
    expect((await shown('show a "P02" beside b')).beside!.view.patient).toBe('P01');
  });

  it('are one CT with two overlays, slice for slice, and carry what both were made with', async () => {
    const view = await shown('show a "P01" overlay ai, strict');
    expect(view.beside!.by).toBe('same-ct');
    expect([view.overlay, view.beside!.view.overlay]).toEqual([true, true]);
    expect(view.handle).not.toBe(view.beside!.view.handle);
    expect(view.provenance!.inputs).toEqual(view.beside!.view.provenance!.inputs);
    expect(view.provenance!.parameters).toMatchObject({ deciding: ['emphysema below -700 HU'] });
  });

  it('have one overlay over both where one is named', async () => {
    const { overlay, beside, provenance } = await shown('show a "P01" beside a "P02" overlay ai');
    expect([overlay, beside!.view.overlay]).toEqual([true, true]);
    expect(Object.keys(provenance!.inputs).sort()).toEqual(['P01/series-1', 'P02/series-1']);
  });

  it('are left together for the next patient who has both, or the first of two patients for the next one', async () => {
    const next = async (source: string, step: 1 | -1 = 1) => {
      const { handle, among } = await shown(source);
      const reply = await notebook.session.neighbourSlices({ handle, step, plane: 'axial' });
      const view = 'view' in reply ? reply.view : undefined;
      return [among, view?.patient, view?.beside?.view.patient, view?.beside?.by];
    };
    const first = { place: 0, of: 2 };
    expect(await next('show a "P01" overlay ai, strict')).toEqual([first, 'P02', 'P02', 'same-ct']);
    expect(await next('show a "P01" beside b "P01"')).toEqual([undefined, undefined, undefined, undefined]);
    expect(await next('show a "P01" beside b')).toEqual([undefined, undefined, undefined, undefined]);
    expect(await next('show a "P02" beside b "P01"', -1)).toEqual([{ place: 1, of: 2 }, 'P01', 'P01', 'lungs']);
    // What the viewer of a CT alone goes on to stays as it is.
    const alone = await shown('show a "P01"');
    await shown('show a "P01" beside a "P02"');
    await shown('show a "P02" beside a "P01"');
    const reply = await notebook.session.neighbourSlices({ handle: alone.handle, step: 1, plane: 'axial' });
    expect(reply).toMatchObject({ view: { patient: 'P02', among: { place: 1, of: 2 } } });
    expect('view' in reply && reply.view.beside).toBeUndefined();
  });

  it('say who is not there, who was not measured, and that there are two at most', async () => {
    expect(await notebook.problem('show a "P01" beside b "P02"')).toMatch(
      /^unknown-patient: There is no patient "P02" in `b`/,
    );
    expect(await notebook.problem('show b beside a "P09"')).toMatch(
      /^unknown-patient: There is no patient "P09" in `a`/,
    );
    expect(await notebook.problem('show a "P01" beside b overlay ai')).toMatch(
      /^not-measured: The overlay was measured on another CT than P01, series-1/,
    );
    expect(await notebook.problem('show a "P01" overlay ai, strict, ai')).toMatch(/^out-of-range: Two CTs/);
    expect(await notebook.problem('show a "P01" beside a series "series-1", "series-7"')).toMatch(/^unknown-series/);
    expect(await notebook.problem('show ai beside a')).toMatch(/^idle-clause/);
  });

  it('name both patients, and give both pictures for pictures', async () => {
    const view = await shown('show a "P01" beside a "P02"');
    const kind = viewKind(view)!;
    expect(new Set(kind.patientLabels(view))).toEqual(new Set(['P01', 'P02']));
    expect(kind.pictures(view)).toBe(6);
    const text = kind.plainText(view);
    expect(text).toContain('P01, series-1');
    expect(text).toContain('P02, series-1');
  });
});

describe('levels', () => {
  it('lie on the line through base and apex, both ways, within the CT', () => {
    const pairs = [
      [10, 5],
      [30, 25],
    ] as const;
    expect([10, 20, 30, 38, 0].map((index) => sameLevel(pairs, index, 30))).toEqual([5, 15, 25, 29, 0]);
    expect([5, 15, 25].map((index) => sameLevel(pairs, index, 40, true))).toEqual([10, 20, 30]);
    const squeezed = [
      [0, 0],
      [10, 5],
    ] as const;
    expect([4, 5, 20].map((index) => sameLevel(squeezed, index, 100))).toEqual([2, 3, 10]);
  });
});
