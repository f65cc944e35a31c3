/** Counts of pairs of categories on the full scale: [left category][right category]. */
export type ContingencyTable = readonly (readonly number[])[];

/** Categories are whole numbers from 0 to `categories` − 1, used or not: weighted κ needs the whole scale. */
export function contingencyTable(
  left: readonly number[],
  right: readonly number[],
  categories: number,
): ContingencyTable {
  const counts = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  for (const [n, category] of left.entries()) counts[category]![right[n]!]!++;
  return counts;
}

export interface Proportions {
  readonly n: number;
  readonly cells: readonly (readonly number[])[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Shares of all pairs, with the margins. `n` is above 0. */
export function proportions(table: ContingencyTable): Proportions {
  const n = table.flat().reduce((a, b) => a + b, 0);
  const cells = table.map((row) => row.map((count) => count / n));
  return {
    n,
    cells,
    rows: cells.map((row) => row.reduce((a, b) => a + b, 0)),
    columns: cells.map((_, j) => cells.reduce((sum, row) => sum + row[j]!, 0)),
  };
}
