/** Do means of groups differ, whatever their variances? Welch's test (Biometrika 1951), which for two groups is his t test (1947). */
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import { isConstant } from '../correlation/correlation.ts';
import { defined, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { mean, variance } from './moments.ts';

/** `value` is F. Undefined for fewer than two groups of two, and where a group has no spread. */
export function welchTest(groups: readonly (readonly number[])[]): NamedStatistic {
  const name = groups.length === 2 ? 'Welch’s t test' : 'Welch’s analysis of variance';
  const n = groups.reduce((sum, { length }) => sum + length, 0);
  const reason =
    groups.length < 2
      ? 'there is one group alone'
      : groups.some((group) => group.length < 2)
        ? 'a group has fewer than two patients'
        : groups.some(isConstant)
          ? 'a group has the same value throughout'
          : undefined;
  if (reason) {
    const none = undefinedBecause(reason);
    return { name, n, value: none, p: none };
  }
  const k = groups.length;
  const parts = groups.map((group) => {
    return { mean: mean(group), size: group.length, weight: group.length / variance(group) };
  });
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const grand = parts.reduce((sum, { mean, weight }) => sum + mean * weight, 0) / total;
  const spread = parts.reduce((sum, { weight, size }) => sum + (1 - weight / total) ** 2 / (size - 1), 0);
  const between = parts.reduce((sum, { mean, weight }) => sum + weight * (mean - grand) ** 2, 0) / (k - 1);
  const f = between / (1 + (2 * (k - 2) * spread) / (k ** 2 - 1));
  const below = (k ** 2 - 1) / (3 * spread);
  return {
    name,
    n,
    value: defined(f),
    p: defined(1 - fCdf(f, k - 1, below)),
    test: { name: 'F', value: defined(f), degreesOfFreedom: [k - 1, below] },
  };
}
