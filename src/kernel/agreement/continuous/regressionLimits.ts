/** Limits of agreement that change with the size of what is measured, by two regressions (Bland & Altman, Stat Methods Med Res 1999, section 3.2). */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, undefinedBecause, valueIn } from '../estimate.ts';
import type { Times } from '../times.ts';
import { type LeastSquares, leastSquares } from './leastSquares.ts';
import { proportionalBias } from './proportionalBias.ts';

export interface RegressionLimits {
  /** Of the difference left − right on the mean of both: the bias at each mean. */
  readonly bias: LeastSquares;
  /** Of the size of that regression's residuals on the mean: does the scatter grow? */
  readonly scatter: LeastSquares;
  /** Lowest, median and highest mean of a pair; undefined where there are no limits. */
  readonly means: readonly [low: number, middle: number, high: number] | undefined;
  /** The limit at a mean, in the readings' unit. */
  readonly limitAt: (end: 'lower' | 'upper', mean: number) => Estimate;
}

/**
 * Limits at a mean A are b₀ + b₁A ± 1.96·√(π/2)·(c₀ + c₁A), b from the differences, c from the absolute residuals, whose
 * mean is √(2/π) of a standard deviation. Undefined for n < 3, where all means are the same, and at means where the
 * scatter would be below 0.
 */
export function regressionLimits(
  left: readonly number[],
  right: readonly number[],
  confidence = 0.95,
  times?: Times,
): RegressionLimits {
  const means = left.map((value, i) => (value + right[i]!) / 2);
  const differences = left.map((value, i) => value - right[i]!);
  const bias = proportionalBias(left, right, confidence, times);
  const [b0, b1] = [bias.intercept.value, bias.slope.value].map(valueIn);
  const residuals = differences.map((value, i) => Math.abs(value - (b0 ?? 0) - (b1 ?? 0) * means[i]!));
  const scatter = leastSquares(means, residuals, confidence, times);
  const [c0, c1] = [scatter.intercept.value, scatter.slope.value].map(valueIn);
  const factor = normalQuantile(0.975, 0, 1) * Math.sqrt(Math.PI / 2);
  const sorted = [...means].sort((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return {
    bias,
    scatter,
    means: b0 === undefined ? undefined : [sorted[0]!, middle, sorted.at(-1)!],
    limitAt: (end, mean) => {
      if (b0 === undefined || b1 === undefined || c0 === undefined || c1 === undefined) return bias.slope.value;
      const spread = c0 + c1 * mean;
      if (spread < 0) return undefinedBecause('the scatter would be below 0 at this mean');
      return defined(b0 + b1 * mean + (end === 'lower' ? -1 : 1) * factor * spread);
    },
  };
}
