import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../src/kernel/comparing/changesBetween.ts';
import { changesPage } from '../../../src/kernel/comparing/changesPage.ts';
import { changesSummary, changesText } from '../../../src/kernel/comparing/changesText.ts';
import type { Notebook, NotebookCell, NotebookOutput } from '../../../src/protocol/notebook.ts';
import type { CellValue, ControlView, FigureView, Provenance, TableView } from '../../../src/protocol/view.ts';

const MADE: Provenance = { software: 'LungNB 0.1.0', models: [], inputs: {}, parameters: { weights: 'none' } };

function agreement(rows: readonly (readonly CellValue[])[], more: Partial<TableView> = {}): NotebookOutput {
  const view: TableView = {
    type: 'table',
    title: 'Agreement',
    columns: [
      { name: 'region', label: 'Region', kind: 'text' },
      { name: 'class', label: 'Class', kind: 'text' },
      { name: 'kappa', label: 'κ', kind: 'number', digits: 2, interval: ['low', 'high'] },
      { name: 'low', label: 'low', kind: 'number', digits: 2 },
      { name: 'high', label: 'high', kind: 'number', digits: 2 },
      { name: 'strength', label: 'Strength', kind: 'text' },
    ],
    rows,
    totalRows: rows.length,
    notes: [],
    messages: [],
    researchOnly: true,
    provenance: MADE,
    ...more,
  };
  return { view };
}

function code(source: string, ...outputs: NotebookOutput[]): NotebookCell {
  return { kind: 'code', source: source.split('\n'), outputs };
}
function notebook(...cells: NotebookCell[]): Notebook {
  return { lungnb: 1, cells };
}

const RUL: readonly CellValue[] = ['RUL', 'ggo', 0.612, 0.5, 0.7, 'substantial'];
const RLL: readonly CellValue[] = ['RLL', 'ggo', 0.4, null, null, 'fair'];

describe('changesBetween', () => {
  it('finds nothing between a notebook and itself', () => {
    const one = notebook(code('load "a.csv" as a', agreement([RUL, RLL])), { kind: 'markup', source: ['# One'] });
    const changes = changesBetween(one, structuredClone(one));
    expect(changes).toEqual({ cells: [], madeWith: [] });
    expect(changesSummary(changes)).toContain('are the same');
  });

  it('tells bands of a profile apart by where they begin', () => {
    const profile = (percent: number) =>
      agreement(
        [0, 5].map((from) => ['P01', from, from === 5 ? percent : 10]),
        {
          columns: [
            { name: 'patient', label: 'Patient', kind: 'text' },
            { name: 'from_mm', label: 'from_mm', kind: 'number' },
            { name: 'percent', label: 'Percent', kind: 'number' },
          ],
        },
      );
    const [cell] = changesBetween(
      notebook(code('profile a', profile(20))),
      notebook(code('profile a', profile(30))),
    ).cells;
    expect(cell!.results[0]!.moved.map(({ what }) => what)).toEqual(['P01 · 5: Percent']);
  });

  it('tells which figures of a table moved, by the rows’ names and not by their places', () => {
    const moved = ['RUL', 'ggo', 0.58, 0.45, 0.66, 'moderate'];
    const [cell] = changesBetween(
      notebook(code('agree a with b', agreement([RUL, RLL]))),
      notebook(code('agree a with b', agreement([RLL, moved]))),
    ).cells;
    expect(cell).toMatchObject({ state: 'changed', before: 1, after: 1, lines: [] });
    expect(cell!.results[0]!.moved).toEqual([
      {
        what: 'RUL · Ground-glass opacity: κ',
        before: '0.61 [0.50; 0.70]',
        after: '0.58 [0.45; 0.66]',
        by: '−0.03',
      },
      { what: 'RUL · Ground-glass opacity: Strength', before: 'substantial', after: 'moderate' },
    ]);
  });

  it('counts what moved by less than is shown, and names rows and columns that came and went', () => {
    const nearly = ['RUL', 'ggo', 0.613, 0.5, 0.7, 'substantial'];
    const before = agreement([RUL, RLL]);
    const after = agreement([nearly, ['LLL', 'ggo', 1, 1, 1, 'perfect']]);
    const [result] = changesBetween(notebook(code('x', before)), notebook(code('x', after))).cells[0]!.results;
    expect(result!.moved).toEqual([]);
    expect(result!.notes).toEqual([
      '1 row gone: RLL · Ground-glass opacity.',
      '1 row new: LLL · Ground-glass opacity.',
      '1 figure moved by less than is shown.',
    ]);
  });

  it('keeps a value that is gone apart from 0', () => {
    const gone = ['RUL', 'ggo', null, null, null, null];
    const zero = ['RUL', 'ggo', 0, null, null, null];
    const [result] = changesBetween(notebook(code('x', agreement([gone]))), notebook(code('x', agreement([zero]))))
      .cells[0]!.results;
    expect(result!.moved).toEqual([{ what: 'RUL · Ground-glass opacity: κ', before: '', after: '0.00' }]);
  });

  it('says that a long table is compared as far as the files keep it', () => {
    const changes = changesBetween(
      notebook(code('x', agreement([RUL], { totalRows: 900 }))),
      notebook(code('x', agreement([RUL], { totalRows: 901 }))),
    );
    expect(changes.cells[0]!.results[0]!.notes).toEqual(['The files keep 1 of 901 rows; only those were compared.']);
  });

  it('has nothing to say of a long table that was made from the same in the same way', () => {
    const long = (provenance: Provenance) => notebook(code('x', agreement([RUL], { totalRows: 900, provenance })));
    expect(changesBetween(long(MADE), long(MADE)).cells).toEqual([]);
    const unknown: Provenance = { ...MADE, inputsUnknown: true };
    expect(changesBetween(long(unknown), long(unknown)).cells[0]!.results[0]!.notes).toHaveLength(1);
  });

  it('pairs an edited cell with what it was, across cells that were put in and taken out', () => {
    const before = notebook(code('load "a.csv" as a'), code('score a at 1, 25, 50, 75 as s'), code('describe a'));
    const after = notebook(
      { kind: 'markup', source: ['# New'] },
      code('load "a.csv" as a'),
      code('score a at 1, 30, 50, 75 as s'),
    );
    const { cells } = changesBetween(before, after);
    expect(cells.map(({ state, before, after }) => ({ state, before, after }))).toEqual([
      { state: 'new', before: undefined, after: 1 },
      { state: 'changed', before: 2, after: 3 },
      { state: 'gone', before: 3, after: undefined },
    ]);
    expect(cells[1]!.lines).toEqual([
      { state: 'gone', text: 'score a at 1, 25, 50, 75 as s' },
      { state: 'new', text: 'score a at 1, 30, 50, 75 as s' },
    ]);
    expect(changesSummary({ cells, madeWith: [] })).toBe('1 cell edited, 1 cell new, 1 cell gone.');
  });

  it('tells controls, figures, errors and parameters of results', () => {
    const control = (value: number): ControlView => ({
      type: 'control',
      name: 'cut',
      value,
      control: { kind: 'number' },
    });
    const figure = (bias: string): FigureView => ({
      type: 'figure',
      title: 'Difference',
      description: `bias ${bias}`,
      data: [{ y: [bias] }, { y: [0] }],
      layout: {},
      notes: [],
      provenance: { ...MADE, parameters: { weights: bias === '1' ? 'none' : 'linear' } },
    });
    const { cells } = changesBetween(
      notebook(code('x', { view: control(1) }, { view: figure('1') })),
      notebook(
        code(
          'x',
          { view: control(2) },
          { view: figure('2') },
          { problem: { code: 'no-file', message: 'No file' } as never },
        ),
      ),
    );
    expect(cells[0]!.results).toEqual([
      { title: 'param cut', state: 'changed', moved: [{ what: 'cut', before: '1', after: '2' }], notes: [] },
      {
        title: 'Difference',
        state: 'changed',
        moved: [
          { what: 'What it shows', before: 'bias 1', after: 'bias 2' },
          { what: 'Weights of κ', before: 'none (unweighted)', after: 'linear' },
        ],
        notes: ['1 of 2 parts of the figure drawn otherwise.'],
      },
      { title: 'Error', state: 'new', moved: [], notes: [] },
    ]);
  });

  it('tells software, models and inputs that differ', () => {
    const model = { id: 'lung-texture', version: '0.7.0', sha256: 'a'.repeat(64), licence: 'CC BY 4.0' };
    const before = {
      software: 'LungNB 1',
      models: [model],
      inputs: { 'r.csv': '1'.repeat(64), 'old.csv': '3'.repeat(64) },
    };
    const after = {
      software: 'LungNB 2',
      models: [{ ...model, version: '0.8.0' }],
      inputs: { 'r.csv': '2'.repeat(64) },
    };
    const changes = changesBetween({ ...notebook(), provenance: before }, { ...notebook(), provenance: after });
    expect(changes.madeWith.map(({ what, before, after }) => [what, before, after])).toEqual([
      ['Software', 'LungNB 1', 'LungNB 2'],
      ['Model lung-texture', '0.7.0 (SHA-256 aaaaaaaaaaaa)', '0.8.0 (SHA-256 aaaaaaaaaaaa)'],
      ['Input r.csv', 'SHA-256 111111111111', 'SHA-256 222222222222'],
      ['Input old.csv', 'SHA-256 333333333333', ''],
    ]);
    expect(changesSummary(changes)).toBe('Made with other software and models and inputs.');
  });
});

describe('the changes as text and page', () => {
  const hostile = '<script>alert(1)</script>\u001b[31m';
  const changes = changesBetween(notebook(code(`load "${hostile}"`)), notebook(code(`load "b" # ${hostile}`)));

  it('has nothing in it that a terminal or a browser would obey', () => {
    expect(changesText(changes, true)).not.toContain('\u001b');
    const page = changesPage(changes, [`${hostile}.lungnb`, 'b.lungnb']);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('Research only');
  });

  it('lists 20 figures of a result, or all where asked', () => {
    const table = (value: number) =>
      agreement(Array.from({ length: 30 }, (_, n) => [`R${n}`, 'ggo', value, null, null, 'fair']));
    const many = changesBetween(notebook(code('x', table(0.1))), notebook(code('x', table(0.9))));
    expect(changesText(many, false)).toContain('and 10 more figures: --all lists them');
    expect(changesText(many, true).match(/0\.10 → 0\.90 {2}\(\+0\.80\)/g)).toHaveLength(30);
  });
});
