/** Finds labels of two tables that are probably meant for the same patient: spreadsheets change capitals and drop leading zeros. */
import { atMost } from '../../protocol/words/lists.ts';

const LISTED = 5;

/** What is left of a label without capitals, spaces, signs and leading zeros. */
function bare(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/(?<!\d)0+(?=\d)/g, '');
}

/** The number in a label alone: that of "P01" is "1". */
function numberIn(label: string): string {
  return bare(label).replace(/\D+/g, '');
}

/** Two letters before the same number may be two hospitals. */
function isNumber(label: string): boolean {
  return bare(label) === numberIn(label);
}

/**
 * "p01 for P01, p02 for P02" for the labels of `there` that are spelled otherwise than those of `here`; undefined where
 * there are none, or where it cannot be told which stands for which.
 */
export function spelledOtherwise(here: readonly string[], there: readonly string[]): string | undefined {
  const pairs =
    pairsBy(bare, here, there) ??
    (here.every(isNumber) || there.every(isNumber) ? pairsBy(numberIn, here, there) : undefined);
  if (!pairs) return undefined;
  return atMost(pairs, LISTED);
}

function pairsBy(
  keyOf: (label: string) => string,
  here: readonly string[],
  there: readonly string[],
): string[] | undefined {
  const byKey = (labels: readonly string[]) => new Map(labels.map((label) => [keyOf(label), label]));
  const [a, b] = [byKey(here), byKey(there)];
  if (a.size < here.length || b.size < there.length) return undefined;
  const pairs = [...b].flatMap(([key, label]) => (key !== '' && a.has(key) ? [`${label} for ${a.get(key)}`] : []));
  return pairs.length ? pairs : undefined;
}
