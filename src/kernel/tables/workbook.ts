/** Excel workbooks (.xlsx): a sheet, as a table. */
import readWorkbookFile from 'read-excel-file/node';
import { reasonOf } from '../base/plainErrors.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { tableOfColumns } from './columns.ts';
import type { ReadTable } from './delimited.ts';
import { isForm, readForm } from './form/readForm.ts';
import { lettersOf } from './form/workbookXml.ts';
import { findHeadings } from './headings.ts';
import { MAX_CELLS } from './tableLimits.ts';
import { checkedWorkbook, TOO_LARGE } from './workbookParts.ts';

export interface Workbook extends ReadTable {
  /** Sheets that were passed over. */
  readonly otherSheets: readonly string[];
  /** Of a scoring sheet: what the numbers of its scale stand for. */
  readonly cutPoints?: readonly number[] | undefined;
}

export interface WorkbookPart {
  /** Rows at the top of the sheet that are passed over. */
  readonly skip?: number;
  /** The sheet's name; the first one unless said. */
  readonly sheet?: string | undefined;
}

/** A scoring sheet of LungNB, or a table. `name` is for messages. Throws a UserError where there is no such sheet, or where it is no table. */
export async function readWorkbook(
  bytes: Buffer,
  name: string,
  { skip = 0, sheet }: WorkbookPart = {},
): Promise<Workbook> {
  const { sheets, percentColumns } = await sheetsOf(bytes, name);
  if (sheet === undefined && isForm(sheets)) return { ...readForm(sheets, name), percentColumns: [], otherSheets: [] };
  const chosen = sheet === undefined ? sheets[0] : sheetNamed(sheet, sheets, name);
  const rows = chosen?.data ?? [];
  const called = `${sheet === undefined ? 'The first sheet' : 'The sheet'}${chosen ? ` "${chosen.sheet}"` : ''} of ${name}`;
  if (rows[0]?.[0] === TOO_LARGE)
    throw new UserError(
      'table-too-large',
      `${called} has cells so far down and to the right that it would be a table of more than ${MAX_CELLS / 1e6} million cells. Delete the rows and columns beyond its table, which may look empty, or save the sheet as csv.`,
    );
  const { names, firstRow, remarks } = findHeadings(rows, skip, name);
  const used = names.flatMap((column, n) => (column === '' ? [] : [{ column, n }]));
  const beyond = rows.findIndex((row, r) => r >= firstRow && row.some((cell, n) => cell !== null && !names[n]));
  if (!chosen || used.length === 0 || beyond >= 0) {
    const what = beyond >= 0 ? `row ${beyond + 1} has a cell under no heading` : 'it is empty';
    throw new UserError(
      'bad-table',
      `${called} is not a table: ${what}. One row must name the columns, one name for each, and nothing else may stand beside the table (\`skip\` passes over rows above it). Undo merged cells: only their first one holds the text.`,
    );
  }
  const filled = rows.filter((row, r) => r >= firstRow && row.some((cell) => cell !== null));
  const table = tableOfColumns(
    used.map(({ column, n }) => [column, filled.map((row) => row[n])]),
    name,
  );
  const letters = percentColumns.get(chosen.sheet);
  return {
    table,
    percentColumns: used.flatMap(({ column, n }) => (letters?.has(lettersOf(n)) ? [column] : [])),
    remarks,
    otherSheets: sheets.flatMap((other) => (other === chosen ? [] : [other.sheet])),
  };
}

/** Capitals do not matter. */
function sheetNamed<S extends { readonly sheet: string }>(wanted: string, sheets: readonly S[], name: string): S {
  const found =
    sheets.find(({ sheet }) => sheet === wanted) ??
    sheets.find(({ sheet }) => sheet.toLowerCase() === wanted.trim().toLowerCase());
  if (found) return found;
  const known = sheets.map(({ sheet }) => sheet);
  throw new UserError('unknown-sheet', `${name} has no sheet "${wanted}": ${suggestionFor(wanted, known)}`);
}

async function sheetsOf(bytes: Buffer, name: string) {
  try {
    const { file, percentColumns } = await checkedWorkbook(bytes, name);
    return { sheets: await readWorkbookFile(file), percentColumns };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('bad-table', `${name} cannot be read as an Excel workbook: ${reasonOf(error)}.`);
  }
}
