/** Is one agreement better than another? The difference of two statistics over the same resampled patients (Efron & Tibshirani 1993, chapter 16). */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { type BootstrapInterval, type BootstrapPlan, intervalOfResamples, observedOf } from './bootstrap.ts';
import {
  forEachResample,
  type ObservedStatistic,
  observedSample,
  type Sample,
  type Statistic,
  type Units,
  unitCount,
} from './resample.ts';

/** How two statistics are compared. */
export interface ComparisonPlan extends BootstrapPlan {
  /** By how much the first may be worse, in the unit of the statistics. */
  readonly margin?: number | undefined;
}

export interface Comparison extends BootstrapInterval {
  /** First minus second, on the patients as observed. */
  readonly difference: Estimate;
  /**
   * Two-sided: twice the smaller share of resamples on either side of 0, (count + 1)/(resamples + 1), at most 1. So it
   * is never below 2/(resamples + 1).
   */
  readonly p: Estimate;
  /**
   * Where a margin is given: one-sided, against the first being worse by it or more, (count of resamples at −margin or
   * below + 1)/(resamples + 1). Not above 0.025 where the lower end of a 95 % percentile interval is above −margin, but
   * for ties.
   */
  readonly pNotWorse?: Estimate;
}

/**
 * Compares two statistics of the same patients, e.g. κ of AI with reader against κ of reader with reader. Both see
 * the same samples, so that what patients share cancels out. Use `kappaStatistic`, `spearmanStatistic` or
 * `intraclassStatistic` for the two, over the same case numbers.
 */
export function compareAgreements(units: Units, first: Statistic, second: Statistic, plan: ComparisonPlan): Comparison {
  const difference: Statistic = (sample: Sample) => {
    const [a, b] = [first(sample), second(sample)];
    return a === undefined || b === undefined ? undefined : a - b;
  };
  const values: number[] = [];
  forEachResample(units, plan.repetitions, plan.seed, (sample) => {
    const value = difference(sample);
    if (value !== undefined) values.push(value);
  });
  return comparisonOf(values, observedOf(units, difference), plan);
}

/**
 * The same of two groups that have no patient in common: each is resampled by itself, so that their statistics are
 * independent. Intervals are by percentiles, whatever `plan` says.
 */
export function compareIndependent(
  first: { readonly units: Units; readonly statistic: Statistic },
  second: { readonly units: Units; readonly statistic: Statistic },
  plan: ComparisonPlan,
): Comparison {
  const draws = [first, second].map(({ units, statistic }, group) => {
    const values: (number | undefined)[] = [];
    forEachResample(units, plan.repetitions, `${plan.seed} ${group}`, (sample) => values.push(statistic(sample)));
    return { values, observed: statistic(observedSample(units)) };
  });
  const minus = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a - b;
  const values = draws[0]!.values.flatMap((value, r) => minus(value, draws[1]!.values[r]) ?? []);
  return comparisonOf(
    values,
    {
      units: Math.min(unitCount(first.units), unitCount(second.units)),
      estimate: () => minus(draws[0]!.observed, draws[1]!.observed),
      leftOut: () => [],
    },
    { ...plan, method: 'percentile' },
  );
}

/** From the differences over the resamples, and that observed. */
export function comparisonOf(values: readonly number[], observed: ObservedStatistic, plan: ComparisonPlan): Comparison {
  const { margin } = plan;
  const difference = observed.estimate();
  if (difference === undefined) {
    const none = undefinedBecause('at least one of the two statistics has no value for these data');
    return {
      difference: none,
      p: none,
      se: none,
      ciLow: none,
      ciHigh: none,
      withoutValue: plan.repetitions - values.length,
      ...(margin !== undefined && { pNotWorse: none }),
    };
  }
  const interval = intervalOfResamples(values, observed, plan);
  const { se } = interval;
  const whereDefined = (p: () => number): Estimate => ('value' in se ? defined(p()) : se);
  return {
    difference: defined(difference),
    ...interval,
    p: whereDefined(() => twoSidedP(values)),
    ...(margin !== undefined && { pNotWorse: whereDefined(() => worseShare(values, margin)) }),
  };
}

function worseShare(values: readonly number[], margin: number): number {
  return (values.filter((value) => value <= -margin).length + 1) / (values.length + 1);
}

/** Two-sided p of a statistic against the value `against`, from its values over resamples. There is at least one. */
export function twoSidedP(values: readonly number[], against = 0): number {
  const notAbove = values.filter((value) => value <= against).length;
  const notBelow = values.filter((value) => value >= against).length;
  return Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (values.length + 1));
}
