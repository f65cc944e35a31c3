/** McNemar's test (Psychometrika 1947) in its exact form: of those whom two readings put into different ones of two categories, are as many higher on either side? */
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import type { ContingencyTable } from './contingency.ts';

export interface ExactMcNemar {
  /** Of the pairs in different categories, the share that is higher on the left; ½ is no difference. */
  readonly higherLeft: Estimate;
  /** Pairs in different categories. */
  readonly discordant: number;
  /** Two-sided, twice the smaller tail of the binomial distribution with ½, at most 1. */
  readonly p: Estimate;
}

/** Of a table of two categories. Undefined where no pair differs. */
export function exactMcNemar(table: ContingencyTable): ExactMcNemar {
  const [left, right] = [table[1]![0]!, table[0]![1]!];
  const discordant = left + right;
  if (discordant === 0) {
    const none = undefinedBecause('the sides never disagree');
    return { higherLeft: none, discordant, p: none };
  }
  return {
    higherLeft: defined(left / discordant),
    discordant,
    p: defined(Math.min(1, 2 * lowerTail(Math.min(left, right), discordant))),
  };
}

/** P(X ≤ successes) of n tosses of a fair coin, by the binomial's relation to F: the incomplete beta function at ½. */
function lowerTail(successes: number, n: number): number {
  if (successes >= n) return 1;
  const [a, b] = [n - successes, successes + 1];
  return fCdf(b / a, 2 * a, 2 * b);
}
