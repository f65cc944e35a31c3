/** Spearman's rank correlation (1904) with its two-sided p and confidence interval. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { ranks } from './ranks.ts';

export interface Spearman {
  readonly rho: Estimate;
  /** Two-sided: exact over all permutations for n ≤ 9 (ties kept), else by t with n − 2 degrees of freedom. */
  readonly p: Estimate;
  /** Fisher's z with the variance (1 + ρ²/2)/(n − 3) of Bonett & Wright (Psychometrika 2000). */
  readonly ciLow: Estimate;
  readonly ciHigh: Estimate;
}

/** Largest n for which all n! orders are tried. */
const EXACT_UP_TO = 9;
/** Correlations closer than this are the same order's, but for rounding. */
const SAME = 1e-9;

/** Correlation of two equally long samples; undefined with its reason for n < 3 or a constant sample. */
export function spearman(x: readonly number[], y: readonly number[], confidence = 0.95): Spearman {
  const nothing = (reason: string): Spearman => {
    const none = undefinedBecause(reason);
    return { rho: none, p: none, ciLow: none, ciHigh: none };
  };
  const n = x.length;
  if (n < 3) return nothing(`a rank correlation needs at least 3 pairs, and there ${n === 1 ? 'is 1' : `are ${n}`}`);
  const [rx, ry] = [ranks(x), ranks(y)];
  if (isConstant(x) || isConstant(y)) return nothing('all values of one side are the same');
  const rho = rankCorrelation(rx, ry);
  return {
    rho: defined(rho),
    p: defined(n <= EXACT_UP_TO ? exactP(rx, ry, rho) : approximateP(rho, n)),
    ...interval(rho, n, confidence),
  };
}

/** ρ alone, for resampling; undefined where a side is constant. */
export function spearmanRho(x: readonly number[], y: readonly number[]): number | undefined {
  if (x.length < 3 || isConstant(x) || isConstant(y)) return undefined;
  return rankCorrelation(ranks(x), ranks(y));
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

/** Pearson's correlation of ranks; both sums of squares are above 0. */
function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const mean = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let n = 0; n < x.length; n++) {
    xy += (x[n]! - mean) * (y[n]! - mean);
    xx += (x[n]! - mean) ** 2;
    yy += (y[n]! - mean) ** 2;
  }
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

function approximateP(rho: number, n: number): number {
  if (Math.abs(rho) >= 1) return 0;
  const t = Math.abs(rho) * Math.sqrt((n - 2) / (1 - rho * rho));
  return 2 * tCdf(-t, n - 2);
}

/** Share of all orders of y whose correlation with x is at least as far from 0 (Heap's algorithm). */
function exactP(x: readonly number[], y: readonly number[], rho: number): number {
  const mean = (x.length + 1) / 2;
  const a = x.map((rank) => rank - mean);
  const b = y.map((rank) => rank - mean);
  const scale = Math.sqrt(a.reduce((s, v) => s + v * v, 0) * b.reduce((s, v) => s + v * v, 0));
  const limit = Math.abs(rho) - SAME;
  let [extreme, total] = [0, 0];
  const visit = () => {
    let sum = 0;
    for (let n = 0; n < a.length; n++) sum += a[n]! * b[n]!;
    total++;
    if (Math.abs(sum / scale) >= limit) extreme++;
  };
  const permute = (size: number) => {
    if (size === 1) {
      visit();
      return;
    }
    for (let n = 0; n < size; n++) {
      permute(size - 1);
      const swap = size % 2 ? 0 : n;
      [b[swap], b[size - 1]] = [b[size - 1]!, b[swap]!];
    }
  };
  permute(b.length);
  return extreme / total;
}

function interval(rho: number, n: number, confidence: number): { ciLow: Estimate; ciHigh: Estimate } {
  const none = (reason: string) => ({ ciLow: undefinedBecause(reason), ciHigh: undefinedBecause(reason) });
  if (n < 4) return none('a confidence interval of ρ needs at least 4 pairs');
  if (Math.abs(rho) >= 1) return none('ρ is exactly ±1, where Fisher’s z has no interval');
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * Math.sqrt((1 + (rho * rho) / 2) / (n - 3));
  const z = Math.atanh(rho);
  return { ciLow: defined(Math.tanh(z - half)), ciHigh: defined(Math.tanh(z + half)) };
}
