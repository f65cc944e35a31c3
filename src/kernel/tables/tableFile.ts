/** Files of tables in every format, told apart by content. */

import type { ColumnTable } from 'arquero';
import { isArrow, readArrow, writeArrow } from './arrow.ts';
import {
  decodeText,
  isUtf16,
  type ReadTable,
  readText,
  type TextFormat,
  type TextOptions,
  writeText,
} from './delimited.ts';
import type { FileNotes } from './fileNotes.ts';
import { isParquet, readParquet, writeParquet } from './parquet.ts';

export type TableFormat = TextFormat | 'parquet' | 'arrow';

/** True for the first bytes of a table; workbooks, which are zip files, are told by their entries. */
export function isTable(start: Buffer): boolean {
  return isParquet(start) || isArrow(start) || !start.includes(0) || isUtf16(start);
}

/** `name` is for messages; options are for texts. Throws a UserError where the file is no table. */
export async function readTable(bytes: Buffer, name: string, options: TextOptions = {}): Promise<ReadTable> {
  if (isParquet(bytes)) return plain(await readParquet(bytes, name));
  if (isArrow(bytes)) return plain(readArrow(bytes, name));
  return readText(decodeText(bytes), name, options);
}

/** Of a format that has neither titles nor per cent signs. */
function plain(table: ColumnTable): ReadTable {
  return { table, percentColumns: [], remarks: [] };
}

/** `notes` go into the metadata of formats that have any. */
export function writeTable(table: ColumnTable, format: TableFormat, notes: FileNotes = {}): string | Uint8Array {
  if (format === 'parquet') return writeParquet(table, notes);
  if (format === 'arrow') return writeArrow(table, notes);
  return writeText(table, format);
}
