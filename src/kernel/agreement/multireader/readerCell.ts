/** What one reader achieves under one condition, and how much each case has to do with it (the jackknife of Tukey 1958). */
import { leaveOneOut } from '../resampling/jackknife.ts';
import { observedSample, type Statistic } from '../resampling/resample.ts';

export interface ReaderCell {
  /** The statistic of all cases of this reader. */
  readonly value: number;
  /** By the numbers of the cases that the reader has: (n − 1)·(mean of the leave-one-out values − the value without that case). */
  readonly influence: ReadonlyMap<number, number>;
}

const FEWEST = 3;

/** `cases` are numbers of the study's cases, in the order of the statistic's own; the reason in words where there is no value. */
export function readerCell(cases: readonly number[], statistic: Statistic): ReaderCell | { readonly reason: string } {
  const n = cases.length;
  if (n < FEWEST) return { reason: `a reader has ${n} cases, and a jackknife needs at least ${FEWEST}` };
  const value = statistic(observedSample(n));
  if (value === undefined)
    return { reason: 'the statistic has no value for a reader: all answers, or all true values, are the same' };
  const without = leaveOneOut(n, statistic);
  if (!without.every((one) => one !== undefined))
    return { reason: 'the statistic of a reader has no value once a certain case is left out' };
  const mean = without.reduce((sum, one) => sum + one, 0) / n;
  return { value, influence: new Map(cases.map((place, i) => [place, (n - 1) * (mean - without[i]!)])) };
}

/**
 * Jackknife covariance of two cells, of the cases that both have; the variance where both are the same one. Without
 * missing cases it is (n − 1)/n · Σ of the products of the leave-one-out values less their means.
 */
export function covarianceOf(a: ReaderCell, b: ReaderCell): number {
  let sum = 0;
  for (const [place, influence] of a.influence) sum += influence * (b.influence.get(place) ?? 0);
  const degrees = ({ influence: { size } }: ReaderCell) => size * (size - 1);
  return sum / Math.sqrt(degrees(a) * degrees(b));
}
