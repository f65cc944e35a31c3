/** The number that a cell of a table holds, read in one way for every column and every format of file. */

/** The sign before the decimals. */
export type DecimalSign = '.' | ',';

export type CellReading =
  /** Empty, blank, a lone `%`, or a usual word for a missing value. */
  | { readonly kind: 'missing' }
  /** `isPercent` where a per cent sign is written: 10 is the value of "10 %". */
  | { readonly kind: 'number'; readonly value: number; readonly isPercent: boolean }
  | { readonly kind: 'other' };

const MISSING: CellReading = { kind: 'missing' };
const OTHER: CellReading = { kind: 'other' };

/** What R, SAS, pandas, spreadsheets and people write where there is no value. */
const NO_VALUE = /^(na|n\/a|nan|null|-|–|—|\.|%|#n\/a|#nv)$/i;
/** Spaces of every width, which no eye tells apart. */
const SPACES = /[\s\u200b\u2060]+/gu;
/** Digits in groups of three, by the signs for it that cannot be taken for that of the decimals. */
const GROUPED: Readonly<Record<DecimalSign, RegExp>> = {
  '.': /^([-+]?\d{1,3})((?:['’ ]\d{3})+)(\.\d+)?$/u,
  ',': /^([-+]?\d{1,3})((?:[.'’ ]\d{3})+)(,\d+)?$/u,
};
const SIMPLE = /^-?\d{1,15}(?:\.\d{1,15})?$/;
const PLAIN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/iu;

/** What is in a cell; `decimal` is the sign of its column. What is no number is never taken for 0. */
export function readCell(cell: unknown, decimal: DecimalSign = '.'): CellReading {
  if (cell === undefined || cell === null) return MISSING;
  if (typeof cell === 'number') {
    if (Number.isNaN(cell)) return MISSING;
    return Number.isFinite(cell) ? { kind: 'number', value: cell, isPercent: false } : OTHER;
  }
  if (typeof cell !== 'string') return OTHER;
  // Nearly every number of a large file, and the quickest way to it.
  if (SIMPLE.test(cell) && !(decimal === ',' && cell.includes('.')))
    return { kind: 'number', value: Number(cell), isPercent: false };
  const text = cell.replace(SPACES, ' ').trim();
  if (text === '' || NO_VALUE.test(text)) return MISSING;
  const isPercent = text.endsWith('%');
  const value = numberOf(isPercent ? text.slice(0, -1).trim() : text, decimal);
  return value === undefined ? OTHER : { kind: 'number', value, isPercent };
}

/** The number alone: undefined where it is missing, `'other'` where something else stands there. */
export function numberInCell(cell: unknown): number | undefined | 'other' {
  const reading = readCell(cell);
  if (reading.kind === 'number') return reading.value;
  return reading.kind === 'missing' ? undefined : 'other';
}

/** "10,5": a number if the comma stands before its decimals. */
export function hasDecimalComma(text: string): boolean {
  return text.includes(',') && readCell(text, ',').kind === 'number';
}

function numberOf(written: string, decimal: DecimalSign): number | undefined {
  const text = written.replace(/^[−–]/u, '-');
  const grouped = GROUPED[decimal].exec(text);
  const whole = grouped ? `${grouped[1]}${grouped[2]!.replace(/\D/gu, '')}${grouped[3] ?? ''}` : text;
  const plain = decimal === ',' ? whole.replace(',', '.') : whole;
  const value = PLAIN.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
