/** Which slice of a patient a figure opens: that with most of the figure's class, in the figure's region. */
import { from } from 'arquero';
import { expect, it } from 'vitest';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import type { AxialPercent, MeasuredTables } from '../../../src/kernel/lungs/quantification.ts';
import { createPatientSlices } from '../../../src/kernel/session/patientSlices.ts';
import type { MeasurementStore } from '../../../src/kernel/values/measurementStore.ts';
import type { MeasurementsValue, MeasuringModels } from '../../../src/kernel/values/value.ts';
import { LOBAR_REGIONS, type Region, TEXTURE_CLASSES } from '../../../src/protocol/names.ts';

const GRID = { size: [2, 2, 4] as const, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
const NOTHING = [0, 0, 0, 0];
/** Ground glass below, most of it in the right lower lobe further up; reticulation and honeycombing above. */
const AREAS: Partial<Record<Region, Readonly<Record<string, readonly number[]>>>> = {
  total: { normal: [1, 9, 5, 5], ggo: [8, 3, 0, 0], reticulation: [0, 0, 4, 3], honeycombing: [0, 0, 0, 3] },
  RLL: { normal: [1, 1, 0, 0], ggo: [1, 3, 0, 0] },
  RUL: { normal: [0, 0, 2, 5] },
};
const axialPercent = Object.fromEntries(
  LOBAR_REGIONS.map((region) => [
    region,
    Object.fromEntries(TEXTURE_CLASSES.map((name) => [name, AREAS[region]?.[name] ?? NOTHING])),
  ]),
) as AxialPercent;

// SAFETY: stand-ins that answer what opening slices asks for, and nothing else.
const series = { id: 's1', problems: [], sources: [], spacingMm: [1, 1, 1] } as unknown as Series;
// SAFETY: likewise; nothing is measured here.
const models = { lobes: { manifest: {} }, textures: { manifest: {} } } as unknown as MeasuringModels;
const tables = { axialPercent, measurements: [], density: [] } as unknown as MeasuredTables;
const labels = { ...GRID, labels: new Uint8Array(16) };
const measurements = {
  json: async (key: string) => (key === 'k' ? tables : undefined),
  putJson: async () => {},
  hasJson: async () => true,
  hasMaps: async () => true,
  maps: async () => ({ lobes: labels, textures: labels, probabilities: labels }),
} as unknown as MeasurementStore;
const images = {
  open: async () => ({ ...GRID, sha256: 'x', problems: [] }),
  slice: async () => ({ width: 2, height: 2, hu: new Int16Array(4) }),
} as unknown as ImageService;
const value: MeasurementsValue = {
  kind: 'measurements',
  table: from([]),
  density: from([]),
  measured: [{ patient: 'P1', series, sha256: 'x', cacheKey: 'k', models, decisions: undefined }],
  derivedFrom: { fibrosis: ['reticulation', 'honeycombing'] },
  flags: [],
  cutPoints: undefined,
  provenance: { software: 'LungNB', models: [], inputs: {}, parameters: {} },
};

it('knows 64 figures, and gives up the one that was drawn first', async () => {
  const many = createPatientSlices({ images, measurements, keepViewer: () => {} });
  for (let n = 0; n < 65; n++) many.keep(`${n}`, value);
  const ask = (handle: string) => many.open({ handle, patient: 'P9', class: 'ggo', region: 'total' });
  expect(await Promise.all(['0', '1', '64'].map(ask))).toEqual([
    { problem: 'Run the cell of the figure again to see slices.' },
    { problem: 'No CT of P9 was measured.' },
    { problem: 'No CT of P9 was measured.' },
  ]);
});

const slices = createPatientSlices({ images, measurements, keepViewer: () => {} });
slices.keep('figure', value);

it.each([
  ['ggo', 'total', 0, 'The slice with most ground-glass opacity.'],
  ['ggo', 'RLL', 1, 'The slice with most ground-glass opacity in RLL.'],
  ['fibrosis', 'total', 3, 'The slice with most fibrosis.'],
  ['emphysema', 'RUL', 3, 'No emphysema was measured in RUL: the slice with most of RUL.'],
  ['emphysema', 'total', 1, 'No emphysema was measured: the slice with most of the lungs.'],
] as const)('%s in %s opens slice %i', async (name, region, index, reason) => {
  const reply = await slices.open({ handle: 'figure', patient: 'P1', class: name, region });
  expect(reply).toMatchObject({ view: { patient: 'P1', plane: 'axial', index, reason, overlay: true } });
});

it('opens the CT and the slice that a row names, where the patient has several; a point without them is all visits', async () => {
  const ctOf = (id: string, visit: number) => ({
    ...value.measured[0]!,
    // SAFETY: a stand-in, as above.
    series: { ...series, id, visit } as Series,
  });
  const visits = { ...value, measured: [ctOf('a1', 1), ctOf('b1', 1), ctOf('a2', 2), ctOf('b2', 2)] };
  slices.keep('visits', visits);
  const ask = async (row: { readonly series?: string; readonly slice?: number; readonly class?: string }) => {
    const reply = await slices.open({ handle: 'visits', patient: 'P1', class: 'ggo', region: 'total', ...row });
    if ('problem' in reply) return reply.problem;
    const { series: id, index, beside, reason } = reply.view;
    return [id, beside?.view.series, index, reason];
  };
  expect(await ask({ series: 'b2', slice: 4 })).toEqual(['b2', undefined, 3, undefined]);
  expect(await ask({ series: 'b1' })).toEqual(['b1', undefined, 0, 'The slice with most ground-glass opacity.']);
  expect(await ask({ series: 'b1', class: '' })).toEqual(['b1', undefined, 1, 'The slice with most lung.']);
  // The first series of either visit: not one reconstruction against another.
  expect(await ask({})).toEqual(['a1', 'a2', 0, 'The slice with most ground-glass opacity.']);
  expect(await ask({ series: 'b2', slice: 5 })).toContain('Slice 5 does not exist');
});

it('of a figure of an earlier kernel, or of a patient who was not measured, says what to do', async () => {
  const ask = (handle: string, patient: string) => slices.open({ handle, patient, class: 'ggo', region: 'total' });
  expect(await ask('older', 'P1')).toEqual({ problem: 'Run the cell of the figure again to see slices.' });
  expect(await ask('figure', 'P9')).toEqual({ problem: 'No CT of P9 was measured.' });
});

it('of a CT that was looked at before are there without it and its maps being read, in a later kernel too; its maps are read once for all that look at it', async () => {
  const kept = new Map<string, unknown>();
  const read: string[] = [];
  // SAFETY: stand-ins, as above, that tell what is read.
  const store = {
    json: async (key: string) => (key === 'k' ? tables : kept.get(key)),
    putJson: async (key: string, value: unknown) => void kept.set(key, value),
    hasJson: async () => true,
    hasMaps: async () => true,
    maps: async () => {
      read.push('maps');
      return { lobes: labels, textures: labels, probabilities: labels };
    },
  } as unknown as MeasurementStore;
  // SAFETY: likewise.
  const reader = {
    open: async () => {
      read.push('CT');
      return { ...GRID, sha256: 'x', problems: [] };
    },
    slice: async () => {
      read.push('slice');
      return { width: 2, height: 2, hu: new Int16Array(4) };
    },
  } as unknown as ImageService;
  const viewers: unknown[] = [];
  const opened = async (name: string) => {
    read.length = 0;
    // Maps are at hand as long as a viewer is kept.
    const keepViewer = (_: string, source: unknown) => void viewers.push(source);
    const kernel = createPatientSlices({ images: reader, measurements: store, keepViewer });
    kernel.keep('figure', value);
    const reply = await kernel.open({ handle: 'figure', patient: 'P1', class: name, region: 'total' });
    return { reply, read: [...read].sort() };
  };
  const first = await opened('ggo');
  expect(first.read).toEqual(['CT', 'maps', 'slice', 'slice', 'slice']);
  expect(await opened('ggo')).toEqual({ reply: first.reply, read: [] });
  expect((await opened('reticulation')).read).toEqual(['slice', 'slice', 'slice']);
});
