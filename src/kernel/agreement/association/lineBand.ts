/** The line of least squares at places across, with an interval of its height whose standard errors need no equal variances (HC3, as `linearModel`). */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { leastSquares } from '../continuous/leastSquares.ts';
import { valueIn } from '../estimate.ts';
import { mean } from './moments.ts';

export interface LineAt {
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** None for fewer than 3 points, a constant x, or a point that alone decides the slope. */
export function lineBand(
  x: readonly number[],
  y: readonly number[],
  places: readonly number[],
  confidence = 0.95,
): LineAt[] {
  const n = x.length;
  const line = leastSquares(x, y);
  const [slope, intercept] = [valueIn(line.slope.value), valueIn(line.intercept.value)];
  if (slope === undefined || intercept === undefined) return [];
  const meanX = mean(x);
  const xx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const height = (at: number) => intercept + slope * at;
  const scaled = x.map((value, i) => (y[i]! - height(value)) / (1 - 1 / n - (value - meanX) ** 2 / xx));
  if (scaled.some((residual) => !Number.isFinite(residual))) return [];
  const t = tQuantile(0.5 + confidence / 2, n - 2);
  return places.map((at) => {
    // The height is a weighted sum of y, by these weights.
    const weight = (value: number) => 1 / n + ((at - meanX) * (value - meanX)) / xx;
    const variance = x.reduce((sum, value, i) => sum + (weight(value) * scaled[i]!) ** 2, 0);
    const half = t * Math.sqrt(variance);
    return { at, value: height(at), low: height(at) - half, high: height(at) + half };
  });
}
