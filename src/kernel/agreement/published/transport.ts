/** The table with given margins whose cells cost least: the transportation problem, by successive shortest paths (Ahuja, Magnanti & Orlin 1993, chapter 9). */

/** Amounts below this share of the total are rounding errors of zero. */
const ROUNDING = 1e-12;

/**
 * The cells, row after row, of the cheapest table with these margins. Both margins are 0 or more and add up to the
 * same total; whole margins give whole cells.
 */
export function cheapestTable(
  rows: readonly number[],
  columns: readonly number[],
  cost: (row: number, column: number) => number,
): Float64Array {
  const [m, k] = [rows.length, columns.length];
  const cells = new Float64Array(m * k);
  const left = [...rows];
  const open = [...columns];
  const filling: Filling = { left, open, cells, least: ROUNDING * Math.max(1, ...rows, ...columns) };
  for (;;) {
    const path = cheapestPath(filling, cost);
    if (!path) return cells;
    const amount = Math.min(
      left[path.row]!,
      open[path.column]!,
      ...path.steps.flatMap((step) => (step.change < 0 ? [cells[step.cell]!] : [])),
    );
    left[path.row]! -= amount;
    open[path.column]! -= amount;
    for (const { cell, change } of path.steps) cells[cell]! += change * amount;
  }
}

/** A table that is not yet full. */
interface Filling {
  /** What each row still has, and what each column still takes. */
  readonly left: readonly number[];
  readonly open: readonly number[];
  readonly cells: Float64Array;
  /** Less is a rounding error of 0. */
  readonly least: number;
}

interface Path {
  readonly row: number;
  readonly column: number;
  /** Cells that gain (1) or lose (−1) what is moved. */
  readonly steps: readonly { readonly cell: number; readonly change: 1 | -1 }[];
}

/** From any row with something left to any column still open, through cells that may give back what they hold (Bellman & Ford). */
function cheapestPath(
  { left, open, cells, least }: Filling,
  cost: (row: number, column: number) => number,
): Path | undefined {
  const [m, k] = [left.length, open.length];
  const toRow = left.map((amount) => (amount > least ? 0 : Number.POSITIVE_INFINITY));
  const toColumn = new Array<number>(k).fill(Number.POSITIVE_INFINITY);
  const rowBefore = new Array<number>(k).fill(-1);
  const columnBefore = new Array<number>(m).fill(-1);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < k; j++) {
        const price = cost(i, j);
        if (toRow[i]! + price < toColumn[j]! - ROUNDING) {
          toColumn[j] = toRow[i]! + price;
          rowBefore[j] = i;
          changed = true;
        }
        if (cells[i * k + j]! > least && toColumn[j]! - price < toRow[i]! - ROUNDING) {
          toRow[i] = toColumn[j]! - price;
          columnBefore[i] = j;
          changed = true;
        }
      }
  }
  let end = -1;
  for (let j = 0; j < k; j++)
    if (open[j]! > least && toColumn[j]! < Number.POSITIVE_INFINITY && (end < 0 || toColumn[j]! < toColumn[end]!))
      end = j;
  if (end < 0) return undefined;
  const steps: { cell: number; change: 1 | -1 }[] = [];
  for (let column = end; ; ) {
    const row = rowBefore[column]!;
    steps.push({ cell: row * k + column, change: 1 });
    const before = columnBefore[row]!;
    if (before < 0) return { row, column: end, steps };
    steps.push({ cell: row * k + before, change: -1 });
    column = before;
  }
}
