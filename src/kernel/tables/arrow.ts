/** Arrow's file and stream format (Feather 2), as pandas, R's arrow and Polars write it. */

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  bool,
  CompressionType,
  columnFromArray,
  float64,
  setCompressionCodec,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import type { ColumnTable } from 'arquero';
import lz4 from 'lz4js';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { type ColumnKind, tableOfColumns, typedColumn } from './columns.ts';
import type { FileNotes } from './fileNotes.ts';
import { refuseTooManyCells, unpackedBytes } from './tableLimits.ts';

setCompressionCodec(CompressionType.ZSTD, {
  encode: (bytes) => zstdCompressSync(bytes),
  decode: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: unpackedBytes(length) }),
});
setCompressionCodec(CompressionType.LZ4_FRAME, {
  encode: (bytes) => lz4.compress(bytes),
  decode: (bytes, length) => lz4.decompress(bytes, unpackedBytes(length)),
});

const TYPES = { number: float64, truth: bool, text: utf8 } satisfies Record<ColumnKind, unknown>;

export function isArrow(start: Buffer): boolean {
  return start.toString('latin1', 0, 6) === 'ARROW1' || start.toString('latin1', 0, 4) === '\xff\xff\xff\xff';
}

/** Throws a UserError where the file is damaged or holds more than a flat table. */
export function readArrow(bytes: Buffer, name: string): ColumnTable {
  try {
    const table = tableFromIPC(new Uint8Array(bytes), { useDate: true });
    refuseTooManyCells(table.numRows, table.numCols, name);
    return tableOfColumns(
      table.names.map((column) => [String(column), Array.from(table.getChild(column)!)]),
      name,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-table', `${name} cannot be read as Arrow: ${reasonOf(error)}.`);
  }
}

/** `notes` are key and value each, in the schema's metadata. */
export function writeArrow(table: ColumnTable, notes: FileNotes = {}): Uint8Array {
  const columns = table.columnNames().map((name) => {
    const { kind, values } = typedColumn(table.array(name));
    return [name, columnFromArray(values, TYPES[kind]())] satisfies [string, unknown];
  });
  const written = tableFromColumns(columns);
  // What is without notes stays the same to the byte.
  if (Object.keys(notes).length) written.schema.metadata = new Map(Object.entries(notes));
  return tableToIPC(written, { format: 'file' })!;
}
