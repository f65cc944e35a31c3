/** Numbers and cells as they are shown, the same on screen, on paper and in plain text. */
import type { CellValue, TableColumn } from '../view.ts';

/** Digits beyond these are rounding errors of the computer. */
const TELLING_DIGITS = 10;
const MIN_P = 0.001;
const P_DIGITS = 3;

/** With that many decimals, and never as a negative zero. */
export function formatNumber(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-(0(\.0+)?)$/, '$1');
}

/** A p-value with three decimals, or as a bound. */
export function formatP(value: number, digits = P_DIGITS): string {
  return value < MIN_P ? '< 0.001' : formatNumber(value, digits);
}

/** The text of a cell; empty for null. */
export function formatCell(value: CellValue, column: TableColumn): string {
  if (value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (column.kind === 'p-value') return formatP(value, column.digits);
  return column.digits === undefined
    ? String(Number(value.toPrecision(TELLING_DIGITS)))
    : formatNumber(value, column.digits);
}
