/** Many large views together: what a saved notebook leaves out, and what it says of it. */
import { describe, expect, it } from 'vitest';
import type { Notebook, NotebookOutput } from '../../../src/protocol/notebook.ts';
import { collectProvenance, formatNotebook, parseNotebook } from '../../../src/protocol/notebookFile.ts';
import type { FigureView, Provenance, SliceView, TableView, ViewModel } from '../../../src/protocol/view.ts';

const MOST = 400_000;

const provenance = (inputs: Record<string, string>): Provenance => ({
  software: 'LungNB 1',
  models: [],
  inputs,
  parameters: {},
});

const linkedRows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    patient: `P${n}`,
    left: n / 7,
    right: n % 5,
    leftCategory: n % 3,
    rightCategory: n % 2,
  }));

const linked = (count: number): FigureView['patients'] => ({
  names: { left: 'ai', right: 'reader' },
  panels: [{ class: 'ggo', region: 'total', rows: linkedRows(count) }],
});

const figure = (data: FigureView['data'], count: number): FigureView => ({
  type: 'figure',
  title: 'ρ and κ',
  description: 'what it shows',
  data,
  layout: {},
  patients: linked(count)!,
  notes: ['Research only.'],
});

const scatter = (count: number): FigureView =>
  figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        x: linkedRows(count).map(({ left }) => left),
        y: linkedRows(count).map(({ right }) => right),
        meta: { panel: 0 },
      },
      { type: 'scatter', mode: 'lines', x: [0, 100], y: [0, 100] },
    ],
    count,
  );

/** Two colours, which say whose rows they have. */
const twoColours = (count: number): FigureView => {
  const traces = [0, 1].map((odd) => {
    const rows = Array.from({ length: count / 2 }, (_, n) => 2 * n + odd);
    const values = rows.map((row) => row / 7);
    return { type: 'scatter', mode: 'markers', x: values, y: values, meta: { panel: 0, rows } };
  });
  return figure(traces, count);
};

const confusion = (count: number): FigureView => figure([{ type: 'heatmap', z: [[1]], meta: { panel: 0 } }], count);

const box = (count: number): FigureView => {
  const values = linkedRows(count).map(({ left }) => left);
  const trace = { type: 'box', boxpoints: 'all', name: 'ggo', y: values, customdata: values.map((_, n) => [`P${n}`]) };
  return { ...figure([trace], 0), patients: { names: { left: 'a', right: 'b' }, panels: [] } };
};

const table = (count: number, words = 'x'): TableView => ({
  type: 'table',
  title: 'Rows',
  columns: [{ name: 'patient', label: 'Patient', kind: 'text' }],
  rows: Array.from({ length: count }, (_, n) => [`P${n} ${words}`]),
  totalRows: 2 * count,
  notes: ['as measured'],
  messages: [],
  researchOnly: true,
});

const slices = (bytes: number): SliceView => ({
  type: 'slices',
  title: 'P1',
  patient: 'P1',
  series: 'a',
  handle: '',
  sliceCounts: { axial: 1, coronal: 1, sagittal: 1 },
  plane: 'axial',
  index: 0,
  window: { centre: 0, width: 1 },
  overlay: false,
  facts: [],
  slices: [{ plane: 'axial', index: 0, width: 1, height: 1, pixelWidthMm: 1, pixelHeightMm: 1, hu: 'A'.repeat(bytes) }],
});

const cell = (...views: readonly ViewModel[]) => ({
  kind: 'code' as const,
  source: ['param cut = 30', 'plot ag as scatter'],
  outputs: views.map((view): NotebookOutput => ({ view, text: 'as it was' })),
});

const notebookOf = (...views: readonly ViewModel[]): Notebook => {
  const cells = views.map((view) => cell(view));
  const whole = collectProvenance(cells);
  return { lungnb: 1, cells, ...(whole && { provenance: whole }) };
};

/** The views of a notebook as it is saved, and its text. */
function saved(notebook: Notebook, most = MOST) {
  const text = formatNotebook(notebook, most);
  const { cells } = parseNotebook(text);
  return { text, views: cells.map(({ outputs }) => outputs![0]!.view!), texts: cells.map((c) => c.outputs![0]!.text) };
}

const bytes = (text: string) => Buffer.byteLength(text);

describe('a notebook of many large views', () => {
  it('is saved whole up to 10 MB', () => {
    const notebook = notebookOf(scatter(9000), table(400));
    const text = formatNotebook(notebook);
    expect(bytes(text)).toBeGreaterThan(1e6);
    expect(parseNotebook(text)).toEqual(notebook);
    const many = notebookOf(...Array.from({ length: 14 }, () => confusion(9000)));
    expect(bytes(JSON.stringify(many))).toBeGreaterThan(10e6);
    expect(bytes(formatNotebook(many))).toBeLessThanOrEqual(10e6);
  });

  it('loses points of the largest figures first, with the patients behind them, and each says so', () => {
    const small = scatter(150);
    const { text, views, texts } = saved(
      notebookOf(scatter(3000), small, confusion(2000), twoColours(1200), table(30)),
    );
    expect(bytes(text)).toBeLessThanOrEqual(MOST);
    const [points, same, cells, colours, rows] = views as [FigureView, FigureView, FigureView, FigureView, TableView];
    expect(same).toEqual(small);
    expect(rows).toEqual(table(30));
    const kept = points.patients!.panels[0]!.rows;
    expect(points.data[0]!.x).toEqual(kept.map(({ left }) => left));
    expect(points.data[1]).toEqual(scatter(0).data[1]);
    expect(points.notes).toEqual([
      `To keep the notebook’s file within 10 MB, ${kept.length} of 3000 points are kept, by lot, with the outermost of each panel, while all count in the numbers, lines and boxes; run the cell again to see more.`,
      'Research only.',
    ]);
    expect(texts[0]).toContain('run the cell again to see more');
    const behind = cells.patients!.panels[0]!.rows.length;
    expect(behind).toBeLessThan(2000);
    expect(cells.notes[0]).toContain(`${behind} of the 2000 patients behind its cells are kept`);
    for (const { x, meta } of colours.data as { x: number[]; meta: { rows: number[] } }[])
      expect(meta.rows.map((row) => colours.patients!.panels[0]!.rows[row]!.left)).toEqual(x);
  });

  it('then loses the last rows of tables, then pictures', () => {
    const long = table(500, 'with many words that take room in the file of a notebook');
    const cut = saved(notebookOf(long, table(20), scatter(200), slices(2000)), 90_000);
    expect(cut.views[0]).toMatchObject({
      rows: long.rows.slice(0, (cut.views[0] as TableView).rows.length),
      totalRows: 1000,
      notes: [
        'as measured',
        `To keep the notebook’s file within 10 MB, the first ${(cut.views[0] as TableView).rows.length} of 1000 rows are kept; run the cell again to see more.`,
      ],
    });
    expect(cut.views.slice(1)).toEqual([table(20), scatter(200), slices(2000)]);
    const few = saved(notebookOf(table(20), slices(9000), slices(40_000)), 20_000);
    expect(few.views[1]).toEqual(slices(9000));
    expect(few.views[2]).toMatchObject({ slices: [], reason: expect.stringContaining('run the cell again') });
  });

  it('gives the same bytes again, and loses nothing further when it is opened and saved', () => {
    const notebook = notebookOf(scatter(3000), box(3000), twoColours(1000), confusion(2000), table(500), slices(9000));
    for (const most of [150_000, 250_000, 400_000]) {
      const { text } = saved(notebook, most);
      expect(formatNotebook(notebook, most)).toBe(text);
      expect(formatNotebook(parseNotebook(text), most)).toBe(text);
      // A cell that ran again and is large makes the others give up more, with one note each.
      const { cells } = parseNotebook(text);
      const again = saved({ lungnb: 1, cells: [...cells, cell(scatter(5000))] }, most);
      for (const view of again.views)
        if (view.type === 'figure') expect(view.notes.filter((note) => note.startsWith('To keep'))).toHaveLength(1);
      expect((again.views[0] as FigureView).notes[0]).toContain('of 3000 points');
    }
  });

  it('keeps the boxes of all where it keeps some of their points, however often', () => {
    const statistics = (view: ViewModel) => (view as FigureView).data.map(({ q1, median, q3 }) => ({ q1, median, q3 }));
    const once = saved(notebookOf(box(3000)), 120_000).views[0]!;
    const twice = saved(notebookOf(once), 40_000).views[0]!;
    expect(statistics(twice)).toEqual(statistics(once));
    const [points] = (twice as FigureView).data;
    const [y] = points!.y as number[][];
    expect(y!.length).toBeLessThan(((once as FigureView).data[0]!.y as number[][])[0]!.length);
    expect((points!.customdata as unknown[][])[0]).toEqual(y!.map((value) => [`P${Math.round(7 * value)}`]));
  });

  it('writes inputs that its views share once, where they are very many, and has them all when it is opened', () => {
    const cts = Object.fromEntries(
      Array.from({ length: 1000 }, (_, n) => [`P${String(n).padStart(4, '0')}/s`, 'ab'.repeat(32)]),
    );
    const views = [
      { ...table(10), provenance: provenance(cts) },
      { ...table(10), provenance: provenance({ ...cts, 'scores.csv': 'cd' }) },
      { ...table(10), provenance: provenance({ 'scores.csv': 'cd' }) },
    ];
    const { text, views: read } = saved(notebookOf(...views));
    expect(bytes(text)).toBeLessThan(90_000);
    expect(bytes(JSON.stringify(notebookOf(...views)))).toBeGreaterThan(200_000);
    expect(read).toEqual(views);
    expect(JSON.parse(text).lungnb).toBe(3);
    expect(formatNotebook(parseNotebook(text))).toBe(text);
    const fewer = Object.fromEntries(Object.entries(cts).slice(1));
    const usual = notebookOf(...views.map((view) => ({ ...view, provenance: provenance(fewer) })));
    expect(JSON.parse(formatNotebook(usual))).toEqual(usual);
  });

  it('says that inputs are not known where two files that share theirs were merged, and keeps what is right', () => {
    const cts = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`P${n}/s`, 'ab'.repeat(32)]));
    const written = (...inputs: readonly Record<string, string>[]) => {
      const views = inputs.map((own) => ({ ...table(10), provenance: provenance(own) }));
      return JSON.parse(formatNotebook(notebookOf(...views)));
    };
    const [mine, theirs] = [written(cts, { ...cts, 'Q1/s': 'cd' }), written({ ...cts, 'Q2/s': 'ef' })];
    // As git puts them together: a cell of each, and the inputs of both.
    const merged = { ...mine, cells: [...mine.cells, ...theirs.cells] };
    merged.provenance.inputs = { ...mine.provenance.inputs, ...theirs.provenance.inputs };
    const read = parseNotebook(JSON.stringify(merged));
    const found = read.cells.map(({ outputs }) => (outputs![0]!.view as TableView).provenance!);
    for (const one of found) expect(one).toEqual({ ...provenance({}), inputsUnknown: true });
    expect(parseNotebook(formatNotebook(read)).cells).toEqual(read.cells);
    // A CT that was scanned again has its name, and is another.
    theirs.provenance.inputs['P1/s'] = 'ba'.repeat(32);
    const [cell] = parseNotebook(JSON.stringify(theirs)).cells;
    expect((cell!.outputs![0]!.view as TableView).provenance).toHaveProperty('inputsUnknown', true);
  });
});
