/** The line of least squares of one variable on another. */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { isConstant } from '../correlation/correlation.ts';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';

export interface RegressionCoefficient extends Interval {
  readonly value: Estimate;
  readonly se: Estimate;
}

export interface LeastSquares {
  readonly slope: RegressionCoefficient;
  readonly intercept: RegressionCoefficient;
  /** Two-sided, of the slope against 0, by t with n − 2 degrees of freedom. */
  readonly p: Estimate;
  /** √(Σ residual²/(n − 2)), in the unit of y. */
  readonly residualSd: Estimate;
}

/** y on x. Undefined with its reason for n < 3 or a constant x; without an interval and p where every point is on the line. */
export function leastSquares(x: readonly number[], y: readonly number[], confidence = 0.95): LeastSquares {
  const n = x.length;
  if (n < 3) return none('a regression needs at least 3 pairs');
  if (isConstant(x)) return none('the means of the pairs are all the same');
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / n;
  const [meanX, meanY] = [average(x), average(y)];
  const xx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const yy = y.reduce((sum, value) => sum + (value - meanY) ** 2, 0);
  const slope = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i]! - meanY), 0) / xx;
  const intercept = meanY - slope * meanX;
  const squares = x.reduce((sum, value, i) => sum + (y[i]! - intercept - slope * value) ** 2, 0);
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
    residualSd: defined(residualSd),
  };
}

function none(reason: string): LeastSquares {
  const nothing = undefinedBecause(reason);
  const coefficient = { value: nothing, se: nothing, ...noInterval(reason) };
  return { slope: coefficient, intercept: coefficient, p: nothing, residualSd: nothing };
}
