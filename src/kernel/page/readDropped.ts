/** A file that somebody puts in the place of a loaded one, read as `load` reads it: texts alone, with the same checks. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { LoadedTable } from '../../protocol/page/computing.ts';
import { UserError } from '../base/userError.ts';
import { mappedLabels } from '../tables/columnNames.ts';
import { decodeText, isUtf16, readText } from '../tables/delimited.ts';
import { refuseTooManyBytes, refuseTooManyCells } from '../tables/tableLimits.ts';
import { manifestColumns, type TableOfFile, withAskedColumns } from '../tables/tableOfFile.ts';

/** How files begin that are tables, and that a page has no reader for. */
const OTHERS: readonly { readonly start: string; readonly called: string }[] = [
  { start: 'PK\u0003\u0004', called: 'an Excel workbook, or packed' },
  { start: '\u00d0\u00cf\u0011\u00e0', called: 'a workbook of Excel 97 to 2003' },
  { start: 'PAR1', called: 'a Parquet file' },
  { start: 'ARROW1', called: 'an Arrow file' },
];

/** Throws a UserError where the file is no table that a page reads, or is too large. */
export function readDropped(
  bytes: Uint8Array,
  name: string,
  { skip, columns = [] }: Pick<LoadedTable, 'skip' | 'columns'>,
): TableOfFile {
  refuseTooManyBytes(bytes.length, name);
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  const other = OTHERS.find((one) => start.startsWith(one.start));
  if (other)
    throw new UserError(
      'bad-table',
      `${name} is ${other.called}, and a page reads tables of text alone. Save it as csv, and take that.`,
    );
  if (bytes.includes(0) && !isUtf16(bytes))
    throw new UserError(
      'bad-table',
      `${name} cannot be read as a table: it holds no text. Take a csv, tsv or JSON file.`,
    );
  const read = readText(decodeText(bytes), name, { skip, labels: mappedLabels(columns) });
  refuseTooManyCells(read.table.numRows(), read.table.numCols(), name);
  const file = { ...read, otherSheets: [], sha256: bytesToHex(sha256(bytes)) };
  const asked = withAskedColumns(file, columns, name);
  const [patient, path] = manifestColumns(asked.table);
  if (patient !== undefined && path !== undefined)
    throw new UserError('bad-table', `${name} is a manifest of CTs, which a page does not load. Take a table.`);
  return asked;
}
