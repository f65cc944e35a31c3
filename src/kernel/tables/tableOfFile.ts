/** What a file of a table comes to, whatever its format. */
import type { ColumnTable } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { type MappedColumn, withColumnNames } from './columnNames.ts';

export interface TableOfFile {
  readonly table: ColumnTable;
  /** Sheets of the workbook that were passed over. */
  readonly otherSheets: readonly string[];
  /** Columns whose numbers are written, or shown, with a per cent sign. */
  readonly percentColumns: readonly string[];
  /** Of a scoring sheet: what the numbers of its scale stand for. */
  readonly cutPoints?: readonly number[] | undefined;
  /** On how the file was understood. */
  readonly remarks: readonly Remark[];
  /** Of the file's bytes. */
  readonly sha256: string;
}

const MANIFEST_COLUMNS = ['patient', 'path', 'visit', 'days'];

/** The columns by which a table is a manifest of CTs, which it is where it has the first two. */
export function manifestColumns(table: ColumnTable): (string | undefined)[] {
  const columns = table.columnNames();
  return MANIFEST_COLUMNS.map((wanted) => columns.find((column) => column.toLowerCase() === wanted));
}

/** With the names of columns that verbs look for. `file` is for messages. Throws a UserError where a column is not there. */
export function withAskedColumns<T extends TableOfFile>(read: T, columns: readonly MappedColumn[], file: string): T {
  const { table, renamed, remarks } = withColumnNames(read.table, columns, file);
  return {
    ...read,
    table,
    percentColumns: read.percentColumns.map((column) => renamed.get(column) ?? column),
    remarks: [...read.remarks, ...remarks],
  };
}
