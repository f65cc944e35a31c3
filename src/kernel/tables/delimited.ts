/** Tables as text: reads csv, tsv and json of any usual dialect, and writes them so that any locale reads them back. */
import { type ColumnTable, from, fromCSV, toCSV } from 'arquero';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { LABEL_COLUMNS } from './columns.ts';

/** A table from a file's text, told apart by content. `name` is for messages. */
export function readText(text: string, name: string): ColumnTable {
  const content = text.replace(/^\uFEFF/, '').trimEnd();
  if (content.trim() === '')
    throw new UserError('empty-table', `${name} is empty. A table needs a header row and at least one row.`);
  return /^\s*[[{]/.test(content) ? readJson(content, name) : readDelimited(content, name);
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
  return from(rows);
}

function readDelimited(content: string, name: string): ColumnTable {
  const lines = content.split(/\r\n|\n|\r/);
  const delimiter = delimiterOf(lines[0]!);
  const header = fieldsOf(lines[0]!, delimiter);
  const unnamed = header.filter((column) => column === '').length;
  if (unnamed > 1)
    throw new UserError(
      'bad-table',
      `${unnamed} columns of ${name} have no name. Its first line must name them all, with no title above it.`,
    );
  const repeated = header.find((column, n) => header.indexOf(column) !== n);
  if (repeated !== undefined)
    throw new UserError('bad-table', `${name} has two columns "${repeated}". Give each column its own name.`);
  const rows = lines.slice(1).map((line, n) => ({ number: n + 2, fields: fieldsOf(line, delimiter), line }));
  const full = rows.filter(({ fields }) => fields.some((field) => field !== ''));
  if (full.length === 0) throw new UserError('empty-table', `${name} has a header but no rows.`);
  const ragged = full.filter(({ fields }) => fields.length !== header.length);
  if (ragged.length) {
    const places = ragged
      .slice(0, 5)
      .map(({ number, fields }) => `line ${number} has ${fields.length}`)
      .join(', ');
    throw new UserError(
      'ragged-table',
      `${name} has ${header.length} columns, but ${places}${ragged.length > 5 ? ` and ${ragged.length - 5} more lines differ` : ''}. Texts that hold the separator "${delimiter === '\t' ? 'tab' : delimiter}" need double quotes.`,
    );
  }
  const decimal =
    delimiter !== ',' && full.some(({ fields }) => fields.some((field) => /^-?\d+,\d+$/.test(field))) ? ',' : '.';
  const text = full.map(({ line }) => line).join('\n');
  const parse = Object.fromEntries(
    header.filter((c) => LABEL_COLUMNS.includes(c.toLowerCase())).map((c) => [c, trimmed]),
  );
  // The names are given, without the spaces that may stand around them in the file.
  return fromCSV(text, { header: false, names: header, delimiter, decimal, parse });
}

/** Labels stay texts ("007" is not 7); a space behind one is not seen, and would make another patient of it. */
function trimmed(label: string): string {
  return label.trim();
}

/** The separator that occurs most often in the header, outside quotes. */
function delimiterOf(header: string): string {
  const count = (delimiter: string) => fieldsOf(header, delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function fieldsOf(line: string, delimiter: string): string[] {
  const fields = [''];
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) fields.push('');
    else fields[fields.length - 1] += character;
  }
  return fields.map((field) => field.trim());
}

/** Text as spreadsheets save it: UTF-8, UTF-16 with its mark, else the code page of Western Windows. */
export function decodeText(bytes: Buffer): string {
  if (isUtf16(bytes)) return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // No UTF-8: every sequence of bytes is a text in this code page.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export function isUtf16(start: Buffer): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}

export type TextFormat = 'csv' | 'tsv' | 'json';

/** Text of a table; undefined cells are empty (csv, tsv) or null (json). */
export function writeText(table: ColumnTable, format: TextFormat): string {
  // Arquero's own JSON writes the word undefined.
  if (format === 'json')
    return `${JSON.stringify(table.objects(), (_, value) => (value === undefined ? null : value))}\n`;
  return `${toCSV(table, { delimiter: format === 'csv' ? ',' : '\t' }).trimEnd()}\n`;
}
