/** The interval of an estimate by Student's t: estimate ± t·SE. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { type Interval, interval } from './estimate.ts';

interface TIntervalOptions {
  readonly degreesOfFreedom: number;
  /** 0–1. */
  readonly confidence: number;
  /** What the estimate cannot lie beyond; anything where left out. */
  readonly within?: readonly [low: number, high: number];
}

/** `se` is at least 0; where it is 0 the interval has no width. */
export function tInterval(
  value: number,
  se: number,
  { degreesOfFreedom, confidence, within: [low, high] = [-Infinity, Infinity] }: TIntervalOptions,
): Interval {
  const half = tQuantile(0.5 + confidence / 2, degreesOfFreedom) * se;
  return interval(Math.max(low, value - half), Math.min(high, value + half));
}
