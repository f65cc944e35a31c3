/** What of a table an output carries. */
import { table } from 'arquero';
import { expect, it } from 'vitest';
import { tableView } from '../../../src/kernel/views/tableView.ts';

const numbered = (count: number) => table({ n: Array.from({ length: count }, (_, n) => n) });

it.each([
  [499, 499],
  [500, 500],
  [501, 500],
  [100_000, 500],
])('of %s rows %s are shown, and all are counted', (count, shown) => {
  const view = tableView(numbered(count), { title: 't', researchOnly: false });
  expect(view.rows).toEqual(Array.from({ length: shown }, (_, n) => [n]));
  expect(view.totalRows).toBe(count);
});
