/** A table's cells as a paper prints them: as they are shown, without columns that say the same in every row where room is short. */
import type { TableColumn, TableView } from '../../protocol/view.ts';
import { type ShownColumn, shownColumns, shownText } from '../../protocol/words/shownTable.ts';
import { visibleLine } from '../../protocol/words/visibleText.ts';

export interface TableCells {
  readonly headings: readonly string[];
  /** Of each column. */
  readonly kinds: readonly TableColumn['kind'][];
  readonly rows: readonly (readonly string[])[];
  /** Sentences on columns that were left out. */
  readonly notes: readonly string[];
}

const KEPT_SPACE = '\u00a0';

/** The first `most` rows; columns that say nothing of their own go into a note where the table has more than `mostColumns`. */
export function cellsOf(view: TableView, most: number, mostColumns: number): TableCells {
  const rows = view.rows.slice(0, most);
  const shown = shownColumns(view);
  const constant = shown.length > mostColumns ? shown.filter((one) => isConstant(view, one)) : [];
  const left = shown.filter((one) => !constant.includes(one));
  return {
    headings: left.map(({ column }) => headingOf(column)),
    kinds: left.map(({ column: { kind } }) => kind),
    rows: rows.map((row) => left.map((one) => together(visibleLine(shownText(row, view.columns, one))))),
    notes: constant.length ? [`In every row: ${constant.map((one) => inEveryRow(view, one)).join('; ')}.`] : [],
  };
}

function headingOf({ label, unit }: TableColumn): string {
  return together(visibleLine(unit ? `${label} (${unit})` : label));
}

/** Intervals, bounds and counts of categories stay on one line. */
function together(text: string): string {
  return (/^[\d /]{3,24}$/.test(text) ? text.replaceAll(' ', KEPT_SPACE) : text)
    .replace(/\[[^\]]{1,40}\]/g, (interval) => interval.replaceAll(' ', KEPT_SPACE))
    .replace(/([<>=±]) /g, `$1${KEPT_SPACE}`)
    .replace(/ ([=±])/g, `${KEPT_SPACE}$1`);
}

function isConstant({ rows, totalRows, columns }: TableView, one: ShownColumn): boolean {
  if (rows.length < 2 || rows.length < totalRows) return false;
  const [first, ...others] = rows.map((row) => shownText(row, columns, one));
  return (first === '' || one.column.kind === 'text') && others.every((text) => text === first);
}

function inEveryRow({ rows, columns }: TableView, one: ShownColumn): string {
  return `${headingOf(one.column)} ${shownText(rows[0]!, columns, one) || 'undefined'}`;
}

/** Of a table that is broader than a sheet: its columns in parts, each behind the first one, which says whose row it is. */
export function inParts(cells: TableCells, fits: (part: TableCells) => boolean): TableCells[] {
  const parts: number[][] = [];
  for (let n = 1; n < cells.headings.length; n++) {
    const last = parts.at(-1);
    if (last && fits(columnsAt(cells, [0, ...last, n]))) last.push(n);
    else parts.push([n]);
  }
  return parts.map((columns) => columnsAt(cells, [0, ...columns]));
}

function columnsAt({ headings, kinds, rows, notes }: TableCells, places: readonly number[]): TableCells {
  return {
    headings: places.map((n) => headings[n]!),
    kinds: places.map((n) => kinds[n]!),
    rows: rows.map((row) => places.map((n) => row[n]!)),
    notes,
  };
}
