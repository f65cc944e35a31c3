/** κ alone, without allocation, for resampling and for curves of many tables. */
import type { CountedStatistic } from '../resampling/countedResample.ts';
import type { Statistic } from '../resampling/resample.ts';
import { agreementWeights, type Weights } from './weights.ts';

/** Differences of shares smaller than this are rounding errors of zero. */
export const ROUNDING = 1e-12;

/**
 * A function from counts (row after row) to κ = (po − pe)/(1 − pe), po and pe weighted; undefined where there are no
 * pairs or no disagreement is expected. It keeps its working space, so it must not be called by itself.
 */
export function kappaOfCounts(
  weights: Float64Array,
  categories: number,
): (counts: ArrayLike<number>) => number | undefined {
  const rows = new Float64Array(categories);
  const columns = new Float64Array(categories);
  return (counts) => {
    rows.fill(0);
    columns.fill(0);
    let [n, observed, chance] = [0, 0, 0];
    for (let i = 0, cell = 0; i < categories; i++)
      for (let j = 0; j < categories; j++, cell++) {
        const count = counts[cell]!;
        n += count;
        rows[i]! += count;
        columns[j]! += count;
        observed += weights[cell]! * count;
      }
    if (n === 0) return undefined;
    for (let i = 0, cell = 0; i < categories; i++)
      for (let j = 0; j < categories; j++, cell++) chance += weights[cell]! * rows[i]! * columns[j]!;
    const expected = chance / n / n;
    return 1 - expected < ROUNDING ? undefined : (observed / n - expected) / (1 - expected);
  };
}

/** κ of kinds of cases; categories are whole numbers from 0. */
export function kappaOfTimes(
  left: readonly number[],
  right: readonly number[],
  categories: number,
  weights: Weights,
): CountedStatistic {
  const kappa = kappaOfCounts(agreementWeights(weights, categories), categories);
  const cells = Int32Array.from(left, (category, n) => category * categories + right[n]!);
  const counts = new Int32Array(categories * categories);
  return (times) => {
    counts.fill(0);
    for (let kind = 0; kind < times.length; kind++) counts[cells[kind]!]! += times[kind]!;
    return kappa(counts);
  };
}

/** κ of resampled cases; categories are whole numbers from 0. */
export function kappaStatistic(
  left: readonly number[],
  right: readonly number[],
  categories: number,
  weights: Weights,
): Statistic {
  const kappa = kappaOfCounts(agreementWeights(weights, categories), categories);
  const cells = Int32Array.from(left, (category, n) => category * categories + right[n]!);
  const counts = new Int32Array(categories * categories);
  return (sample) => {
    counts.fill(0);
    for (let n = 0; n < sample.length; n++) counts[cells[sample[n]!]!]!++;
    return kappa(counts);
  };
}
