/** Wilson's score interval of a share (J Am Stat Assoc 1927), which keeps its coverage near 0 and 1. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** Ends, 0–1, for a share of n cases; n is above 0. */
export function wilsonInterval(share: number, n: number, confidence: number): { low: number; high: number } {
  const z = normalQuantile(0.5 + confidence / 2, 0, 1);
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, Math.min(share, centre - half)), high: Math.min(1, Math.max(share, centre + half)) };
}
