/** An estimate with its confidence interval. */
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface Interval {
  readonly value: Estimate;
  readonly ciLow: Estimate;
  readonly ciHigh: Estimate;
}

export function interval(value: number, ciLow: number, ciHigh: number): Interval {
  return { value: defined(value), ciLow: defined(ciLow), ciHigh: defined(ciHigh) };
}

export function undefinedInterval(reason: string): Interval {
  const none = undefinedBecause(reason);
  return { value: none, ciLow: none, ciHigh: none };
}
