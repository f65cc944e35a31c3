/** How many patients a study of agreement needs: a design says what it would give with n of them. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export interface Design {
  /** Expected width of the confidence interval with n patients, in the coefficient's unit. */
  readonly widthAt: (patients: number) => number;
  /** Power (0–1) of the test against another value with n patients; undefined where no other value is given. */
  readonly powerAt: ((patients: number) => number) | undefined;
  /** Fewest patients with whom there is anything to compute. */
  readonly fewest: number;
}

/** The value that a test tells the expected one apart from. */
export interface Against {
  readonly value: number;
  readonly sides: 1 | 2;
}

/** More patients than this are no study. */
export const MOST_PATIENTS = 10_000_000;

/** The fewest patients from `fewest` on for whom `suffices` holds, which stays so for more; undefined where even MOST_PATIENTS are too few. */
export function smallestNumber(suffices: (patients: number) => boolean, fewest: number): number | undefined {
  let [below, enough] = [fewest - 1, fewest];
  while (!suffices(enough)) {
    if (enough >= MOST_PATIENTS) return undefined;
    below = enough;
    enough = Math.min(MOST_PATIENTS, enough * 2);
  }
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (suffices(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/** z of a two-sided interval, or of a test with one side or two. */
export function criticalZ(confidence: number, sides: 1 | 2 = 2): number {
  return normalQuantile(sides === 2 ? 0.5 + confidence / 2 : confidence, 0, 1);
}

/** Power of a normal test whose statistic is expected at `shift` standard errors (0 or more) in the direction tested. */
export function normalPower(shift: number, confidence: number, sides: 1 | 2): number {
  const z = criticalZ(confidence, sides);
  return normalCdf(shift - z, 0, 1) + (sides === 2 ? normalCdf(-shift - z, 0, 1) : 0);
}

/** Where a function that rises from below 0 to above crosses 0, by halving. */
export function crossing(rising: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let n = 0; n < 200 && to - from > 1e-15 * Math.max(1, Math.abs(to)); n++) {
    const middle = (from + to) / 2;
    if (rising(middle) < 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
