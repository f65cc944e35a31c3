/** Bootstrap confidence intervals over cases or patients: percentile (Efron & Tibshirani 1993, chapter 13) or BCa (chapter 14). */
import { defined, type Estimate, type Interval, noInterval, undefinedBecause } from '../estimate.ts';
import { bcaLevels } from './bca.ts';
import { leaveOneOut } from './jackknife.ts';
import { quantile } from './quantile.ts';
import { forEachResample, observedSample, type Statistic, type Units, unitCount } from './resample.ts';

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
  return bootstrapIntervals(units, [statistic], plan)[0]!;
}

/** The intervals of several statistics from the same resamples, in their order. */
export function bootstrapIntervals(
  units: Units,
  statistics: readonly Statistic[],
  plan: BootstrapPlan,
): BootstrapInterval[] {
  const values = statistics.map((): number[] => []);
  forEachResample(units, plan.repetitions, plan.seed, (sample) => {
    for (let s = 0; s < statistics.length; s++) {
      const value = statistics[s]!(sample);
      if (value !== undefined) values[s]!.push(value);
    }
  });
  return statistics.map((statistic, s) => intervalOfResamples(values[s]!, units, statistic, plan));
}

/** The interval from the statistic's values over the resamples that have one. */
export function intervalOfResamples(
  values: readonly number[],
  units: Units,
  statistic: Statistic,
  plan: BootstrapPlan,
): BootstrapInterval {
  const withoutValue = plan.repetitions - values.length;
  const none = (reason: string): BootstrapInterval => ({
    ...noInterval(reason),
    se: undefinedBecause(reason),
    withoutValue,
  });
  if (unitCount(units) < MIN_UNITS)
    return none(`a bootstrap needs at least ${MIN_UNITS} patients to draw from, and there are ${unitCount(units)}`);
  if (values.length < MIN_SHARE * plan.repetitions || values.length < 2)
    return none(`only ${values.length} of ${plan.repetitions} bootstrap samples gave a value`);
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1);
  const se = defined(Math.sqrt(variance));
  const confidence = plan.confidence ?? 0.95;
  let shares = { low: (1 - confidence) / 2, high: (1 + confidence) / 2 };
  if (plan.method === 'bca') {
    const estimate = statistic(observedSample(units));
    if (estimate === undefined) return none('the statistic has no value for these data');
    const corrected = bcaLevels(sorted, estimate, leaveOneOut(units, statistic), confidence);
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
