/** Is one agreement better than another? The difference of two statistics over the same resampled patients (Efron & Tibshirani 1993, chapter 16). */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { type BootstrapInterval, type BootstrapPlan, intervalOfResamples } from './bootstrap.ts';
import { forEachResample, observedSample, type Sample, type Statistic, type Units } from './resample.ts';

export interface Comparison extends BootstrapInterval {
  /** First minus second, on the patients as observed. */
  readonly difference: Estimate;
  /**
   * Two-sided: twice the smaller share of resamples on either side of 0, (count + 1)/(resamples + 1), at most 1. So it
   * is never below 2/(resamples + 1).
   */
  readonly p: Estimate;
}

/**
 * Compares two statistics of the same patients, e.g. κ of AI with reader against κ of reader with reader. Both see
 * the same samples, so that what patients share cancels out. Use `kappaStatistic`, `spearmanStatistic` or
 * `intraclassStatistic` for the two, over the same case numbers.
 */
export function compareAgreements(units: Units, first: Statistic, second: Statistic, plan: BootstrapPlan): Comparison {
  const difference: Statistic = (sample: Sample) => {
    const [a, b] = [first(sample), second(sample)];
    return a === undefined || b === undefined ? undefined : a - b;
  };
  const values: number[] = [];
  forEachResample(units, plan.repetitions, plan.seed, (sample) => {
    const value = difference(sample);
    if (value !== undefined) values.push(value);
  });
  const observed = difference(observedSample(units));
  if (observed === undefined) {
    const none = undefinedBecause('at least one of the two statistics has no value for these data');
    return {
      difference: none,
      p: none,
      se: none,
      ciLow: none,
      ciHigh: none,
      withoutValue: plan.repetitions - values.length,
    };
  }
  const interval = intervalOfResamples(values, units, difference, plan);
  return {
    difference: defined(observed),
    ...interval,
    p: 'value' in interval.se ? defined(twoSidedP(values)) : interval.se,
  };
}

/** Two-sided p of a statistic against the value `against`, from its values over resamples. There is at least one. */
export function twoSidedP(values: readonly number[], against = 0): number {
  const notAbove = values.filter((value) => value <= against).length;
  const notBelow = values.filter((value) => value >= against).length;
  return Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (values.length + 1));
}
