/** What a table holds, column by column. */
import type { ColumnTable } from 'arquero';
import type { TableView } from '../../protocol/view.ts';

/** What a table holds, a row per column. */
export function columnsView(name: string, table: ColumnTable): TableView {
  const columns = table.columnNames();
  return {
    type: 'table',
    title: `${name}: ${table.numRows()} rows, ${columns.length} columns`,
    columns: [
      { name: 'column', label: 'Column', kind: 'text' },
      { name: 'filled', label: 'Filled', kind: 'number', digits: 0 },
      { name: 'different', label: 'Different values', kind: 'number', digits: 0 },
      { name: 'example', label: 'Examples', kind: 'text' },
    ],
    rows: columns.map((column) => {
      const cells = Array.from(table.array(column)).filter((v) => v !== undefined && v !== null && v !== '');
      const different = [...new Set(cells)];
      return [column, cells.length, different.length, different.slice(0, 4).map(shortly).join(', ')];
    }),
    totalRows: columns.length,
    notes: [],
    messages: [],
    researchOnly: false,
  };
}

/** Numbers in at most six digits: an example need not tell more. */
function shortly(value: unknown): string {
  return String(typeof value === 'number' ? Number(value.toPrecision(6)) : value);
}
