/** Lin's concordance correlation (Biometrics 1989, with the correction of 2000), with its interval by the z transformation. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type Interval, interval, undefinedInterval } from './interval.ts';
import { mean, sumOfSquares } from './moments.ts';

/** Moments have n in the denominator, as Lin's; undefined for n < 3 or a constant side. */
export function concordance(x: readonly number[], y: readonly number[], confidence = 0.95): Interval {
  const n = x.length;
  if (n < 3) return undefinedInterval('a concordance correlation needs at least 3 pairs');
  const [vx, vy] = [sumOfSquares(x) / n, sumOfSquares(y) / n];
  if (vx === 0 || vy === 0) return undefinedInterval('all values of one side are the same');
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0) / n;
  const ccc = (2 * covariance) / (vx + vy + (mx - my) ** 2);
  const r = covariance / Math.sqrt(vx * vy);
  const u = (mx - my) / (vx * vy) ** 0.25;
  if (Math.abs(ccc) >= 1 - 1e-12) return interval(ccc, ccc, ccc);
  const c2 = ccc ** 2;
  const varianceOfZ =
    (((1 - r ** 2) * c2) / ((1 - c2) * r ** 2) +
      (2 * ccc ** 3 * (1 - ccc) * u ** 2) / (r * (1 - c2) ** 2) -
      (ccc ** 4 * u ** 4) / (2 * r ** 2 * (1 - c2) ** 2)) /
    (n - 2);
  if (!(varianceOfZ >= 0))
    return { ...undefinedInterval('its variance cannot be estimated from these data'), value: { value: ccc } };
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * Math.sqrt(varianceOfZ);
  return interval(ccc, Math.tanh(Math.atanh(ccc) - half), Math.tanh(Math.atanh(ccc) + half));
}
