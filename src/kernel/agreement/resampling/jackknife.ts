/** The jackknife: how a statistic changes when each case or patient is left out once (Tukey 1958; Efron & Tibshirani 1993, chapter 11). */
import { defined, type Estimate, type Interval, noInterval, undefinedBecause } from '../estimate.ts';
import { tInterval } from '../tInterval.ts';
import { observedSample, type Statistic, type Units, unitCount } from './resample.ts';

export interface Jackknife extends Interval {
  readonly se: Estimate;
}

/** The statistic without each unit in turn, in the units' order. */
export function leaveOneOut(units: Units, statistic: Statistic): (number | undefined)[] {
  const cases = typeof units === 'number' ? undefined : units;
  const all = observedSample(units);
  const rest = new Int32Array(all.length);
  let from = 0;
  return Array.from({ length: unitCount(units) }, (_, unit) => {
    const size = cases ? cases[unit]!.length : 1;
    rest.set(all.subarray(0, from));
    rest.set(all.subarray(from + size), from);
    from += size;
    return statistic(rest.subarray(0, all.length - size));
  });
}

/**
 * Standard error √((n − 1)/n · Σ(θ₍ᵢ₎ − θ̄)²) and the interval estimate ± t(n − 1)·SE. `leftOut` holds the values
 * without each unit; `times` says of how many units each of them is the value (1 each unless given).
 */
export function jackknife(
  estimate: number,
  leftOut: readonly (number | undefined)[],
  times: readonly number[] = leftOut.map(() => 1),
  confidence = 0.95,
): Jackknife {
  const n = times.reduce((a, b) => a + b, 0);
  if (n < 3) return none('a jackknife needs at least 3 patients');
  let sum = 0;
  for (const [i, value] of leftOut.entries()) {
    if (value === undefined) return none('the statistic has no value once a certain patient is left out');
    sum += times[i]! * value;
  }
  const mean = sum / n;
  const squares = leftOut.reduce<number>((total, value, i) => total + times[i]! * (value! - mean) ** 2, 0);
  const se = Math.sqrt(((n - 1) / n) * squares);
  return { se: defined(se), ...tInterval(estimate, se, { degreesOfFreedom: n - 1, confidence }) };
}

function none(reason: string): Jackknife {
  return { se: undefinedBecause(reason), ...noInterval(reason) };
}
