/** The line of least squares of one variable on another. */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { isConstant } from '../correlation/correlation.ts';
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

export interface RegressionCoefficient extends Interval {
  readonly value: Estimate;
  readonly se: Estimate;
}

export interface LeastSquares {
  readonly slope: RegressionCoefficient;
  readonly intercept: RegressionCoefficient;
  /** Two-sided, of the slope against 0, by t with n − 2 degrees of freedom. */
  readonly p: Estimate;
  readonly test: Test | undefined;
  /** √(Σ residual²/(n − 2)), in the unit of y. */
  readonly residualSd: Estimate;
}

/** y on x. Undefined with its reason for n < 3 or a constant x; without an interval and p where every point is on the line. */
export function leastSquares(
  x: readonly number[],
  y: readonly number[],
  confidence = 0.95,
  times?: Times,
): LeastSquares {
  const n = countOf(x, times);
  if (n < 3) return none('a regression needs at least 3 pairs');
  if (isConstant(x)) return none('the means of the pairs are all the same');
  const [meanX, meanY] = [meanOf(x, times), meanOf(y, times)];
  const xx = sumOf(x, times, (value) => (value - meanX) ** 2);
  const yy = sumOf(y, times, (value) => (value - meanY) ** 2);
  const slope = sumOf(x, times, (value, i) => (value - meanX) * (y[i]! - meanY)) / xx;
  const intercept = meanY - slope * meanX;
  const squares = sumOf(x, times, (value, i) => (y[i]! - intercept - slope * value) ** 2);
  const residualSd = squares <= 1e-24 * (yy + n * meanY ** 2) ? 0 : Math.sqrt(squares / (n - 2));
  const onLine = 'every point is on the line';
  const t = tQuantile(0.5 + confidence / 2, n - 2);
  const coefficient = (value: number, se: number): RegressionCoefficient => ({
    value: defined(value),
    se: defined(se),
    ...(residualSd === 0 ? noInterval(onLine) : interval(value - t * se, value + t * se)),
  });
  const slopeSe = residualSd / Math.sqrt(xx);
  return {
    slope: coefficient(slope, slopeSe),
    intercept: coefficient(intercept, residualSd * Math.sqrt(1 / n + meanX ** 2 / xx)),
    p: residualSd === 0 ? undefinedBecause(onLine) : defined(2 * tCdf(-Math.abs(slope) / slopeSe, n - 2)),
    test: residualSd === 0 ? undefined : { name: 't', value: defined(slope / slopeSe), degreesOfFreedom: [n - 2] },
    residualSd: defined(residualSd),
  };
}

function none(reason: string): LeastSquares {
  const nothing = undefinedBecause(reason);
  const coefficient = { value: nothing, se: nothing, ...noInterval(reason) };
  return { slope: coefficient, intercept: coefficient, p: nothing, test: undefined, residualSd: nothing };
}
