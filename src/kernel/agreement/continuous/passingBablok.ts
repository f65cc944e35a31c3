/** Passing and Bablok's regression (J Clin Chem Clin Biochem 1983): a line through two readings that outliers do not bend. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { isConstant } from '../correlation/correlation.ts';
import { defined, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { quantile } from '../resampling/quantile.ts';
import type { MethodComparison } from './methodComparison.ts';

/** All pairs of patients have a slope, so that more patients would take gigabytes. */
const MOST_PATIENTS = 5000;

/**
 * right = intercept + slope·left. Slope: the median of the slopes between all two patients, moved by the number of
 * those below −1, as both sides may be exchanged; slopes of exactly −1 and pairs of the same point are left out.
 * Intercept: the median of right − slope·left. Intervals by the ranks M = (N ∓ z·√(n(n − 1)(2n + 5)/18))/2. Undefined
 * with its reason for n < 3 or a constant side; without an interval where so few patients have none.
 */
export function passingBablok(left: readonly number[], right: readonly number[], confidence = 0.95): MethodComparison {
  const n = left.length;
  const reason =
    n < 3
      ? 'a regression needs at least 3 pairs'
      : n > MOST_PATIENTS
        ? `Passing and Bablok’s regression takes up to ${MOST_PATIENTS} pairs`
        : isConstant(left) || isConstant(right)
          ? 'all values of one side are the same'
          : undefined;
  if (reason) return none(reason);
  const slopes = slopesOf(left, right);
  let below = 0;
  while (below < slopes.length && slopes[below]! < -1) below++;
  const at = (rank: number) => slopes[rank + below - 1];
  const count = slopes.length;
  const middle = count % 2 ? at((count + 1) / 2) : halfway(at(count / 2), at(count / 2 + 1));
  if (middle === undefined || !Number.isFinite(middle)) return none('the readings fall together, so no line fits them');
  const interceptOf = (slope: number) => quantile(Float64Array.from(left, (x, i) => right[i]! - slope * x).sort(), 0.5);
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const first = Math.round((count - half) / 2);
  const [low, high] = [at(first), at(count - first + 1)];
  const hasEnds =
    first >= 1 && low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high);
  const few = noInterval('there are too few pairs for an interval of Passing and Bablok’s regression');
  return {
    slope: { value: defined(middle), ...(hasEnds ? interval(low, high) : few) },
    intercept: {
      value: defined(interceptOf(middle)),
      ...(hasEnds ? interval(interceptOf(high), interceptOf(low)) : few),
    },
  };
}

function halfway(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : (a + b) / 2;
}

/** In ascending order, infinite ones among them. */
function slopesOf(left: readonly number[], right: readonly number[]): Float64Array {
  const n = left.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const [dx, dy] = [left[j]! - left[i]!, right[j]! - right[i]!];
      if (dx === 0 && dy === 0) continue;
      // An upright slope is as much up as down, as pairs have no order; it counts as up.
      const slope = dx === 0 ? Number.POSITIVE_INFINITY : dy / dx;
      if (slope !== -1) slopes[count++] = slope;
    }
  return slopes.subarray(0, count).sort();
}

function none(reason: string): MethodComparison {
  const nothing = { value: undefinedBecause(reason), ...noInterval(reason) };
  return { intercept: nothing, slope: nothing };
}
