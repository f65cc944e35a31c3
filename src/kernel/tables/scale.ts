/** The ordered categories that readers score on, from the lowest to the highest, used or not. */
import { fromTo } from '../../protocol/words/lists.ts';
import { UserError } from '../base/userError.ts';
import { numberInCell } from './cellNumber.ts';

export interface Scale {
  /** The number of the lowest category: scores are whole numbers from it on. 0 where the categories are words. */
  readonly low: number;
  readonly categories: number;
  /** What the categories are called, in their order, where they are no numbers. */
  readonly words?: readonly string[];
  /** A user said so; else it is that of the cut points, which scores may not have been made for. */
  readonly isDeclared: boolean;
}

/** More are no scale of categories. */
export const MAX_CATEGORIES = 101;

/** From 0, a category more than there are cut points. */
export function scaleOfCuts(cutPoints: readonly number[]): Scale {
  return { low: 0, categories: cutPoints.length + 1, isDeclared: false };
}

/** Throws a UserError where the numbers are none of a scale. */
export function scaleOfRange(low: number, high: number): Scale {
  if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low || high - low >= MAX_CATEGORIES)
    throw new UserError(
      'scale',
      `A scale goes from its lowest whole number to its highest, such as \`scale 0..2\`; ${low}..${high} does not.`,
    );
  return { low, categories: high - low + 1, isDeclared: true };
}

/** Words in rising order. Throws a UserError where there are fewer than two, or one of them twice. */
export function scaleOfWords(words: readonly string[]): Scale {
  const bare = words.map(bareWord);
  const twice = words.find((_, n) => bare.indexOf(bare[n]!) !== n);
  if (words.length < 2 || words.length > MAX_CATEGORIES || twice !== undefined)
    throw new UserError(
      'scale',
      twice === undefined
        ? 'A scale of words needs two of them or more, in rising order: `scale "none", "mild", "severe"`.'
        : `The scale names "${twice}" twice.`,
    );
  return { low: 0, categories: words.length, words, isDeclared: true };
}

/** What each category is called. */
export function categoryNames({ low, categories, words }: Scale): string[] {
  return Array.from({ length: categories }, (_, n) => words?.[n] ?? String(low + n));
}

/** "0 to 4", or "none, mild, severe". */
export function scaleInWords({ low, categories, words }: Scale): string {
  return words ? words.join(', ') : fromTo(low, low + categories - 1);
}

/**
 * The score in a cell: a number of the scale, of words their place in it from 0. Undefined where it is missing,
 * `'other'` where it is no number or no word of the scale, and the number as it is where it lies beside the scale.
 */
export function scoreInCell(cell: unknown, { words }: Scale): number | undefined | 'other' {
  const number = numberInCell(cell);
  if (!words) return number;
  const place = words.findIndex((word) => bareWord(word) === bareWord(String(cell ?? '')));
  if (place >= 0) return place;
  return number === undefined ? undefined : 'other';
}

export function isOnScale(score: number, { low, categories }: Scale): boolean {
  return Number.isInteger(score) && score >= low && score < low + categories;
}

function bareWord(word: string): string {
  return word.normalize('NFC').trim().toLowerCase();
}
