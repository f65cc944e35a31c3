/** Which rows of a sheet or a text file name its columns: titles may stand above, and the names may take two rows. */
import type { Remark } from '../../protocol/remark.ts';
import { classOf, regionOf } from '../base/labels.ts';
import { info } from '../base/remarks.ts';
import { readCell } from './cellNumber.ts';

export interface Headings {
  /** A name per column; empty where there is none. */
  readonly names: readonly string[];
  /** Place of the first row below them. */
  readonly firstRow: number;
  /** On rows that were taken for titles, and on two rows that were joined. */
  readonly remarks: readonly Remark[];
}

type Cells = readonly unknown[];

/** A title may have some lines below it; further down nobody looks for the names. */
const MOST_TITLES = 10;

/** `skip` rows at the top are passed over; `name` is for messages. Rows count from the file's first. */
export function findHeadings(rows: readonly Cells[], skip: number, name: string): Headings {
  const start = firstFilled(rows, skip);
  const heading = start + titlesAbove(rows.slice(start, start + MOST_TITLES + 1));
  const titles =
    heading > start
      ? [
          info(
            'title-rows',
            `Line ${heading + 1} of ${name} is read as the names of its columns; what stands above it is taken for a title. \`skip\` says otherwise.`,
          ),
        ]
      : [];
  const [upper = [], lower] = rows.slice(heading);
  const joined = lower && joinedNames(upper, lower);
  if (!joined) return { names: upper.map(textOf), firstRow: heading + 1, remarks: titles };
  const said = `Lines ${heading + 1} and ${heading + 2} of ${name} are read as the names of its columns together: ${shownNames(joined)}.`;
  return { names: joined, firstRow: heading + 2, remarks: [...titles, info('two-row-names', said)] };
}

function firstFilled(rows: readonly Cells[], from: number): number {
  const found = rows.findIndex((row, n) => n >= from && filledIn(row) > 0);
  return found < 0 ? Math.min(from, rows.length) : found;
}

/** Rows that hold a title alone, above a row of names: several, none of which is a number. Without such a row there is no title. */
function titlesAbove(rows: readonly Cells[]): number {
  const heading = rows.findIndex((row) => !isTitle(row));
  const isNames =
    heading > 0 && filledIn(rows[heading]!) > 1 && rows[heading]!.every((cell) => readCell(cell).kind !== 'number');
  return isNames ? heading : 0;
}

/** One text at the left of a line of its own, or of at least three cells: of two cells it may be a name beside none. */
function isTitle(row: Cells): boolean {
  return filledIn(row) === 0 || (filledIn(row) === 1 && textOf(row[0]) !== '' && row.length !== 2);
}

function filledIn(row: Cells): number {
  return row.filter((cell) => textOf(cell) !== '').length;
}

/**
 * Classes above regions or the other way round, as merged cells leave them: only the first of those that were merged
 * holds the text. Undefined where the second row is none of names.
 */
function joinedNames(upper: Cells, lower: Cells): string[] | undefined {
  let above = '';
  let together = 0;
  const names = Array.from({ length: Math.max(upper.length, lower.length) }, (_, n) => {
    const [top, bottom] = [textOf(upper[n]), textOf(lower[n])];
    if (top !== '') above = top;
    if (bottom === '') return top;
    if (!(isClass(above) && isRegion(bottom)) && !(isRegion(above) && isClass(bottom)))
      return top === '' ? bottom : '\0';
    together++;
    return isClass(above) ? `${above}_${bottom}` : `${bottom}_${above}`;
  });
  return together > 1 && !names.includes('\0') ? names : undefined;
}

function isClass(text: string): boolean {
  return classOf(withoutUnit(text)) !== undefined;
}

function isRegion(text: string): boolean {
  return regionOf(withoutUnit(text)) !== undefined;
}

/** "GGO (%)" is the class GGO. */
function withoutUnit(text: string): string {
  return text.replace(/[\s_(]*%\)?$/, '');
}

function textOf(cell: unknown): string {
  return cell === undefined || cell === null ? '' : String(cell).trim();
}

function shownNames(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} …` : names.join(', ');
}
