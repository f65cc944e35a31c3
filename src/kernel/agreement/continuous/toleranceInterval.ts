/** Where single future differences lie: prediction and tolerance intervals of normal differences (Howe 1969; Odeh 1978; Francq, Berger & Boachie, Stat Med 2020). */
import gammainc from '@stdlib/math-base-special-gammainc';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { type Interval, interval, noInterval } from '../estimate.ts';
import { rootOf } from './noncentralT.ts';

export interface ToleranceIntervals {
  /** Holds the next difference with the probability `content`. */
  readonly prediction: Interval;
  /** Holds at least `content` of all differences, with the confidence asked for. */
  readonly tolerance: Interval;
}

/**
 * Of differences in the readings' unit. Prediction: mean ± t(n − 1)·SD·√(1 + 1/n). Tolerance: mean ± k·SD with the exact
 * two-sided factor. Undefined with its reason for n < 2 or where all differences are the same.
 */
export function toleranceIntervals(
  differences: readonly number[],
  content = 0.95,
  confidence = 0.95,
): ToleranceIntervals {
  const n = differences.length;
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const reason =
    n < 2
      ? 'a tolerance interval needs at least 2 pairs'
      : sd <= 8 * Number.EPSILON * largest
        ? 'all differences are the same'
        : undefined;
  if (reason) return { prediction: noInterval(reason), tolerance: noInterval(reason) };
  const around = (half: number) => interval(mean - half, mean + half);
  return {
    prediction: around(tQuantile(0.5 + content / 2, n - 1) * sd * Math.sqrt(1 + 1 / n)),
    tolerance: around(toleranceFactor(n, content, confidence) * sd),
  };
}

/** Steps of the integral over the mean, whose integrand is smooth and falls off at both ends, so that the trapezoid rule is good to about 1e-12. */
const STEP = 0.05;
const FURTHEST = 8.5;

/**
 * k with P(at least `content` of the normal distribution lies within mean ± k·SD of n values) = `confidence`: the mean
 * is u/√n off, where the half-width must reach r(u) with Φ(u/√n + r) − Φ(u/√n − r) = content, so that the confidence
 * is ∫ P(χ²/ν ≥ r²/k²) φ(u) du.
 */
export function toleranceFactor(n: number, content: number, confidence: number): number {
  const z = normalQuantile(0.5 + content / 2, 0, 1);
  const nodes: { readonly reach: number; readonly weight: number }[] = [];
  for (let u = 0; u <= FURTHEST; u += STEP)
    nodes.push({
      reach: reachOf(u / Math.sqrt(n), content, z),
      weight: (u === 0 ? 1 : 2) * STEP * Math.exp((-u * u) / 2 - Math.log(2 * Math.PI) / 2),
    });
  const half = (n - 1) / 2;
  const held = (k: number) =>
    nodes.reduce(
      (sum, { reach, weight }) => sum + weight * gammainc((half * reach * reach) / (k * k), half, true, true),
      0,
    );
  return Math.exp(rootOf((logK) => held(Math.exp(logK)) - confidence, Math.log(z), 0.5));
}

/** r with Φ(centre + r) − Φ(centre − r) = content, by Newton's method from above, where it cannot overshoot. */
function reachOf(centre: number, content: number, z: number): number {
  let reach = centre + z;
  for (let n = 0; n < 60; n++) {
    const excess = normalCdf(centre + reach, 0, 1) - normalCdf(centre - reach, 0, 1) - content;
    const slope =
      (Math.exp(-((centre + reach) ** 2) / 2) + Math.exp(-((centre - reach) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    const next = reach - excess / slope;
    if (Math.abs(next - reach) < 1e-14 * reach) return next;
    reach = next;
  }
  return reach;
}
