/** Does the difference grow with the size of what is measured? Regression of the difference on the mean (Bland & Altman, Stat Methods Med Res 1999). */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { isConstant, pByT, tTest } from '../correlation/correlation.ts';
import { productMoment } from '../correlation/pearson.ts';
import {
  defined,
  type Estimate,
  type Interval,
  interval,
  noInterval,
  type Test,
  undefinedBecause,
} from '../estimate.ts';
import { countOf, meanOf, sumOf, type Times } from '../times.ts';

export interface ProportionalBias {
  /** Change of left − right per unit of their mean; 0 is none. */
  readonly slope: Interval & { readonly value: Estimate; readonly se: Estimate };
  /** Expected difference at a mean of 0, in the readings' unit. */
  readonly intercept: Interval & { readonly value: Estimate; readonly se: Estimate };
  /** Two-sided p of the slope, by t with n − 2 degrees of freedom. */
  readonly p: Estimate;
  readonly test: Test | undefined;
  /** Standard deviation of the differences around the line. */
  readonly residualSd: Estimate;
}

/** Least squares. Undefined with its reason for n < 3 or where all means are the same. */
export function proportionalBias(
  left: readonly number[],
  right: readonly number[],
  confidence = 0.95,
  times?: Times,
): ProportionalBias {
  const n = countOf(left, times);
  const means = left.map((value, i) => (value + right[i]!) / 2);
  const differences = left.map((value, i) => value - right[i]!);
  if (n < 3) return none('a regression needs at least 3 pairs');
  if (isConstant(means)) return none('the means of the pairs are all the same');
  const [meanX, meanY] = [meanOf(means, times), meanOf(differences, times)];
  const xx = sumOf(means, times, (x) => (x - meanX) ** 2);
  const slope = sumOf(means, times, (x, i) => (x - meanX) * (differences[i]! - meanY)) / xx;
  const intercept = meanY - slope * meanX;
  const squares = sumOf(means, times, (x, i) => (differences[i]! - intercept - slope * x) ** 2);
  const residualSd = Math.sqrt(squares / (n - 2));
  const [slopeSe, interceptSe] = [residualSd / Math.sqrt(xx), residualSd * Math.sqrt(1 / n + meanX ** 2 / xx)];
  const t = tQuantile(0.5 + confidence / 2, n - 2);
  return {
    slope: { value: defined(slope), se: defined(slopeSe), ...interval(slope - t * slopeSe, slope + t * slopeSe) },
    intercept: {
      value: defined(intercept),
      se: defined(interceptSe),
      ...interval(intercept - t * interceptSe, intercept + t * interceptSe),
    },
    p: isConstant(differences)
      ? undefinedBecause('all differences are the same')
      : defined(pByT(productMoment(means, differences, times), n)),
    test: isConstant(differences) ? undefined : tTest(productMoment(means, differences, times), n),
    residualSd: defined(residualSd),
  };
}

function none(reason: string): ProportionalBias {
  const nothing = undefinedBecause(reason);
  const coefficient = { value: nothing, se: nothing, ...noInterval(reason) };
  return { slope: coefficient, intercept: coefficient, p: nothing, test: undefined, residualSd: nothing };
}
