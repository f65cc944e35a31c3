/** Statistics in long form: a row each, with its interval, its test, its p, and why any of them is empty. */
import { coefficientIn, type Estimate, type Interval, type Test, valueIn } from './estimate.ts';

export interface StatisticRow {
  readonly region: string;
  readonly class: string;
  readonly statistic: string;
  /** Cases that it is of. */
  readonly n: number | undefined;
  readonly value: number | undefined;
  readonly se: number | undefined;
  readonly ci_low: number | undefined;
  readonly ci_high: number | undefined;
  /** How the interval is made. */
  readonly interval: string | undefined;
  /** What p is of: t, z, F, χ², an exact or a resampled test. */
  readonly test: string | undefined;
  readonly test_value: number | undefined;
  /** Degrees of freedom, of F those above first. */
  readonly df1: number | undefined;
  readonly df2: number | undefined;
  readonly p: number | undefined;
  /** Why there is no value, or a value without interval or p; else what to keep in mind. */
  readonly note: string | undefined;
}

export interface NamedStatistic {
  readonly name: string;
  readonly value: Estimate;
  readonly n?: number;
  readonly se?: Estimate;
  readonly interval?: Interval;
  /** How the interval is made. */
  readonly by?: string;
  readonly p?: Estimate;
  readonly test?: Test | undefined;
  /** The value that p tests against, 0 unless said. */
  readonly against?: number;
  /** What to keep in mind with the value. */
  readonly remark?: string | undefined;
}

export function statisticRow(
  place: { readonly region: string; readonly class: string },
  { name, value, n, se, interval, by, p, test, remark }: NamedStatistic,
): StatisticRow {
  const [low, high] = [interval && coefficientIn(interval.ciLow), interval && coefficientIn(interval.ciHigh)];
  const hasP = p && valueIn(p) !== undefined;
  const notes = [
    undefinedReason([value, interval?.ciLow, p]),
    withoutWidth(low, high),
    outside(coefficientIn(value), low, high),
    remark,
  ];
  return {
    region: place.region,
    class: place.class,
    statistic: name,
    n,
    value: coefficientIn(value),
    se: se && valueIn(se),
    ci_low: low,
    ci_high: high,
    interval: low === undefined ? undefined : by,
    test: hasP ? test?.name : undefined,
    test_value: hasP && test?.value ? valueIn(test.value) : undefined,
    df1: hasP ? test?.degreesOfFreedom?.[0] : undefined,
    df2: hasP ? test?.degreesOfFreedom?.[1] : undefined,
    p: p && valueIn(p),
    note: notes.filter((words) => words !== undefined).join('; ') || undefined,
  };
}

/** By a formula that hangs on the spread of these cases, which is none. */
function withoutWidth(low: number | undefined, high: number | undefined): string | undefined {
  return low !== undefined && low === high
    ? 'the standard error is 0 for these cases, so that the interval has no width and says nothing of precision'
    : undefined;
}

/** Percentiles of resamples of few patients, whose repeats make a coefficient smaller or larger than it is. */
function outside(value: number | undefined, low: number | undefined, high: number | undefined): string | undefined {
  if (value === undefined || low === undefined || high === undefined || (low <= value && value <= high))
    return undefined;
  return 'the value lies outside its interval: resamples of so few cases are biased, and the interval says little';
}

/** Why the first of them that is empty is so. */
export function undefinedReason(estimates: readonly (Estimate | undefined)[]): string | undefined {
  for (const estimate of estimates) if (estimate && 'undefinedBecause' in estimate) return estimate.undefinedBecause;
  return undefined;
}
