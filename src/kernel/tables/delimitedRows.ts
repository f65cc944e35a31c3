/** The rows of csv and tsv in any usual dialect (RFC 4180, with `,`, `;` or tabs), before anything is made of their texts. */
import { dsvFormat } from 'd3-dsv';
import type { Remark } from '../../protocol/remark.ts';
import { UserError } from '../base/userError.ts';
import { findHeadings } from './headings.ts';
import { MAX_CELLS, refuseTooManyCells } from './tableLimits.ts';

export interface DelimitedRows {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** As long as the header, without blank ones; never none. */
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: Delimiter;
  /** On what was taken for titles and for names. */
  readonly remarks: readonly Remark[];
}

export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** A header is sought in so many characters: it may hold line breaks, and a quote in it may be left open. */
const MAX_HEADER_CHARACTERS = 64 * 1024;
/** Lines above the header that may be titles. */
const MOST_TITLES = 10;
const BREAK = /\r\n|\n|\r/g;

/**
 * `skip` lines at the top are passed over; `name` is for messages. Throws a UserError where there are no rows, or rows
 * of another length than the header.
 */
export function delimitedRows(content: string, name: string, skip = 0): DelimitedRows {
  const delimiter = delimiterOf(content, skip);
  const all = rowsOf(content, delimiter, name);
  const { names: header, firstRow, remarks } = findHeadings(all, skip, name);
  const isFull = (row: readonly string[]) => row.some((field) => field.trim() !== '');
  const rows = all.filter((row, n) => n >= firstRow && isFull(row));
  if (rows.length === 0) throw new UserError('empty-table', `${name} has a header but no rows.`);
  if (rows.some((row) => row.length !== header.length)) {
    const ragged = all.flatMap((row, n) => (n >= firstRow && row.length !== header.length && isFull(row) ? [n] : []));
    refuseRagged(all, { columns: header.length, ragged }, delimiter, name);
  }
  return { header, rows, delimiter, remarks };
}

function rowsOf(content: string, delimiter: Delimiter, name: string): string[][] {
  let cells = 0;
  return dsvFormat(delimiter).parseRows(content, (row, n) => {
    cells += row.length;
    if (cells > MAX_CELLS) refuseTooManyCells(n + 1, Math.ceil(cells / (n + 1)), `${name}, as far as it was read,`);
    return row;
  });
}

/** The separator that occurs most often in the header, outside quotes; a title above it may have none. */
function delimiterOf(content: string, skip: number): Delimiter {
  let rest = content.slice(0, MAX_HEADER_CHARACTERS);
  for (let line = 0; line < skip + MOST_TITLES && rest !== ''; line++) {
    const header = headerOf(rest);
    const unquoted = header.replace(/"[^"]*"?/g, '');
    const count = (delimiter: Delimiter) => unquoted.split(delimiter).length;
    const found = DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
    if (line >= skip && isSeparated(unquoted, found)) return found;
    rest = rest.slice(header.length).replace(/^(?:\r\n|\n|\r)/, '');
  }
  return DELIMITERS[0];
}

/** A comma in a sentence separates no columns. */
function isSeparated(line: string, delimiter: Delimiter): boolean {
  return line.includes(delimiter) && !(delimiter === ',' && line.split(/, /).length === line.split(',').length);
}

/** Up to the first line break that no quotes surround; the first line where there is none. */
function headerOf(start: string): string {
  let quotes = 0;
  let firstLine: string | undefined;
  for (const { 0: sign, index } of start.matchAll(/"|\r\n|\n|\r/g)) {
    if (sign === '"') quotes++;
    else if (quotes % 2 === 0) return start.slice(0, index);
    else firstLine ??= start.slice(0, index);
  }
  return firstLine ?? start;
}

function refuseRagged(
  all: readonly string[][],
  { columns, ragged }: { readonly columns: number; readonly ragged: readonly number[] },
  delimiter: Delimiter,
  name: string,
): never {
  const first = ragged[0]!;
  if (first === all.length - 1 && all[first]!.some((field) => breaksIn(field) > 0))
    throw new UserError(
      'ragged-table',
      `In ${name}, a double quote is opened in the row that begins on line ${lineOf(all, first)} and not closed: all behind it is one text. Close it, or write it twice where it is part of a text in quotes.`,
    );
  const places = ragged
    .slice(0, 5)
    .map((n) => `line ${lineOf(all, n)} has ${all[n]!.length}`)
    .join(', ');
  throw new UserError(
    'ragged-table',
    `${name} has ${columns} columns, but ${places}${ragged.length > 5 ? ` and ${ragged.length - 5} more lines differ` : ''}. Texts that hold the separator "${delimiter === '\t' ? 'tab' : delimiter}" need double quotes; \`skip\` passes over lines above the names of the columns.`,
  );
}

/** The line on which a row begins, counted from 1: rows before it may hold line breaks. */
function lineOf(all: readonly string[][], row: number): number {
  return (
    1 + all.slice(0, row).reduce((lines, fields) => lines + 1 + fields.reduce((sum, f) => sum + breaksIn(f), 0), 0)
  );
}

function breaksIn(field: string): number {
  return field.match(BREAK)?.length ?? 0;
}
