/** Pearson's product-moment correlation (1896) with its two-sided p and confidence interval. */
import { defined, noInterval } from '../estimate.ts';
import { countOf, meanOf, type Times } from '../times.ts';
import { type Correlation, noCorrelation, pByT, tTest, withoutCorrelation } from './correlation.ts';
import { fisherInterval } from './fisherInterval.ts';

/**
 * r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)²·Σ(y − ȳ)²) of two equally long samples; p by t with n − 2 degrees of freedom, the
 * interval by Fisher's z with variance 1/(n − 3). Undefined with its reason for n < 3 or a constant sample; without
 * an interval for n < 4 and at r = ±1.
 */
export function pearson(x: readonly number[], y: readonly number[], confidence = 0.95, times?: Times): Correlation {
  const n = countOf(x, times);
  const reason = noCorrelation(x, y, n);
  if (reason) return withoutCorrelation(reason);
  const r = productMoment(x, y, times);
  return {
    coefficient: defined(r),
    p: defined(pByT(r, n)),
    test: tTest(r, n),
    ...(n < 4
      ? noInterval('a confidence interval of a correlation needs at least 4 pairs')
      : fisherInterval(r, 1 / (n - 3), confidence)),
  };
}

/** r of two samples that both vary. */
export function productMoment(x: readonly number[], y: readonly number[], times?: Times): number {
  const [meanX, meanY] = [meanOf(x, times), meanOf(y, times)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let n = 0; n < x.length; n++) {
    const count = times ? times[n]! : 1;
    xy += count * (x[n]! - meanX) * (y[n]! - meanY);
    xx += count * (x[n]! - meanX) ** 2;
    yy += count * (y[n]! - meanY) ** 2;
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
