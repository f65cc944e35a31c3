/** Quantiles of χ² over its degrees of freedom. */
import fQuantile from '@stdlib/stats-base-dists-f-quantile';

/**
 * χ²/ν is F with ν and infinitely many degrees of freedom. @stdlib's own χ² quantile (0.2.3) is wrong by up to 2e-4
 * above 1900 degrees of freedom; this way it is right to 1e-11.
 */
const INFINITELY_MANY = 1e14;

/** The q with P(χ²/ν ≤ q) = `probability`. */
export function meanSquareQuantile(probability: number, degreesOfFreedom: number): number {
  return fQuantile(probability, degreesOfFreedom, INFINITELY_MANY);
}
