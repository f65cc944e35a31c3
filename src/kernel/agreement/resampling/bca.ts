/** Which quantiles of a bootstrap distribution the bias-corrected and accelerated interval takes (Efron, J Am Stat Assoc 1987). */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

export type PercentileLevels = { readonly low: number; readonly high: number } | { readonly undefinedBecause: string };

/**
 * Shares Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))) for z = ±Φ⁻¹((1 + confidence)/2): z₀ from the share of resampled values
 * below the estimate (half of those equal to it, as coefficients of tables have many), a from the skewness of the
 * leave-one-out values. Undefined where all resamples lie on one side, or where leaving out a unit leaves no value.
 */
export function bcaLevels(
  sorted: Float64Array,
  estimate: number,
  leftOut: readonly (number | undefined)[],
  confidence: number,
): PercentileLevels {
  const below = sorted.filter((value) => value < estimate).length;
  const equal = sorted.filter((value) => value === estimate).length;
  const share = (below + equal / 2) / sorted.length;
  if (share === 0 || share === 1)
    return {
      undefinedBecause: 'all bootstrap samples lie on one side of the estimate, so BCa cannot correct for bias',
    };
  const values = leftOut.filter((value) => value !== undefined);
  if (values.length < leftOut.length)
    return { undefinedBecause: 'the statistic has no value once a certain patient is left out, which BCa needs' };
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  if (squares === 0) return { undefinedBecause: 'no patient changes the statistic when left out' };
  const acceleration = cubes / (6 * squares ** 1.5);
  const bias = normalQuantile(share, 0, 1);
  const corrected = (probability: number) => {
    const z = bias + normalQuantile(probability, 0, 1);
    return normalCdf(bias + z / (1 - acceleration * z), 0, 1);
  };
  return { low: corrected((1 - confidence) / 2), high: corrected((1 + confidence) / 2) };
}
