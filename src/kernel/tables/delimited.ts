/** Tables as text: reads csv, tsv and json of any usual dialect, and writes them so that any locale reads them back. */
import { type ColumnTable, table as tableOf, toCSV } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import '../base/plainKeys.ts';
import { isLabelColumn, sameName } from './columns.ts';
import { delimitedRows } from './delimitedRows.ts';
import { escapedText, unescapedText } from './escapedText.ts';
import { rowsOf } from './rows.ts';
import { refuseTooManyCells } from './tableLimits.ts';
import { typedTexts } from './typedTexts.ts';

export interface ReadTable {
  readonly table: ColumnTable;
  /** Columns whose numbers are written, or shown, with a per cent sign. */
  readonly percentColumns: readonly string[];
  /** On how the file was understood. */
  readonly remarks: readonly Remark[];
}

export interface TextOptions {
  /** Lines at the top that are passed over, where it is no JSON. */
  readonly skip?: number | undefined;
  /** Columns that hold labels, beside those that do by their names. */
  readonly labels?: readonly string[] | undefined;
}

/** A table from a file's text, told apart by content. `name` is for messages. */
export function readText(text: string, name: string, { skip = 0, labels = [] }: TextOptions = {}): ReadTable {
  const content = text.replace(/^\uFEFF/, '');
  if (content.trim() === '')
    throw new UserError('empty-table', `${name} is empty. A table needs a header row and at least one row.`);
  return skip === 0 && /^\s*[[{]/.test(content)
    ? { table: readJson(content, name), percentColumns: [], remarks: [] }
    : readDelimited(content, name, skip, labels);
}

function readJson(content: string, name: string): ColumnTable {
  const advice = 'Write an array of objects, one per row.';
  let rows: unknown;
  try {
    rows = JSON.parse(content);
  } catch (error) {
    throw new UserError('bad-table', `${name} cannot be read as JSON (${reasonOf(error)}). ${advice}`);
  }
  const isRow = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw new UserError('bad-table', `${name} is JSON, but not a table. ${advice}`);
  if (rows.length === 0) throw new UserError('empty-table', `${name} holds no rows.`);
  return columnsOf(rows, name);
}

/** The columns of all rows, in the order in which they come: writers leave out what is missing, in the first row too. */
function columnsOf(rows: readonly object[], name: string): ColumnTable {
  const columns = new Map<string, unknown[]>();
  for (const [n, row] of rows.entries())
    for (const [column, cell] of Object.entries(row)) {
      if (!columns.has(column)) refuseTooManyCells(rows.length, columns.size + 1, name);
      const cells = columns.get(column) ?? new Array<unknown>(rows.length).fill(undefined);
      // A cell holds one value: lists and objects are texts.
      cells[n] = isNested(cell) ? nestedText(cell, `row ${n + 1} of ${name}`) : cell;
      columns.set(column, cells);
    }
  if (columns.size === 0) throw new UserError('empty-table', `The rows of ${name} hold nothing.`);
  return tableOf([...columns]);
}

function isNested(cell: unknown): boolean {
  return typeof cell === 'object' && cell !== null;
}

function nestedText(cell: unknown, where: string): string {
  try {
    return JSON.stringify(cell);
  } catch {
    // Deeper than the stack of calls: nothing else can fail in what was read as JSON.
    throw new UserError('bad-table', `A cell in ${where} holds lists in lists, too deep to be read.`);
  }
}

function readDelimited(content: string, name: string, skip: number, labels: readonly string[]): ReadTable {
  const { header, rows, delimiter, remarks } = delimitedRows(content, name, skip);
  const columns = header.map((column) => unescapedText(column.trim()));
  refuseUnclearNames(columns, name);
  const percentColumns: string[] = [];
  const table = tableOf(
    columns.map((column, n) => {
      const texts = rows.map((row) => row[n]!);
      if (isLabelColumn(column) || labels.some((own) => sameName(own, column))) return [column, texts.map(labelOf)];
      const { cells, isPercent } = typedTexts(texts, delimiter !== ',');
      if (isPercent) percentColumns.push(column);
      return [column, cells];
    }),
  );
  return { table, percentColumns, remarks };
}

function refuseUnclearNames(columns: readonly string[], name: string): void {
  const unnamed = columns.filter((column) => column === '').length;
  if (unnamed > 1)
    throw new UserError(
      'bad-table',
      `${unnamed} columns of ${name} have no name. One line must name them all; \`skip\` passes over lines above it.`,
    );
  const repeated = columns.find((column, n) => columns.indexOf(column) !== n);
  if (repeated !== undefined)
    throw new UserError('bad-table', `${name} has two columns "${repeated}". Give each column its own name.`);
}

/** Labels stay texts ("007" is not 7); a space behind one is not seen, and would make another patient of it. */
function labelOf(written: string): string | null {
  const label = unescapedText(written.trim());
  return label === '' ? null : label;
}

/** Text as spreadsheets save it: UTF-8, UTF-16 with its mark, else the code page of Western Windows. */
export function decodeText(bytes: Uint8Array): string {
  if (isUtf16(bytes)) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // No UTF-8: every sequence of bytes is a text in this code page.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export function isUtf16(start: Uint8Array): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}

export type TextFormat = 'csv' | 'tsv' | 'json';

/**
 * Text of a table; undefined cells are empty (csv, tsv) or null (json). In csv and tsv, texts and names of columns that a
 * spreadsheet would take for a formula are written as {@link escapedText}; numbers stay as they are.
 */
export function writeText(table: ColumnTable, format: TextFormat): string {
  // Arquero's own JSON writes the word undefined.
  if (format === 'json')
    return `${JSON.stringify(rowsOf(table), (_, value) => (value === undefined ? null : value))}\n`;
  const delimiter = format === 'csv' ? ',' : '\t';
  const names = table.columnNames();
  const written = (value: unknown) => (typeof value === 'string' ? escapedText(value) : value);
  // Arquero looks a column's format up by its name, and would find one for `constructor` in an ordinary object.
  const formats = Object.assign(Object.create(null), Object.fromEntries(names.map((name) => [name, written])));
  const header = names.map(headed).join(delimiter);
  const body = toCSV(table, { delimiter, header: false, format: formats });
  return `${header}\n${body}`;
}

/** A name of a column in quotes where it holds any separator: which one is the file's is told by its header. */
function headed(name: string): string {
  const text = escapedText(name);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
