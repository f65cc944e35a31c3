/** Tables as text: reads csv, tsv and json of any usual dialect, and writes them so that any locale reads them back. */
import { type ColumnTable, from, fromCSV, toCSV } from 'arquero';
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
    throw new UserError('bad-table', `${name} cannot be read as JSON (${(error as Error).message}). ${advice}`);
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
  const repeated = header.find((column, n) => header.indexOf(column) !== n);
  if (repeated !== undefined)
    throw new UserError('bad-table', `${name} has two columns "${repeated}". Give each column its own name.`);
  const rows = lines.slice(1).map((line, n) => ({ number: n + 2, fields: fieldsOf(line, delimiter), line }));
  const full = rows.filter(({ line }) => line.trim() !== '');
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
  const text = [lines[0]!, ...full.map(({ line }) => line)].join('\n');
  // SAFETY: arquero maps column names to functions from text to value; String is one.
  const parse = Object.fromEntries(
    header.filter((c) => LABEL_COLUMNS.includes(c.toLowerCase())).map((c) => [c, String]),
  );
  return fromCSV(text, { delimiter, decimal, parse });
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

export type TextFormat = 'csv' | 'tsv' | 'json';

/** Text of a table; undefined cells are empty (csv, tsv) or null (json). */
export function writeText(table: ColumnTable, format: TextFormat): string {
  // Arquero's own JSON writes the word undefined.
  if (format === 'json')
    return `${JSON.stringify(table.objects(), (_, value) => (value === undefined ? null : value))}\n`;
  return `${toCSV(table, { delimiter: format === 'csv' ? ',' : '\t' }).trimEnd()}\n`;
}
