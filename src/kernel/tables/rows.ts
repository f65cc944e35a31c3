/** Rows of a table as objects, whatever its columns are called. */
import '../base/plainKeys.ts';
import type { ColumnTable } from 'arquero';

export type Row = Record<string, unknown>;

/**
 * As Arquero's `objects()`, which makes rows by generated code that takes a column `__proto__` for their prototype.
 * Keys are in the order of the columns; cells that are missing are as they are in the table.
 */
export function rowsOf(table: ColumnTable): Row[] {
  const columns = table.columnNames().map((name) => [name, table.array(name)] as const);
  return Array.from({ length: table.numRows() }, (_, n) => {
    const row: Row = {};
    // Of a long table, pairs for `Object.fromEntries` would take three times as long. `__proto__` is a key like any other (plainKeys.ts).
    for (const [name, values] of columns) row[name] = values[n];
    return row;
  });
}
