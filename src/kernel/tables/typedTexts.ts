/** What a column of texts holds: truth values, numbers, days, or texts. By the rules of Arquero's `fromCSV`, over all rows. */
import { unescapedText } from './escapedText.ts';

/** ISO 8601, from the year alone to the millisecond. */
const ISO_DATE = /^([-+]\d{2})?\d{4}(-\d{2}(-\d{2})?)?(T\d{2}:\d{2}(:\d{2}(\.\d{3})?)?(Z|[-+]\d{2}:\d{2})?)?$/;

interface Reading {
  readonly fits: (text: string) => boolean;
  readonly value: (text: string) => boolean | number | Date;
}

/** The cells of a column; empty ones are null, in columns of other things than texts blank ones too. */
export function typedTexts(texts: readonly string[], decimal: '.' | ','): (string | boolean | number | Date | null)[] {
  const isMissing = (text: string) => text.trim() === '';
  for (const { fits, value } of readings(decimal))
    if (texts.every((text) => isMissing(text) || fits(text)))
      return texts.map((text) => (isMissing(text) ? null : value(text)));
  return texts.map((text) => (text === '' ? null : unescapedText(text)));
}

function readings(decimal: '.' | ','): readonly Reading[] {
  const number = decimal === '.' ? Number : (text: string) => Number(text.replace(decimal, '.'));
  return [
    { fits: (text) => text === 'true' || text === 'false', value: (text) => text === 'true' },
    { fits: (text) => text === 'NaN' || !Number.isNaN(number(text)), value: number },
    {
      fits: (text) => ISO_DATE.test(text) && !Number.isNaN(Date.parse(text)),
      value: (text) => new Date(Date.parse(text)),
    },
  ];
}
