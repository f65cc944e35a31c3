/** A table row by row. */
import type { ColumnTable } from 'arquero';

export type Row = Readonly<Record<string, unknown>>;

/** The first rows of a table, all of them without `limit`: a field per column. */
export function rowsOf(table: ColumnTable, limit = Infinity): Row[] {
  // SAFETY: Arquero makes each row an object with a field per column, and types it as any object.
  return table.objects({ limit }) as Row[];
}
