/** Pearson's product-moment correlation (1895), with its two-sided p by t and Fisher's z interval. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { type Interval, undefinedInterval } from './interval.ts';
import { mean, sumOfSquares } from './moments.ts';

export interface Correlation extends Interval {
  readonly p: Estimate;
}

/** r of two equally long samples; undefined for n < 3 or a constant sample, its interval for n < 4. */
export function pearson(x: readonly number[], y: readonly number[], confidence = 0.95): Correlation {
  const n = x.length;
  const nothing = (reason: string): Correlation => ({ ...undefinedInterval(reason), p: undefinedBecause(reason) });
  if (n < 3) return nothing('a correlation needs at least 3 pairs');
  const [xx, yy] = [sumOfSquares(x), sumOfSquares(y)];
  if (xx === 0 || yy === 0) return nothing('all values of one side are the same');
  const [mx, my] = [mean(x), mean(y)];
  const xy = x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  const t = r * Math.sqrt((n - 2) / (1 - r * r));
  const p = Math.abs(r) === 1 ? 0 : 2 * tCdf(-Math.abs(t), n - 2);
  if (n < 4)
    return {
      ...undefinedInterval('an interval of a correlation needs at least 4 pairs'),
      value: defined(r),
      p: defined(p),
    };
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) / Math.sqrt(n - 3);
  const z = Math.atanh(r);
  return {
    value: defined(r),
    ciLow: defined(Math.tanh(z - half)),
    ciHigh: defined(Math.tanh(z + half)),
    p: defined(p),
  };
}
