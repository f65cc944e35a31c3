/** Which rows of a table are left by a search and by the filters of its columns. */
import type { TableColumn, TableView } from '../../protocol/view.ts';
import { type ShownColumn, shownText } from '../../protocol/words/shownTable.ts';

type Rows = TableView['rows'];
type Row = Rows[number];

export interface Narrowing {
  /** Words that each have to stand somewhere in the row. */
  readonly search: string;
  /** What a column has to hold, by its place in the row. */
  readonly filters: ReadonlyMap<number, string>;
}

export const WHOLE: Narrowing = { search: '', filters: new Map() };

export function isNarrowing({ search, filters }: Narrowing): boolean {
  return search.trim() !== '' || filters.size > 0;
}

/** Rows with every word of the search, as shown or as the cell has it (`ggo` finds ground-glass opacity), that every filter lets pass. */
export function narrowed(
  rows: Rows,
  { search, filters }: Narrowing,
  columns: readonly TableColumn[],
  shown: readonly ShownColumn[],
): Rows {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = [...filters].map(([index, wanted]) => [index, filterOf(columns[index]!, wanted)] as const);
  if (words.length === 0 && tests.length === 0) return rows;
  return rows.filter((row) => {
    if (!tests.every(([index, passes]) => passes(row[index] ?? null))) return false;
    if (words.length === 0) return true;
    const text = shown.map((one) => textsOf(row, columns, one)).join('\n');
    return words.every((word) => text.includes(word));
  });
}

function textsOf(row: Row, columns: readonly TableColumn[], one: ShownColumn): string {
  return `${shownText(row, columns, one)}\n${row[one.index] ?? ''}`.toLowerCase();
}

/** Begins a filter that was chosen from a list of the column's values. */
export const EXACTLY = '=';

type Passes = (cell: Row[number]) => boolean;

const COMPARED: Readonly<Record<string, (cell: number, limit: number) => boolean>> = {
  '<': (cell, limit) => cell < limit,
  '<=': (cell, limit) => cell <= limit,
  '≤': (cell, limit) => cell <= limit,
  '>': (cell, limit) => cell > limit,
  '>=': (cell, limit) => cell >= limit,
  '≥': (cell, limit) => cell >= limit,
  '=': (cell, limit) => cell === limit,
};

/** Of numbers: `> 5`, `<= 5`, `= 5`, `2..5` (both ends within), or digits that the number begins with; of texts: what stands somewhere in it. */
function filterOf({ kind }: TableColumn, wanted: string): Passes {
  const text = wanted.trim().replaceAll('−', '-');
  if (kind === 'number' || kind === 'p-value') {
    const compared = /^(<=|>=|[<>=≤≥])\s*(-?\d+(?:\.\d+)?)$/.exec(text);
    const range = /^(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)$/.exec(text);
    const holds = compared && COMPARED[compared[1]!];
    if (compared && holds) return (cell) => typeof cell === 'number' && holds(cell, Number(compared[2]));
    if (range) return (cell) => typeof cell === 'number' && cell >= Number(range[1]) && cell <= Number(range[2]);
    return (cell) => cell !== null && String(cell).startsWith(text);
  }
  // A value that was chosen from a list is that value, and not what it stands in.
  if (wanted.startsWith(EXACTLY)) return (cell) => String(cell ?? '') === wanted.slice(EXACTLY.length);
  const low = text.toLowerCase();
  return (cell) =>
    String(cell ?? '')
      .toLowerCase()
      .includes(low);
}

/** Different values at most for a column to be filtered by a list of them. */
const CHOICES = 20;

/** What a column can be filtered by, in the order of the table; undefined where these are too many, or one. */
export function choicesOf(rows: Rows, { column, index }: ShownColumn): string[] | undefined {
  if (column.kind !== 'text') return undefined;
  const values = new Set<string>();
  for (const row of rows) {
    values.add(String(row[index] ?? ''));
    if (values.size > CHOICES) return undefined;
  }
  return values.size > 1 ? [...values] : undefined;
}
