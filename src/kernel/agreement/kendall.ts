/** Kendall's τ-b (1945), with the normal approximation of its p that allows for ties. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface Kendall {
  readonly tau: Estimate;
  /** Two-sided, by the variance under independence with ties (Kendall 1970, as R and SciPy's asymptotic method). */
  readonly p: Estimate;
}

/** τ-b of two equally long samples; undefined for n < 3 or a constant sample. Takes n² steps. */
export function kendallTauB(x: readonly number[], y: readonly number[]): Kendall {
  const n = x.length;
  const nothing = (reason: string): Kendall => ({ tau: undefinedBecause(reason), p: undefinedBecause(reason) });
  if (n < 3) return nothing('a rank correlation needs at least 3 pairs');
  let balance = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) balance += Math.sign(x[i]! - x[j]!) * Math.sign(y[i]! - y[j]!);
  const [tx, ty] = [tieSizes(x), tieSizes(y)];
  const pairs = (n * (n - 1)) / 2;
  const tied = (sizes: readonly number[]) => sizes.reduce((sum, t) => sum + (t * (t - 1)) / 2, 0);
  const scale = Math.sqrt((pairs - tied(tx)) * (pairs - tied(ty)));
  if (scale === 0) return nothing('all values of one side are the same');
  const v0 = n * (n - 1) * (2 * n + 5);
  const sum = (sizes: readonly number[], of: (t: number) => number) => sizes.reduce((total, t) => total + of(t), 0);
  const vt = sum(tx, (t) => t * (t - 1) * (2 * t + 5));
  const vu = sum(ty, (t) => t * (t - 1) * (2 * t + 5));
  const v1 = (sum(tx, (t) => t * (t - 1)) * sum(ty, (t) => t * (t - 1))) / (2 * n * (n - 1));
  const v2 =
    (sum(tx, (t) => t * (t - 1) * (t - 2)) * sum(ty, (t) => t * (t - 1) * (t - 2))) / (9 * n * (n - 1) * (n - 2));
  const z = balance / Math.sqrt((v0 - vt - vu) / 18 + v1 + v2);
  return { tau: defined(balance / scale), p: defined(2 * normalCdf(-Math.abs(z), 0, 1)) };
}

function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
