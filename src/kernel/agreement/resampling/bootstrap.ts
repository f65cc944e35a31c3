/** Bootstrap confidence intervals over cases or patients: percentile (Efron & Tibshirani 1993, chapter 13) or BCa (chapter 14). */
import { defined, type Estimate, type Interval, noInterval, undefinedBecause } from '../estimate.ts';
import { bcaLevels } from './bca.ts';
import { type CountedStatistic, type CountedUnits, forEachCountedResample, observedCounts } from './countedResample.ts';
import { leaveOneOut } from './jackknife.ts';
import { quantile } from './quantile.ts';
import {
  forEachResample,
  type ObservedStatistic,
  observedSample,
  type Statistic,
  type Units,
  unitCount,
} from './resample.ts';

export interface BootstrapPlan {
  readonly repetitions: number;
  readonly seed: number | string;
  /** 0.95 unless said. */
  readonly confidence?: number;
  /** `percentile` unless said. */
  readonly method?: 'percentile' | 'bca';
}

export interface BootstrapInterval extends Interval {
  /** Standard deviation over the resamples. */
  readonly se: Estimate;
  /** Resamples for which the statistic has no value, such as κ of patients who are all alike; they are left out. */
  readonly withoutValue: number;
}

/** Fewer resamples with a value than this give no interval. */
const MIN_SHARE = 0.5;
const MIN_UNITS = 3;

/**
 * Interval and standard error of `statistic`. Resamples for which the statistic is undefined are left out; where
 * most are, or there are fewer than three units, there is no interval.
 */
export function bootstrapInterval(units: Units, statistic: Statistic, plan: BootstrapPlan): BootstrapInterval {
  const values: number[] = [];
  forEachResample(units, plan.repetitions, plan.seed, (sample) => {
    const value = statistic(sample);
    if (value !== undefined) values.push(value);
  });
  return intervalOfResamples(values, observedOf(units, statistic), plan);
}

/** Statistics of counts over the same resamples, in their order: the values of those that have one, and what is observed. */
export function resampledCounts(
  counted: CountedUnits,
  statistics: readonly CountedStatistic[],
  { repetitions, seed }: BootstrapPlan,
): { readonly values: readonly number[]; readonly observed: ObservedStatistic }[] {
  const values = statistics.map((): number[] => []);
  forEachCountedResample(counted, repetitions, seed, (times) => {
    for (let s = 0; s < statistics.length; s++) {
      const value = statistics[s]!(times);
      if (value !== undefined) values[s]!.push(value);
    }
  });
  return statistics.map((statistic, s) => ({ values: values[s]!, observed: observedCounts(counted, statistic) }));
}

/** What is observed of single cases or patients. */
export function observedOf(units: Units, statistic: Statistic): ObservedStatistic {
  return {
    units: unitCount(units),
    estimate: () => statistic(observedSample(units)),
    leftOut: () => leaveOneOut(units, statistic),
  };
}

/** The interval from the statistic's values over the resamples that have one. */
export function intervalOfResamples(
  values: readonly number[],
  observed: ObservedStatistic,
  plan: BootstrapPlan,
): BootstrapInterval {
  const withoutValue = plan.repetitions - values.length;
  const none = (reason: string): BootstrapInterval => ({
    ...noInterval(reason),
    se: undefinedBecause(reason),
    withoutValue,
  });
  if (observed.units < MIN_UNITS)
    return none(`a bootstrap needs at least ${MIN_UNITS} patients to draw from, and there are ${observed.units}`);
  if (values.length < MIN_SHARE * plan.repetitions || values.length < 2)
    return none(`only ${values.length} of ${plan.repetitions} bootstrap samples gave a value`);
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1);
  const se = defined(Math.sqrt(variance));
  const confidence = plan.confidence ?? 0.95;
  let shares = { low: (1 - confidence) / 2, high: (1 + confidence) / 2 };
  if (plan.method === 'bca') {
    const estimate = observed.estimate();
    if (estimate === undefined) return none('the statistic has no value for these data');
    const corrected = bcaLevels(sorted, estimate, observed.leftOut(), confidence);
    if ('undefinedBecause' in corrected) return { ...noInterval(corrected.undefinedBecause), se, withoutValue };
    shares = corrected;
  }
  return {
    ciLow: defined(quantile(sorted, shares.low)),
    ciHigh: defined(quantile(sorted, shares.high)),
    se,
    withoutValue,
  };
}
