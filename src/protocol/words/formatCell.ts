/** Numbers and cells as they are shown, the same on screen, on paper and in plain text. Files have numbers as computers write them. */
import type { CellValue, TableColumn } from '../view.ts';
import { classLabel, regionLabel } from './displayNames.ts';

/** Digits beyond these are rounding errors of the computer. */
const TELLING_DIGITS = 10;
const MIN_P = 0.001;
const P_DIGITS = 3;

/** With that many decimals, a minus sign in place of a hyphen, and never as a negative zero. */
export function formatNumber(value: number, digits: number): string {
  return withMinus(value.toFixed(digits).replace(/^-(0(\.0+)?)$/, '$1'));
}

/** With no more digits than tell something. */
export function formatPlain(value: number, digits = TELLING_DIGITS): string {
  return withMinus(String(Number(value.toPrecision(digits))));
}

/** A p-value with three decimals, or as a bound. */
export function formatP(value: number, digits = P_DIGITS): string {
  return value < MIN_P ? '< 0.001' : formatNumber(value, digits);
}

/** The text of a cell; empty for null. Classes and regions are called by their names. */
export function formatCell(value: CellValue, column: TableColumn): string {
  if (value === null) return '';
  if (typeof value === 'string') return nameIn(column, value);
  if (typeof value === 'boolean') return String(value);
  if (column.kind === 'p-value') return formatP(value, column.digits);
  return column.digits === undefined ? formatPlain(value) : formatNumber(value, column.digits);
}

function nameIn({ name }: TableColumn, value: string): string {
  if (name === 'region') return regionLabel(value);
  // Codes of ours are in small letters; what a user wrote otherwise stays.
  return name === 'class' && /^[a-z-]+$/.test(value) ? classLabel(value) : value;
}

/** The hyphen before a number, or before its exponent, is a minus sign. */
function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}
