/** The rank sum test of two groups (Mann & Whitney 1947; Wilcoxon 1945), with the rank-biserial correlation as the size of the effect. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { isConstant } from '../correlation/correlation.ts';
import { ranks } from '../correlation/ranks.ts';
import { defined, interval, noInterval, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { mean, variance } from './moments.ts';

/** Groups below this size, without ties, have an exact p, as in R. */
const EXACT_BELOW = 50;

export interface MannWhitney {
  /** Pairs in which the first group has the higher value, equal ones counting half. */
  readonly u: number;
  /** 2·U/(n₁·n₂) − 1, from −1 (the first group is always lower) to 1 (always higher), with DeLong's interval (Biometrics 1988) on the logit of U/(n₁·n₂); p two-sided: exact for small groups without ties, else normal, corrected for ties and continuity. */
  readonly rankBiserial: NamedStatistic;
}

export function mannWhitney(first: readonly number[], second: readonly number[], confidence = 0.95): MannWhitney {
  const [m, n] = [first.length, second.length];
  const name = 'Mann–Whitney, rank-biserial r';
  if (m === 0 || n === 0 || isConstant([...first, ...second])) {
    const reason = m === 0 || n === 0 ? 'one of both groups has nobody' : 'all values are the same';
    const none = undefinedBecause(reason);
    return { u: 0, rankBiserial: { name, value: none, n: m + n, interval: noInterval(reason), p: none } };
  }
  const all = ranks([...first, ...second]);
  const u = all.slice(0, m).reduce((a, b) => a + b, 0) - (m * (m + 1)) / 2;
  const hasTies = new Set([...first, ...second]).size < m + n;
  const isExact = !hasTies && m < EXACT_BELOW && n < EXACT_BELOW;
  const z = normalScore(u, all, m, n);
  return {
    u,
    rankBiserial: {
      name,
      value: defined((2 * u) / (m * n) - 1),
      n: m + n,
      ...deLongInterval(first, second, all, confidence),
      p: defined(isExact ? exactP(u, m, n) : Math.min(1, 2 * normalCdf(-Math.abs(z), 0, 1))),
      test: isExact ? { name: 'exact' } : { name: 'z', value: defined(z) },
    },
  };
}

function normalScore(u: number, all: readonly number[], m: number, n: number): number {
  const tied = [...Map.groupBy(all, (rank) => rank).values()].reduce((sum, { length: t }) => sum + t ** 3 - t, 0);
  const variance = ((m * n) / 12) * (m + n + 1 - tied / ((m + n) * (m + n - 1)));
  const distance = u - (m * n) / 2;
  return (distance - Math.sign(distance) * 0.5) / Math.sqrt(variance);
}

/** Twice the share of all orders of m and n values whose U is at least as far out on its side. */
function exactP(u: number, m: number, n: number): number {
  // ways[k]: orders of the groups so far whose U is k, by adding one value of the first group after the other.
  const ways = new Float64Array(m * n + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i++) {
    // Gaussian binomials: times (1 − q^(n+i)), divided by (1 − q^i).
    for (let k = m * n; k >= n + i; k--) ways[k]! -= ways[k - n - i]!;
    for (let k = i; k <= m * n; k++) ways[k]! += ways[k - i]!;
  }
  const total = ways.reduce((a, b) => a + b, 0);
  const lower = Math.min(u, m * n - u);
  const tail = ways.slice(0, lower + 1).reduce((a, b) => a + b, 0);
  return Math.min(1, (2 * tail) / total);
}

/** Of the rank-biserial correlation, by the variance of each value's share of the other group that it is above. */
function deLongInterval(
  first: readonly number[],
  second: readonly number[],
  all: readonly number[],
  confidence: number,
): Pick<NamedStatistic, 'se' | 'interval' | 'by'> {
  const [m, n] = [first.length, second.length];
  const [own, other] = [ranks(first), ranks(second)];
  const above = own.map((rank, i) => (all[i]! - rank) / n);
  const area = mean(above);
  if (m < 2 || n < 2) return { interval: noInterval('an interval needs two patients in each group') };
  if (area <= 0 || area >= 1) return { interval: noInterval('the groups do not overlap') };
  const below = other.map((rank, j) => 1 - (all[m + j]! - rank) / m);
  const se = Math.sqrt(variance(above) / m + variance(below) / n);
  const half = (normalQuantile(0.5 + confidence / 2, 0, 1) * se) / (area * (1 - area));
  const centre = Math.log(area / (1 - area));
  const end = (logit: number) => 2 / (1 + Math.exp(-logit)) - 1;
  return { se: defined(2 * se), interval: interval(end(centre - half), end(centre + half)), by: 'DeLong, logit' };
}
