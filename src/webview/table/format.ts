/** Rows as they are sorted and copied. */
import type { CellValue, TableView } from '../../protocol/view.ts';

export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

type Rows = TableView['rows'];

/** Rows in order; empty cells last in both directions; equal cells keep their order. */
export function sortRows(rows: Rows, sorting: Sorting | undefined): Rows {
  if (!sorting) return rows;
  const { column, descending } = sorting;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column] ?? null, b[column] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : String(x).localeCompare(String(y), 'en', { numeric: true });
    return descending ? -order : order;
  });
}

/** Tab-separated text of the whole table with its header, unrounded, for a spreadsheet. */
export function copyText({ columns }: Pick<TableView, 'columns'>, rows: Rows): string {
  const line = (cells: readonly (CellValue | undefined)[]) =>
    cells.map((cell) => String(cell ?? '').replace(/[\t\r\n]+/g, ' ')).join('\t');
  return [line(columns.map((c) => c.name)), ...rows.map(line)].join('\n');
}
