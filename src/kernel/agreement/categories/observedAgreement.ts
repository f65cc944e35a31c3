/** Observed agreement and what is linear in it, with intervals: percent agreement, exact or within one category, and PABAK (Byrt, Bishop & Carlin, J Clin Epidemiol 1993). */
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { type ContingencyTable, totalOf } from './contingency.ts';
import { wilsonInterval } from './proportionInterval.ts';

export interface ObservedAgreement extends Interval {
  readonly value: Estimate;
  /** Large-sample standard error, in the value's units. */
  readonly se: Estimate;
}

/** Pairs in the same category, 0–100, with Wilson's interval. */
export function percentAgreement(table: ContingencyTable, confidence = 0.95): ObservedAgreement {
  return linearInShare(table, confidence, 0, (share) => 100 * share);
}

/** Pairs at most one category apart, 0–100, with Wilson's interval. */
export function withinOneCategory(table: ContingencyTable, confidence = 0.95): ObservedAgreement {
  return linearInShare(table, confidence, 1, (share) => 100 * share);
}

/** Prevalence- and bias-adjusted κ, (k·po − 1)/(k − 1) for k categories, with Wilson's interval of po carried over. */
export function pabak(table: ContingencyTable, confidence = 0.95): ObservedAgreement {
  const k = table.length;
  return linearInShare(table, confidence, 0, (share) => (k * share - 1) / (k - 1));
}

/** A scaled share of the pairs that lie at most `apart` categories apart. */
function linearInShare(
  table: ContingencyTable,
  confidence: number,
  apart: number,
  scale: (share: number) => number,
): ObservedAgreement {
  const n = totalOf(table);
  if (n === 0) {
    const reason = 'there are no pairs';
    return { value: undefinedBecause(reason), se: undefinedBecause(reason), ...noInterval(reason) };
  }
  const near = table.flatMap((row, i) => row.filter((_, j) => Math.abs(i - j) <= apart));
  const share = near.reduce((a, b) => a + b, 0) / n;
  const { low, high } = wilsonInterval(share, n, confidence);
  return {
    value: defined(scale(share)),
    se: defined((scale(1) - scale(0)) * Math.sqrt((share * (1 - share)) / n)),
    ...interval(scale(low), scale(high)),
  };
}
