/** Spearman's rank correlation (1904) with its two-sided p and confidence interval. */
import { defined, noInterval } from '../estimate.ts';
import type { CountedStatistic } from '../resampling/countedResample.ts';
import type { Statistic } from '../resampling/resample.ts';
import { countOf, repeated, type Times } from '../times.ts';
import { type Correlation, isConstant, noCorrelation, pByT, tTest, withoutCorrelation } from './correlation.ts';
import { fisherInterval } from './fisherInterval.ts';
import { productMoment } from './pearson.ts';
import { ranks } from './ranks.ts';

/** Largest n for which all n! orders are tried. */
const EXACT_UP_TO = 9;
/** Correlations closer than this are the same order's, but for rounding. */
const SAME = 1e-9;

/**
 * ρ is Pearson's correlation of the ranks, ties sharing their mean rank. p: for n ≤ 9 the share of all orders at
 * least as far from 0 (ties kept), else by t with n − 2 degrees of freedom. The interval: Fisher's z with the
 * variance (1 + ρ²/2)/(n − 3) of Bonett & Wright (Psychometrika 2000). Undefined with its reason for n < 3 or a
 * constant sample; without an interval for n < 4 and at ρ = ±1.
 */
export function spearman(x: readonly number[], y: readonly number[], confidence = 0.95, times?: Times): Correlation {
  const n = countOf(x, times);
  const reason = noCorrelation(x, y, n);
  if (reason) return withoutCorrelation(reason);
  const [rx, ry] = [ranks(x, times), ranks(y, times)];
  const rho = productMoment(rx, ry, times);
  const isExact = n <= EXACT_UP_TO;
  return {
    coefficient: defined(rho),
    p: defined(isExact ? exactP(repeated(rx, times), repeated(ry, times), rho) : pByT(rho, n)),
    test: isExact ? { name: 'exact' } : tTest(rho, n),
    ...(n < 4
      ? noInterval('a confidence interval of a correlation needs at least 4 pairs')
      : fisherInterval(rho, (1 + (rho * rho) / 2) / (n - 3), confidence)),
  };
}

/** ρ alone; undefined for n < 3 or where a side is constant. */
export function spearmanRho(x: readonly number[], y: readonly number[]): number | undefined {
  if (x.length < 3 || isConstant(x) || isConstant(y)) return undefined;
  return productMoment(ranks(x), ranks(y));
}

/**
 * ρ of resampled cases. Values are numbered in ascending order once, so that a sample's ranks come from counting
 * instead of sorting: n + number of different values steps a sample.
 */
export function spearmanStatistic(x: readonly number[], y: readonly number[]): Statistic {
  const [left, right] = [rankCounter(x), rankCounter(y)];
  return (sample) => {
    const n = sample.length;
    if (n < 3) return undefined;
    const xx = left.count(sample);
    const yy = right.count(sample);
    if (xx === 0 || yy === 0) return undefined;
    let xy = 0;
    for (let i = 0; i < n; i++) {
      const number = sample[i]!;
      xy += left.centred[left.codes[number]!]! * right.centred[right.codes[number]!]!;
    }
    return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  };
}

/**
 * ρ of kinds of cases, in two passes over them. Centred ranks are whole halves, so that sums over up to 300 000 cases are
 * exact, and ρ is that of `spearmanStatistic` to the last digit.
 */
export function spearmanOfTimes(x: readonly number[], y: readonly number[]): CountedStatistic {
  const order = Int32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]!);
  // 1 where the next one has another value of x.
  const isLast = Uint8Array.from(order.keys(), (place) => Number(x[order[place]!] !== x[order[place + 1]!]));
  const right = rankCounter(y);
  const { centred } = right;
  const codes = Int32Array.from(order, (kind) => right.codes[kind]!);
  return (times) => {
    const { n, squares: yy } = right.countTimes(times);
    if (n < 3 || yy === 0) return undefined;
    let before = 0;
    let xx = 0;
    let xy = 0;
    let same = 0;
    let sum = 0;
    for (let place = 0; place < order.length; place++) {
      const count = times[order[place]!]!;
      same += count;
      sum += count * centred[codes[place]!]!;
      if (isLast[place] === 0) continue;
      const rank = before + (same - n) * 0.5;
      xx += same * rank * rank;
      xy += rank * sum;
      before += same;
      same = 0;
      sum = 0;
    }
    return xx === 0 ? undefined : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  };
}

function rankCounter(values: readonly number[]) {
  const distinct = Float64Array.from(new Set(values)).sort();
  const codeOf = new Map(Array.from(distinct, (value, code) => [value, code]));
  const codes = Int32Array.from(values, (value) => codeOf.get(value)!);
  const counts = new Int32Array(distinct.length);
  /** Mean rank of each different value in the last sample counted, less the mean of all ranks. */
  const centred = new Float64Array(distinct.length);
  /** Fills `centred` from the counts of n cases, and returns the sum of squares of their centred ranks. */
  const centre = (n: number): number => {
    let [before, squares] = [0, 0];
    for (let code = 0; code < counts.length; code++) {
      const times = counts[code]!;
      const rank = before + (times - n) / 2;
      centred[code] = rank;
      squares += times * rank * rank;
      before += times;
    }
    return squares;
  };
  const count = (sample: Int32Array): number => {
    counts.fill(0);
    for (let i = 0; i < sample.length; i++) counts[codes[sample[i]!]!]!++;
    return centre(sample.length);
  };
  /** The same of kinds of cases, each as often as `times` says, with the number of all. */
  const countTimes = (times: Int32Array): { readonly n: number; readonly squares: number } => {
    counts.fill(0);
    let n = 0;
    for (let kind = 0; kind < times.length; kind++) {
      counts[codes[kind]!]! += times[kind]!;
      n += times[kind]!;
    }
    return { n, squares: centre(n) };
  };
  return { codes, centred, count, countTimes };
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
