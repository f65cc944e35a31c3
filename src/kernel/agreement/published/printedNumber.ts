/** A number as a paper prints it: how precise it is belongs to what it says. */
import { UserError } from '../../base/userError.ts';

export interface PrintedNumber {
  readonly value: number;
  readonly decimals: number;
  readonly text: string;
}

/** Reads "0.39", "73.8", ".5" or "−0.03" (minus or hyphen); a percent sign is left out. */
export function printedNumber(text: string): PrintedNumber {
  const digits = text.trim().replace(/\s*%$/, '').replace(/^[−–]/, '-');
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(digits))
    throw new UserError('printed-number', `"${text}" is not a number. Write it as printed, such as 0.39 or 73.8.`);
  return { value: Number(digits), decimals: digits.split('.')[1]?.length ?? 0, text: digits };
}

/** The values that are printed so: half a unit of the last digit on either side. */
export function roundingOf({ value, decimals }: PrintedNumber): { readonly low: number; readonly high: number } {
  const half = 0.5 * 10 ** -decimals;
  return { low: value - half, high: value + half };
}
