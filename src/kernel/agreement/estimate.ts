/** A statistic, or the reason why it has no value for these data. */
export type Estimate = { readonly value: number } | { readonly undefinedBecause: string };

/** The ends of a confidence interval; both are defined, or neither. */
export interface Interval {
  readonly ciLow: Estimate;
  readonly ciHigh: Estimate;
}

/** What a p is of. */
export interface Test {
  readonly name: 't' | 'z' | 'F' | 'χ²' | 'exact' | 'bootstrap';
  /** None where p comes from no such value: an exact or a resampled test. */
  readonly value?: Estimate;
  /** None, one, or two (of F, the upper ones first). */
  readonly degreesOfFreedom?: readonly number[];
}

export function defined(value: number): Estimate {
  return { value };
}

export function undefinedBecause(reason: string): Estimate {
  return { undefinedBecause: reason };
}

/** The value, or undefined. */
export function valueIn(estimate: Estimate): number | undefined {
  return 'value' in estimate ? estimate.value : undefined;
}

/** Differences of shares and means smaller than this are what rounding leaves of zero. */
const ZERO = 1e-14;

/** The value of a coefficient as tables show it, or undefined: zero where it is one but for rounding, and never below it. */
export function coefficientIn(estimate: Estimate): number | undefined {
  const value = valueIn(estimate);
  return value !== undefined && Math.abs(value) < ZERO ? 0 : value;
}

export function interval(low: number, high: number): Interval {
  return { ciLow: defined(low), ciHigh: defined(high) };
}

export function noInterval(reason: string): Interval {
  return { ciLow: undefinedBecause(reason), ciHigh: undefinedBecause(reason) };
}
