/** The difference of two agreements on the same patients, by the paired bootstrap: each resample draws patients for both. */
import { type BootstrapInterval, bootstrapInterval } from './bootstrap.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface Difference extends BootstrapInterval {
  /** First minus second, on all patients. */
  readonly value: Estimate;
  /** Two-sided: twice the smaller share of resamples on either side of 0, with 1 added to count and total (Davison & Hinkley 1997). */
  readonly p: Estimate;
}

type Statistic = (sample: readonly number[]) => number | undefined;

/** Both statistics take the same numbers of patients, 0…cases − 1. */
export function compareAgreements(
  cases: number,
  first: Statistic,
  second: Statistic,
  repetitions: number,
  seed: number,
): Difference {
  const differences: number[] = [];
  const difference = (sample: readonly number[]) => {
    const [a, b] = [first(sample), second(sample)];
    return a === undefined || b === undefined ? undefined : a - b;
  };
  const interval = bootstrapInterval(
    cases,
    (sample) => {
      const value = difference(sample);
      if (value !== undefined) differences.push(value);
      return value;
    },
    repetitions,
    seed,
  );
  const value = difference(Array.from({ length: cases }, (_, n) => n));
  if (value === undefined || !('value' in interval.low)) {
    const none = undefinedBecause('one of the two agreements is undefined');
    return { ...interval, value: value === undefined ? none : defined(value), p: none };
  }
  const below = differences.filter((d) => d <= 0).length;
  const above = differences.filter((d) => d >= 0).length;
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1));
  return { ...interval, value: defined(value), p: defined(p) };
}
