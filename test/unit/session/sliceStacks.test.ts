/** The slices that an HTML page has (`--slices N`): from the kernel into the file, and out of it again. */
import { from } from 'arquero';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import type { AxialPercent, MeasuredTables } from '../../../src/kernel/lungs/quantification.ts';
import { createShownSlices } from '../../../src/kernel/session/shownSlices.ts';
import type { MeasurementStore } from '../../../src/kernel/values/measurementStore.ts';
import type { MeasurementsValue, MeasuringModels } from '../../../src/kernel/values/value.ts';
import { htmlPage } from '../../../src/protocol/htmlPage.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../../src/protocol/names.ts';
import { PAGE_SLICES_ID, type PageSlices, partId } from '../../../src/protocol/pageSlices.ts';
import type { FigureView, SliceView, ViewModel } from '../../../src/protocol/view.ts';
import { ofFileAlone } from '../../../src/webview/messaging.ts';
import { withStacks } from '../../../src/webview/page/stacks.ts';
import { decodeSlice } from '../../../src/webview/viewer/decode.ts';

const SIZE = [4, 3, 40] as const;
const GRID = { size: SIZE, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] };
/** Lung from slice 10 to slice 29. */
const lung = Uint8Array.from({ length: 480 }, (_, v) => (v >= 120 && v < 360 ? 1 + (v % 5) : 0));
/** Most ground glass in slice 17, of the right lower lobe in slice 28; no honeycombing. */
const at = (most: number) => Array.from({ length: 40 }, (_, k) => (k === most ? 9 : k >= 10 && k < 30 ? 1 : 0));
// SAFETY: a series of areas for each region and class.
const axialPercent = Object.fromEntries(
  LOBAR_REGIONS.map((region) => [
    region,
    Object.fromEntries(
      TEXTURE_CLASSES.map((name) => [
        name,
        name === 'honeycombing' ? at(-1).map(() => 0) : at(name === 'ggo' && region === 'RLL' ? 28 : 17),
      ]),
    ),
  ]),
) as unknown as AxialPercent;

// SAFETY: stand-ins that answer what viewers and stacks ask for, and nothing else.
const seriesOf = (id: string) =>
  ({ id, problems: [], sources: [], size: SIZE, spacingMm: [1, 1, 2] }) as unknown as Series;
const tables = { axialPercent, measurements: [], density: [] } as unknown as MeasuredTables;
const measurements = {
  json: async (key: string) => (key === 'k' ? tables : undefined),
  putJson: async () => {},
  hasJson: async () => true,
  hasMaps: async () => true,
  maps: async () => {
    const map = { ...GRID, labels: lung };
    return { lobes: map, textures: map, probabilities: map };
  },
} as unknown as MeasurementStore;
/** Of which the CT of a patient whose series is called so cannot be read. */
const GONE = 'gone';
const images = {
  open: async ({ id }: Series) => ({ ...GRID, sha256: id, problems: [] }),
  slice: async ({ series }: { series: Series }, { plane, index }: { plane: string; index: number }) => {
    const [width, height] = plane === 'axial' ? [4, 3] : plane === 'coronal' ? [4, 40] : [3, 40];
    const first = series.id === 's1' ? -1000 : -500;
    return { width, height, hu: Int16Array.from({ length: width * height }, (_, p) => first + 20 * index + p) };
  },
} as unknown as ImageService;

const measuredOf = (patient: string, id: string) => ({
  patient,
  series: seriesOf(id),
  sha256: id === GONE ? 'of other files' : id,
  cacheKey: 'k',
  models: { lobes: { manifest: {} }, textures: { manifest: {} } } as unknown as MeasuringModels,
  decisions: undefined,
});

function measurementsOf(...measured: ReturnType<typeof measuredOf>[]): MeasurementsValue {
  return {
    kind: 'measurements',
    table: from([]),
    density: from([]),
    measured,
    flags: [],
    cutPoints: undefined,
    provenance: { software: 'LungNB', models: [], inputs: {}, parameters: {} },
  };
}

function figureOf(...patients: string[]): FigureView {
  const rows = patients.map((patient) => ({ patient, left: 1, right: 2 }));
  const panel = (region: 'total' | 'RLL') => ({ class: 'ggo', region, rows });
  return {
    type: 'figure',
    title: 'f',
    description: 'f',
    data: [],
    layout: {},
    notes: [],
    patients: { handle: 'figure', names: { left: 'a', right: 'b' }, panels: [panel('total'), panel('RLL')] },
  };
}

/** The slices of the page, as the page itself reads them out of its text. */
async function pageOf(value: MeasurementsValue, shown: readonly ViewModel[], perCt = 5) {
  const session = createShownSlices({ images, measurements });
  session.patientSlices.keep('figure', value);
  const plan = await session.stacks.plan(shown, perCt, unattended);
  const { problems, ...slices } = await plan.make(unattended);
  const html = htmlPage({ lungnb: 1, cells: [] }, 'x', '', { slices });
  const textOf = (id: string) => html.split(`<script type="application/json" id="${id}">`)[1]!.split('</script>')[0]!;
  const alone = ofFileAlone();
  // SAFETY: what was just written.
  const index = JSON.parse(textOf(PAGE_SLICES_ID)) as PageSlices;
  const page = { ...alone, ...withStacks(alone, index, (part) => textOf(partId(part))) };
  return { session, plan, problems, slices, html, page };
}

function viewIn(reply: { view: SliceView } | { problem: string }): SliceView {
  if ('problem' in reply) throw new Error(reply.problem);
  return reply.view;
}

describe('the slices of a page', () => {
  const both = measurementsOf(measuredOf('P1', 's1'), measuredOf('P2', 's2'));

  it('are the kernel’s, in its steps of Hounsfield units, with the labels that lie over them', async () => {
    const { session, page } = await pageOf(both, [figureOf('P1', 'P2')]);
    const wanted = { handle: 'figure', patient: 'P2', class: 'ggo', region: 'total' };
    const view = viewIn(await page.requestPatient(wanted));
    await session.patientSlices.open(wanted);
    expect(page.keptSlices(view, 'axial')).toEqual([12, 16, 20, 24, 28]);
    expect([page.keptSlices(view, 'coronal').length, page.keptSlices(view, 'sagittal').length]).toEqual([1, 1]);
    for (const index of [12, 20, 28]) {
      const request = { handle: view.handle, plane: 'axial', index, coarse: true, further: [16] } as const;
      const [inPage, inKernel] = [await page.requestSlice(request), await session.viewers.slice(request)];
      if (!('slice' in inPage && 'slice' in inKernel)) throw new Error('no slice');
      expect(await decodeSlice(inPage.slice)).toEqual(await decodeSlice(inKernel.slice));
      expect(inPage.slice.textures).toBeDefined();
      expect(inPage.further?.map((one) => one.index)).toEqual([16]);
    }
    const exact = await session.viewers.slice({ handle: view.handle, plane: 'axial', index: 20 });
    const coarse = await page.requestSlice({ handle: view.handle, plane: 'axial', index: 20 });
    if (!('slice' in exact && 'slice' in coarse)) throw new Error('no slice');
    const [hu, steps] = [(await decodeSlice(exact.slice)).hu, (await decodeSlice(coarse.slice)).hu];
    expect(Math.max(...hu.map((value, p) => Math.abs(value - steps[p]!)))).toBeLessThanOrEqual(8);
    expect(await page.requestSlice({ handle: view.handle, plane: 'axial', index: 21 })).toHaveProperty('problem');
  });

  it('open at the one that tells most of a row, or at the nearest, which is said', async () => {
    const { page } = await pageOf(both, [figureOf('P1', 'P2')]);
    const open = async (region: string, name = 'ggo', handle = 'figure') =>
      viewIn(await page.requestPatient({ handle, patient: 'P1', class: name, region }));
    expect(await open('RLL')).toMatchObject({
      index: 28,
      reason: 'The slice with most ground-glass opacity in RLL.',
      among: { place: 0, of: 2 },
      // There at once, before anybody scrolls.
      slices: [{ plane: 'axial', index: 28 }, { plane: 'coronal' }, { plane: 'sagittal' }],
    });
    expect((await open('total')).index).toBe(16);
    expect((await open('total')).reason).toBe(
      'The slice with most ground-glass opacity. It is 18, and the nearest in this file is 17.',
    );
    // Rows that only the page has made, in figures that no kernel knows.
    expect((await open('LUL', 'reticulation')).reason).toMatch(/^The slice with most reticulation in LUL\./);
    expect((await open('RLL', 'ggo', 'made by the page')).index).toBe(28);
  });

  it('are leafed through from patient to patient, and those of nobody else are offered', async () => {
    const { page } = await pageOf(both, [figureOf('P1', 'P2')]);
    const view = viewIn(await page.requestPatient({ handle: 'figure', patient: 'P1', class: 'ggo', region: 'RLL' }));
    const next = viewIn(await page.requestNeighbour!({ handle: view.handle, step: 1, plane: 'coronal' }));
    expect(next).toMatchObject({ patient: 'P2', plane: 'axial', among: { place: 1, of: 2 } });
    expect(await page.requestNeighbour!({ handle: next.handle, step: 1, plane: 'axial' })).toEqual({
      problem: 'This is the last patient.',
    });
    expect(['P1', 'P2', 'P9', '__proto__'].map((patient) => page.leadsTo('figure', { patient }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(ofFileAlone().leadsTo('figure', { patient: 'P1' })).toBe(false);
  });

  it('are those of a viewer of the notebook, which has its own besides', async () => {
    const session = createShownSlices({ images, measurements });
    session.patientSlices.keep('figure', both);
    const shown = viewIn(
      await session.patientSlices.open({ handle: 'figure', patient: 'P1', class: 'ggo', region: 'total' }),
    );
    const made = await (await session.stacks.plan([shown], 5, unattended)).make(unattended);
    const alone = ofFileAlone();
    const page = withStacks(alone, made.slices, (part) => made.parts[part]!);
    expect(page.keptSlices!(shown, 'axial')).toEqual([12, 16, 17, 20, 24, 28]);
    expect(alone.keptSlices(shown, 'axial')).toEqual([17]);
    expect(viewIn(await page.requestNeighbour!({ handle: shown.handle, step: 1, plane: 'axial' })).patient).toBe('P2');
  });

  it('stand in the page once, however many outputs lead to them', async () => {
    const once = await pageOf(both, [figureOf('P1', 'P2')]);
    const twice = await pageOf(both, [figureOf('P1', 'P2'), figureOf('P2')]);
    expect([once.plan.cts, once.slices.parts.length]).toEqual([2, 4]);
    expect(twice.slices.parts).toEqual(once.slices.parts);
  });

  it('are told in bytes before they are made', async () => {
    const { plan, slices } = await pageOf(both, [figureOf('P1', 'P2')], 20);
    const bytes = [...slices.parts, JSON.stringify(slices.slices)].join('').length;
    // Of such tiny slices most bytes are names; real CTs were estimated within a tenth.
    expect(plan.estimatedBytes).toBeGreaterThan(bytes / 3);
    expect(plan.estimatedBytes).toBeLessThan(bytes * 3);
  });

  it('lack a CT that cannot be read any more, which is said, and which nothing leads to', async () => {
    const value = measurementsOf(measuredOf('P1', 's1'), measuredOf('P2', GONE), measuredOf('P3', 's3'));
    const { page, problems } = await pageOf(value, [figureOf('P1', 'P2', 'P3')]);
    expect(problems).toEqual([expect.stringContaining('The overlay was measured on another CT than P2')]);
    expect(['P1', 'P2', 'P3'].map((patient) => page.leadsTo('figure', { patient }))).toEqual([true, false, true]);
    const first = viewIn(await page.requestPatient({ handle: 'figure', patient: 'P1', class: 'ggo', region: 'RLL' }));
    const next = await page.requestNeighbour!({ handle: first.handle, step: 1, plane: 'axial' });
    expect(viewIn(next).patient).toBe('P3');
  });

  it('are given up with the task', async () => {
    const { plan } = await pageOf(both, []);
    const stop = new AbortController();
    stop.abort();
    expect(plan.cts).toBe(0);
    const session = createShownSlices({ images, measurements });
    session.patientSlices.keep('figure', both);
    const other = await session.stacks.plan([figureOf('P1')], 5, unattended);
    await expect(other.make({ ...unattended, signal: stop.signal })).rejects.toThrow();
  });
});
