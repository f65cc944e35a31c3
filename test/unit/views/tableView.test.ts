/** What of a table can be looked at, and what of it an output carries. */
import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { createLongTables } from '../../../src/kernel/session/longTables.ts';
import { tableView } from '../../../src/kernel/views/tableView.ts';
import type { TableView } from '../../../src/protocol/view.ts';
import { plainText } from '../../../src/protocol/views/index.ts';

const numbered = (count: number) =>
  tableView(table({ n: Array.from({ length: count }, (_, n) => n) }), { title: 't', researchOnly: false });

it.each([
  [500, 500],
  [9999, 9999],
  [10_001, 10_000],
  [100_000, 10_000],
])('of %s rows %s can be looked at, and all are counted', (count, shown) => {
  const view = numbered(count);
  expect(view.rows).toEqual(Array.from({ length: shown }, (_, n) => [n]));
  expect(view.totalRows).toBe(count);
});

describe('a long table', () => {
  it('travels with its first 500 rows, and gives the others when they are asked for', () => {
    const tables = createLongTables();
    // SAFETY: a table stays a table.
    const carried = tables.shortened(numbered(3000)) as TableView;
    expect(carried.rows.length).toBe(500);
    expect(carried.totalRows).toBe(3000);
    expect(tables.rows({ handle: carried.handle! })).toEqual({ rows: numbered(3000).rows });
    expect(tables.shortened(numbered(3000))).toEqual(carried);
  });

  it('needs a run again where another kernel made it', () => {
    expect(createLongTables().rows({ handle: 'of another' })).toEqual({
      problem: 'Run the cell again to see all rows.',
    });
  });

  it('of 500 rows is whole', () => {
    const view = numbered(500);
    expect(createLongTables().shortened(view)).toBe(view);
  });
});

describe('a confidence interval', () => {
  const view = tableView(
    table({
      class: ['ggo', 'mine', 'ggo-and-reticulation'],
      region: ['total', 'RUL', 'lobes'],
      kappa: [0.5, -0.1, null],
      kappa_se: [0.1, 0.1, null],
      kappa_ci_low: [0.25, -0.3, null],
      kappa_ci_high: [0.75, 0.1, null],
    }),
    { title: 't', researchOnly: false },
  );

  it('stands within the cells of what it is of, and its ends in the view', () => {
    expect(plainText(view).split('\n').slice(1)).toEqual([
      'Class                                  Region                κ [95 % CI]  SE (κ)',
      '─────────────────────────────────────  ────────────  ───────────────────  ──────',
      'Ground-glass opacity                   Whole lungs     0.50 [0.25; 0.75]   0.100',
      'Mine                                   RUL           −0.10 [−0.30; 0.10]   0.100',
      'Ground-glass opacity and reticulation  Lobes pooled',
    ]);
    expect(view.columns.map(({ name }) => name)).toContain('kappa_ci_low');
  });
});
