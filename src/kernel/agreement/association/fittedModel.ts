/** What a regression gives: a coefficient per column with its interval and p, or why there is none. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, interval, noInterval, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { type DesignColumn, dependentColumn } from './design.ts';

export interface FittedModel {
  readonly n: number;
  /** Of yes/no outcomes the patients with "yes", of times those with the event. */
  readonly events?: number;
  /** In the order of the columns: slopes per unit, log odds ratios or log hazard ratios. */
  readonly coefficients: readonly NamedStatistic[];
  /** Of the model as a whole. */
  readonly overall: readonly NamedStatistic[];
}

/** Fewer events per variable than this make a model unreliable (Peduzzi et al., J Clin Epidemiol 1996). */
export const EVENTS_PER_VARIABLE = 10;

/** A model without values, for a reason that the user can do something about. */
export function notFitted(
  columns: readonly DesignColumn[],
  of: { readonly n: number; readonly events?: number },
  reason: string,
): FittedModel {
  const none = undefinedBecause(reason);
  const coefficients = columns.map(({ name }) => ({
    name,
    value: none,
    n: of.n,
    interval: noInterval(reason),
    p: none,
  }));
  return { ...of, coefficients, overall: [] };
}

/** Why no model of these columns can be fitted, whatever the outcome; undefined where one can. */
export function unfit(columns: readonly DesignColumn[]): string | undefined {
  const dependent = dependentColumn(columns);
  return dependent === undefined
    ? undefined
    : `${dependent} follows from the other variables: leave one of them out of \`adjusting\``;
}

/** A coefficient by its large-sample standard error: Wald's z. */
export function waldStatistic(
  name: string,
  { value, se, n }: { readonly value: number; readonly se: number; readonly n: number },
  confidence: number,
): NamedStatistic {
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * se;
  return {
    name,
    n,
    value: defined(value),
    se: defined(se),
    interval: interval(value - half, value + half),
    by: 'Wald',
    p: defined(2 * normalCdf(-Math.abs(value / se), 0, 1)),
    test: { name: 'z', value: defined(value / se) },
  };
}

/** The same as a ratio: odds or hazard. */
export function asRatio(statistic: NamedStatistic): NamedStatistic {
  const raised = (estimate: Estimate): Estimate => ('value' in estimate ? defined(Math.exp(estimate.value)) : estimate);
  const { se: _, ...rest } = statistic;
  return {
    ...rest,
    value: raised(statistic.value),
    ...(statistic.interval
      ? { interval: { ciLow: raised(statistic.interval.ciLow), ciHigh: raised(statistic.interval.ciHigh) } }
      : {}),
    against: 1,
  };
}
