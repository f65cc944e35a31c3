/** Parquet, as pandas, R's arrow and Polars write it. */

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ColumnTable } from 'arquero';
import { type Compressors, parquetMetadataAsync, parquetReadObjects, parquetSchema, snappyUncompress } from 'hyparquet';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { ownBytes } from '../base/ownBytes.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { type ColumnKind, tableOfColumns, typedColumn } from './columns.ts';
import type { FileNotes } from './fileNotes.ts';
import { refuseTooManyCells, unpackedBytes } from './tableLimits.ts';

/** Each takes the size that the page says of itself. Plain pages are hyparquet's own. */
const COMPRESSORS: Compressors = {
  SNAPPY: (bytes, length) => {
    const output = new Uint8Array(unpackedBytes(length));
    snappyUncompress(bytes, output);
    return output;
  },
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: unpackedBytes(length) }),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: unpackedBytes(length) }),
  ZSTD: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: unpackedBytes(length) }),
};

const TYPES: Readonly<Record<ColumnKind, BasicType>> = { number: 'DOUBLE', truth: 'BOOLEAN', text: 'STRING' };

export function isParquet(start: Buffer): boolean {
  return start.toString('latin1', 0, 4) === 'PAR1';
}

/** Throws a UserError where the file is damaged or holds more than a flat table. */
export async function readParquet(bytes: Buffer, name: string): Promise<ColumnTable> {
  const file = ownBytes(bytes).buffer;
  try {
    const metadata = await parquetMetadataAsync(file);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    refuseTooManyCells(Number(metadata.num_rows), names.length, name);
    for (const group of metadata.row_groups)
      for (const { meta_data } of group.columns) refuseTooManyCells(Number(meta_data?.num_values ?? 0), 1, name);
    const rows = await parquetReadObjects({ file, metadata, compressors: COMPRESSORS });
    return tableOfColumns(
      // The row numbers of pandas have a column of their own where they are not 0, 1, 2 ….
      names
        .filter((column) => column !== '__index_level_0__')
        .map((column) => [column, rows.map((row) => row[column])]),
      name,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-table', `${name} cannot be read as Parquet: ${reasonOf(error)}.`);
  }
}

/** `notes` are key and value each, in the file's metadata. */
export function writeParquet(table: ColumnTable, notes: FileNotes = {}): Uint8Array {
  const columnData = table.columnNames().map((name) => {
    const { kind, values } = typedColumn(table.array(name));
    return { name, type: TYPES[kind], data: values, nullable: true };
  });
  const kvMetadata = Object.entries(notes).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, ...(kvMetadata.length && { kvMetadata }) }));
}
