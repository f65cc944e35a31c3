/** Excel workbooks (.xlsx): the first sheet, its first row holding the names of the columns. */
import type { ColumnTable } from 'arquero';
import readWorkbookFile from 'read-excel-file/node';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { tableOfColumns } from './columns.ts';
import { MAX_CELLS } from './tableLimits.ts';
import { checkedWorkbook, TOO_LARGE } from './workbookParts.ts';

export interface Workbook {
  readonly table: ColumnTable;
  /** Sheets that were passed over. */
  readonly otherSheets: readonly string[];
}

/** `name` is for messages. Throws a UserError where the first sheet is no table. */
export async function readWorkbook(bytes: Buffer, name: string): Promise<Workbook> {
  const [first, ...others] = await sheetsOf(bytes, name);
  const [header = [], ...rows] = first?.data ?? [];
  if (header[0] === TOO_LARGE)
    throw new UserError(
      'table-too-large',
      `The first sheet "${first?.sheet}" of ${name} has cells so far down and to the right that it would be a table of more than ${MAX_CELLS / 1e6} million cells. Delete the rows and columns beyond its table, which may look empty, or save the sheet as csv.`,
    );
  const used = header.flatMap((cell, n) => (cell === null ? [] : [{ column: String(cell).trim(), n }]));
  const beyond = rows.findIndex((row) => row.some((cell, n) => cell !== null && header[n] == null));
  if (!first || used.length === 0 || beyond >= 0) {
    const what = beyond >= 0 ? `row ${beyond + 2} has a cell under no heading` : 'it is empty';
    throw new UserError(
      'bad-table',
      `The first sheet${first ? ` "${first.sheet}"` : ''} of ${name} is not a table: ${what}. Its first row must name the columns, one name for each, and nothing else may stand on it. Undo merged cells: only their first one holds the text.`,
    );
  }
  const filled = rows.filter((row) => row.some((cell) => cell !== null));
  const table = tableOfColumns(
    used.map(({ column, n }) => [column, filled.map((row) => row[n])]),
    name,
  );
  return { table, otherSheets: others.map(({ sheet }) => sheet) };
}

async function sheetsOf(bytes: Buffer, name: string) {
  try {
    return await readWorkbookFile(await checkedWorkbook(bytes, name));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-table', `${name} cannot be read as an Excel workbook: ${reasonOf(error)}.`);
  }
}
