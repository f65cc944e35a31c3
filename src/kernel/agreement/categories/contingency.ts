import type { Times } from '../times.ts';

/** Counts of pairs of categories on the full scale: [left category][right category]. */
export type ContingencyTable = readonly (readonly number[])[];

/** Categories are whole numbers from 0 to `categories` − 1, used or not: weighted κ needs the whole scale. */
export function contingencyTable(
  left: readonly number[],
  right: readonly number[],
  categories: number,
  times?: Times,
): ContingencyTable {
  const counts = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  for (const [n, category] of left.entries()) counts[category]![right[n]!]! += times ? times[n]! : 1;
  return counts;
}

export interface Proportions {
  readonly n: number;
  readonly cells: readonly (readonly number[])[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Number of pairs in a table. */
export function totalOf(table: ContingencyTable): number {
  return table.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
}

/** Shares of all pairs, with the margins. `n` is above 0. */
export function proportions(table: ContingencyTable): Proportions {
  const n = totalOf(table);
  const cells = table.map((row) => row.map((count) => count / n));
  return {
    n,
    cells,
    rows: cells.map((row) => row.reduce((a, b) => a + b, 0)),
    columns: cells.map((_, j) => cells.reduce((sum, row) => sum + row[j]!, 0)),
  };
}

/** The table of one category against all others: [in it, not in it] on both sides. */
export function oneAgainstRest(table: ContingencyTable, category: number): ContingencyTable {
  const both = table[category]![category]!;
  const left = table[category]!.reduce((a, b) => a + b, 0);
  const right = table.reduce((sum, row) => sum + row[category]!, 0);
  return [
    [both, left - both],
    [right - both, totalOf(table) - left - right + both],
  ];
}

/** The pairs that a printed table counts, as two lists of categories in no order that means anything. */
export function pairsOfTable(table: ContingencyTable): { readonly left: number[]; readonly right: number[] } {
  const [left, right]: [number[], number[]] = [[], []];
  for (const [i, row] of table.entries())
    for (const [j, count] of row.entries())
      for (let n = 0; n < count; n++) {
        left.push(i);
        right.push(j);
      }
  return { left, right };
}
