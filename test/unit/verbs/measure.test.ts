/** `measure`: what was drawn on the slices of a cohort, as a table that follows. */
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Annotation } from '../../../src/protocol/annotations/annotation.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { asymmetricVolume, SPACING, writeSeries } from '../ct/helpers.ts';

/** The fixture's CT: 7 × 6 pixels on 24 slices, −1000 + 24 for each pixel + 1 for each slice; see `SPACING`. */
const [ACROSS, DOWN, BETWEEN] = SPACING;

let notebook: TestSession;
let ids = 0;

const drawn = (own: Partial<Annotation>): Annotation => ({
  id: `${++ids}`,
  patient: 'P01',
  series: 'series-1',
  name: '1',
  shape: 'polygon',
  plane: 'axial',
  index: 5,
  points: [
    [1, 1],
    [3, 1],
    [3, 3],
    [1, 3],
  ],
  ...own,
});
const RULER = {
  shape: 'ruler',
  name: 'diameter',
  points: [
    [0, 0],
    [4, 3],
  ],
} as const;

beforeEach(async () => {
  notebook = startSession();
  for (const patient of ['P01', 'P02'])
    writeSeries(join(notebook.folder, 'cohort', patient), asymmetricVolume(), patient);
  await notebook.shown('load "cohort" as c', 'load');
});

describe('`measure`', () => {
  it('gives lengths, areas and Hounsfield units in the order of the cohort', async () => {
    notebook.session.annotate({ drawn: [drawn({ patient: 'P02', index: 0 }), drawn(RULER)] });
    const [ruler, polygon] = await notebook.rows('measure c as rois');
    expect(ruler).toMatchObject({ patient: 'P01', name: 'diameter', shape: 'ruler', plane: 'axial', slice: 6 });
    expect(ruler!.length_mm).toBeCloseTo(Math.hypot(4 * ACROSS, 3 * DOWN), 6);
    expect(ruler).toMatchObject({ area_mm2: null, mean_hu: null, sd_hu: null, volume_ml: null });
    // Pixels 8, 9, 15 and 16 of the first slice.
    expect(polygon).toMatchObject({ patient: 'P02', slice: 1, slices: 1, mean_hu: -1000 + 12 * 24, volume_ml: null });
    expect(polygon!.area_mm2).toBeCloseTo(4 * ACROSS * DOWN, 6);
    expect(polygon!.sd_hu).toBeCloseTo(24 * Math.sqrt((16 + 9 + 9 + 16) / 3), 6);
  });

  it('takes outlines of one name for one body with a volume, and each by itself `by slice`', async () => {
    const outlines = [5, 6, 7].map((index) => drawn({ index, name: 'nodule' }));
    notebook.session.annotate({
      drawn: [...outlines, drawn({ index: 7, name: 'other' }), drawn({ ...RULER, name: 'nodule' })],
    });
    const rows = await notebook.rows('measure c as rois');
    expect(rows.map(({ name, slices }) => [name, slices])).toEqual([
      ['nodule', 3],
      ['nodule', 1],
      ['other', 1],
    ]);
    expect(rows[0]!.volume_ml).toBeCloseTo((3 * 4 * ACROSS * DOWN * BETWEEN) / 1000, 9);
    expect(rows[0]!.mean_hu).toBeCloseTo(-1000 + 12 * 24 + 6, 9);
    const bySlice = await notebook.rows('measure c by slice as each');
    expect(bySlice.map(({ name, slice, slices, volume_ml }) => [name, slice, slices, volume_ml])).toEqual([
      ['nodule', 6, 1, null],
      ['nodule', 7, 1, null],
      ['nodule', 8, 1, null],
      ['nodule', 6, 1, null],
      ['other', 8, 1, null],
    ]);
  });

  it('lists them by name, whatever the order in the file', async () => {
    notebook.session.annotate({ drawn: ['10', 'b', '2', 'a'].map((name) => drawn({ ...RULER, name })) });
    const rows = await notebook.rows('measure c as rois');
    expect(rows.map(({ name }) => name)).toEqual(['2', '10', 'a', 'b']);
  });

  it('measures in coronal and sagittal slices by their own pixels', async () => {
    notebook.session.annotate({
      drawn: [drawn({ ...RULER, plane: 'coronal' }), drawn({ ...RULER, plane: 'sagittal' })],
    });
    const rows = await notebook.rows('measure c as rois');
    expect(rows[0]!.length_mm).toBeCloseTo(Math.hypot(4 * ACROSS, 3 * BETWEEN), 6);
    expect(rows[1]!.length_mm).toBeCloseTo(Math.hypot(4 * DOWN, 3 * BETWEEN), 6);
  });

  it('is an empty table with a word of help where nothing is drawn', async () => {
    const view = await notebook.last('table', 'measure c as rois');
    expect([view.rows, view.notes]).toEqual([[], [expect.stringContaining('Nothing is drawn')]]);
    expect(await notebook.rows('filter rois where length_mm > 3 as long').catch((e: Error) => e.message)).toContain(
      'No row of',
    );
  });

  it('makes a table that other statements use', async () => {
    notebook.session.annotate({ drawn: [drawn({}), drawn(RULER)] });
    await notebook.shown('measure c as rois', 'measure');
    const [only] = await notebook.rows('filter rois where shape == "ruler" as rulers');
    expect(only).toMatchObject({ name: 'diameter' });
  });

  it('leaves out what is drawn on other CTs and says so, and what lies on slices that are not there', async () => {
    notebook.session.annotate({ drawn: [drawn({}), drawn({ patient: 'P09' }), drawn({ index: 24 })] });
    expect(await notebook.rows('measure c as rois')).toHaveLength(1);
    const said = notebook.views.flatMap((view) => (view.type === 'messages' ? view.messages : []));
    expect(said.map(({ severity, patients }) => [severity, patients])).toEqual([
      ['info', ['P09']],
      ['warning', ['P01']],
    ]);
    expect(said[0]!.text).toContain('1 drawing is on CTs that `c` does not have (P09)');
  });

  it('follows what is drawn, as cells follow a parameter, and no other cell does', async () => {
    const cells = [
      { cellId: 'load', source: 'load "cohort" as c' },
      { cellId: 'rois', source: 'measure c as rois' },
      { cellId: 'long', source: 'filter rois where length_mm > 1 as long' },
      { cellId: 'other', source: 'describe c' },
    ];
    notebook.session.annotate({ drawn: [drawn(RULER)] });
    for (const { cellId, source } of cells.slice(1)) await notebook.shown(source, cellId);
    expect(await notebook.session.staleCells({ cells })).toEqual([]);
    notebook.session.annotate({ drawn: [drawn(RULER), drawn({})] });
    expect(await notebook.session.staleCells({ cells })).toEqual([
      { cellId: 'rois', causes: ['parameter'], reason: '`what is drawn` has changed' },
      { cellId: 'long', causes: ['parameter'], reason: '`rois` is out of date' },
    ]);
  });
});
