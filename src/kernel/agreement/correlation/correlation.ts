/** What every correlation here gives, and when none can be given. */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { defined, type Estimate, type Interval, type Test, undefinedBecause } from '../estimate.ts';

export interface Correlation extends Interval {
  /** −1 to 1. */
  readonly coefficient: Estimate;
  /** What p is of: t with its degrees of freedom, a standard normal z, or the coefficient's exact distribution. */
  readonly test: Test | undefined;
  /** Two-sided, against no correlation. */
  readonly p: Estimate;
}

/** Why two samples have no correlation, or undefined where they have. */
export function noCorrelation(x: readonly number[], y: readonly number[], n: number): string | undefined {
  if (n < 3) return `a correlation needs at least 3 pairs, and there ${n === 1 ? 'is 1' : `are ${n}`}`;
  if (isConstant(x) || isConstant(y)) return 'all values of one side are the same';
  return undefined;
}

export function withoutCorrelation(reason: string): Correlation {
  const none = undefinedBecause(reason);
  return { coefficient: none, p: none, ciLow: none, ciHigh: none, test: undefined };
}

/** Two-sided p of a correlation by t = r·√((n − 2)/(1 − r²)) with n − 2 degrees of freedom. */
export function pByT(r: number, n: number): number {
  if (Math.abs(r) >= 1) return 0;
  return 2 * tCdf(-Math.abs(tOf(r, n)), n - 2);
}

/** t = r·√((n − 2)/(1 − r²)) with n − 2 degrees of freedom, without a value at r = ±1. */
export function tTest(r: number, n: number): Test {
  const t =
    Math.abs(r) >= 1
      ? undefinedBecause('the correlation is exactly ±1, where t has no finite value')
      : defined(tOf(r, n));
  return { name: 't', value: t, degreesOfFreedom: [n - 2] };
}

function tOf(r: number, n: number): number {
  return r * Math.sqrt((n - 2) / (1 - r * r));
}

export function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
