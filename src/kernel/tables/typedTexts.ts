/** What a column of texts holds: truth values, numbers, days, or texts, told over all rows. */
import { hasDecimalComma, readCell } from './cellNumber.ts';
import { unescapedText } from './escapedText.ts';

/** ISO 8601, from the year alone to the millisecond. */
const ISO_DATE = /^([-+]\d{2})?\d{4}(-\d{2}(-\d{2})?)?(T\d{2}:\d{2}(:\d{2}(\.\d{3})?)?(Z|[-+]\d{2}:\d{2})?)?$/;

export interface TypedColumn {
  /** Missing cells are null: empty ones, and in columns of other things than texts whatever stands for no value. */
  readonly cells: (string | boolean | number | Date | null)[];
  /** Some of its numbers are written with a per cent sign. */
  readonly isPercent: boolean;
}

/** `mayHaveCommas`: commas separate no columns, so that they may stand before decimals. */
export function typedTexts(texts: readonly string[], mayHaveCommas: boolean): TypedColumn {
  const isBlank = (text: string) => text.trim() === '';
  const isTruth = (text: string) => text === 'true' || text === 'false';
  if (texts.every((text) => isBlank(text) || isTruth(text)))
    return { cells: texts.map((text) => (isBlank(text) ? null : text === 'true')), isPercent: false };
  const numbers = numbersIn(texts, mayHaveCommas);
  if (numbers) return numbers;
  const isDay = (text: string) => ISO_DATE.test(text) && !Number.isNaN(Date.parse(text));
  if (texts.every((text) => isBlank(text) || isDay(text)))
    return { cells: texts.map((text) => (isBlank(text) ? null : new Date(Date.parse(text)))), isPercent: false };
  return { cells: texts.map((text) => (text === '' ? null : unescapedText(text))), isPercent: false };
}

/** Undefined where a cell is something else, or where none is a number. */
function numbersIn(texts: readonly string[], mayHaveCommas: boolean): TypedColumn | undefined {
  const decimal = mayHaveCommas && texts.some(hasDecimalComma) ? ',' : '.';
  const cells: (number | null)[] = [];
  let [isPercent, hasNumber] = [false, false];
  for (const text of texts) {
    const reading = readCell(text, decimal);
    if (reading.kind === 'other') return undefined;
    if (reading.kind === 'number') {
      hasNumber = true;
      isPercent ||= reading.isPercent;
    }
    cells.push(reading.kind === 'number' ? reading.value : null);
  }
  return hasNumber ? { cells, isPercent } : undefined;
}
