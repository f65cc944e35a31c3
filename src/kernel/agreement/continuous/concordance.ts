/** Lin's concordance correlation coefficient (Biometrics 1989, variance as corrected in 2000): how close two readings lie to the line of identity. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { isConstant } from '../correlation/correlation.ts';
import { productMoment } from '../correlation/pearson.ts';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { countOf, meanOf, sumOf, type Times } from '../times.ts';

export interface Concordance extends Interval {
  readonly concordance: Estimate;
  /** Of the coefficient itself; the interval is made on Fisher's z scale. */
  readonly se: Estimate;
  /** Pearson's r: how tight the points lie around their own line. */
  readonly precision: Estimate;
  /** Bias correction C_b = ρc/r, 0–1: how close that line lies to identity. */
  readonly accuracy: Estimate;
  /** Ratio of standard deviations, left over right, and difference of means over their geometric mean. */
  readonly scaleShift: Estimate;
  readonly locationShift: Estimate;
}

/**
 * ρc = 2·s_xy/(s_x² + s_y² + (x̄ − ȳ)²) with variances over n (as Lin 1989; over n − 1 it would be a little smaller).
 * Undefined where both sides are constant, or one of them (its shifts then have no value); without an interval for
 * n < 3, at r = 0, and at ρc = ±1.
 */
export function concordance(x: readonly number[], y: readonly number[], confidence = 0.95, times?: Times): Concordance {
  const n = countOf(x, times);
  if (n < 2) return none('a concordance needs at least 2 pairs');
  if (isConstant(x) || isConstant(y)) return none('all values of one side are the same');
  const r = productMoment(x, y, times);
  const [left, right] = [momentsOf(x, times), momentsOf(y, times)];
  const scaleShift = Math.sqrt(left.variance / right.variance);
  const locationShift = (left.mean - right.mean) / Math.sqrt(Math.sqrt(left.variance) * Math.sqrt(right.variance));
  const accuracy = 2 / (scaleShift + 1 / scaleShift + locationShift ** 2);
  const value = r * accuracy;
  const parts = {
    concordance: defined(value),
    precision: defined(r),
    accuracy: defined(accuracy),
    scaleShift: defined(scaleShift),
    locationShift: defined(locationShift),
  };
  const reason =
    n < 3
      ? 'a confidence interval of the concordance needs at least 3 pairs'
      : r === 0
        ? 'the correlation is exactly 0, where the standard error of the concordance has no value'
        : Math.abs(value) >= 1
          ? 'all pairs are the same, where Fisher’s z has no interval'
          : undefined;
  if (reason) return { ...parts, se: undefinedBecause(reason), ...noInterval(reason) };
  const variance =
    (((1 - r * r) * value ** 2 * (1 - value ** 2)) / r ** 2 +
      (2 * value ** 3 * (1 - value) * locationShift ** 2) / r -
      (value ** 4 * locationShift ** 4) / (2 * r ** 2)) /
    (n - 2);
  const se = Math.sqrt(Math.max(0, variance));
  const half = (normalQuantile(0.5 + confidence / 2, 0, 1) * se) / (1 - value ** 2);
  const z = Math.atanh(value);
  return { ...parts, se: defined(se), ...interval(Math.tanh(z - half), Math.tanh(z + half)) };
}

function momentsOf(values: readonly number[], times: Times): { mean: number; variance: number } {
  const mean = meanOf(values, times);
  return { mean, variance: sumOf(values, times, (value) => (value - mean) ** 2) / countOf(values, times) };
}

function none(reason: string): Concordance {
  const nothing = undefinedBecause(reason);
  return {
    concordance: nothing,
    se: nothing,
    precision: nothing,
    accuracy: nothing,
    scaleShift: nothing,
    locationShift: nothing,
    ...noInterval(reason),
  };
}
