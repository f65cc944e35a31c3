/** How large a table may be: far beyond any cohort's, and small enough for every computer that LungNB runs on. */
import { UserError } from '../base/userError.ts';

/** A registry of a million patients with twenty columns. */
export const MAX_CELLS = 20e6;
/** Of a file, and of all that a workbook unpacks to. One text can have no more than 2²⁹ characters. */
export const MAX_BYTES = 500e6;
/** A million rows take some seconds; a megabyte never more than this on a slow computer. */
export function mostSeconds(bytes: number): number {
  return Math.min(300, 30 + bytes / 0.5e6);
}

const LESS = 'Leave out the rows and columns that are not needed, and save it anew.';
const inWords = new Intl.NumberFormat('en', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumSignificantDigits: 3,
});

/** Throws a UserError where a table of so many rows and columns is too large. `name` is for messages. */
export function refuseTooManyCells(rows: number, columns: number, name: string): void {
  const cells = rows * columns;
  if (cells <= MAX_CELLS) return;
  throw new UserError(
    'table-too-large',
    `${name} has ${inWords.format(cells)} cells (${rows} rows, ${columns} columns), and LungNB reads up to ${inWords.format(MAX_CELLS)}. ${LESS}`,
  );
}

/** Throws a UserError where a file, or what it unpacks to, is too large. */
export function refuseTooManyBytes(bytes: number, name: string, verb: 'has' | 'unpacks to' = 'has'): void {
  if (bytes <= MAX_BYTES) return;
  throw new UserError(
    'table-too-large',
    `${name} ${verb} ${inWords.format(bytes)} bytes, and LungNB reads tables of up to ${inWords.format(MAX_BYTES)}. ${LESS}`,
  );
}

/** The size that a compressed block says it unpacks to, before memory is taken for it. Throws an Error where it is too large. */
export function unpackedBytes(length: number): number {
  if (length > MAX_BYTES) throw new Error(`a part of it unpacks to ${inWords.format(length)} bytes`);
  return length;
}

export function tookTooLong(seconds: number, name: string): UserError {
  return new UserError(
    'table-too-slow',
    `${name} was not read within ${Math.round(seconds)} seconds, so reading it was given up. It is damaged, or far larger than it seems. ${LESS}`,
  );
}

export function tooMuchMemory(name: string, megabytes: number): UserError {
  return new UserError(
    'table-too-large',
    `${name} takes more than ${megabytes} MB of memory to read, so reading it was given up. It is damaged, or far larger than it seems. ${LESS}`,
  );
}
