/** Statistics in long form: a row each, with its interval, its p, and why any of them is empty. */
import { type Estimate, type Interval, valueIn } from './estimate.ts';

export interface StatisticRow {
  readonly region: string;
  readonly class: string;
  readonly statistic: string;
  readonly value: number | undefined;
  readonly ci_low: number | undefined;
  readonly ci_high: number | undefined;
  readonly p: number | undefined;
  /** Why there is no value, or a value without interval or p. */
  readonly note: string | undefined;
}

export interface NamedStatistic {
  readonly name: string;
  readonly value: Estimate;
  readonly interval?: Interval;
  readonly p?: Estimate;
  /** The value that p tests against, 0 unless said. */
  readonly against?: number;
}

export function statisticRow(
  place: { readonly region: string; readonly class: string },
  { name, value, interval, p }: NamedStatistic,
): StatisticRow {
  return {
    region: place.region,
    class: place.class,
    statistic: name,
    value: valueIn(value),
    ci_low: interval && valueIn(interval.ciLow),
    ci_high: interval && valueIn(interval.ciHigh),
    p: p && valueIn(p),
    note: undefinedReason([value, interval?.ciLow, p]),
  };
}

/** Why the first of them that is empty is so. */
export function undefinedReason(estimates: readonly (Estimate | undefined)[]): string | undefined {
  for (const estimate of estimates) if (estimate && 'undefinedBecause' in estimate) return estimate.undefinedBecause;
  return undefined;
}
