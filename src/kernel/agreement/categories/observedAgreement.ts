/** Observed agreement and what is linear in it, with intervals: percent agreement, and PABAK (Byrt, Bishop & Carlin, J Clin Epidemiol 1993). */
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
  return linearInObserved(table, confidence, (share) => 100 * share);
}

/** Prevalence- and bias-adjusted κ, (k·po − 1)/(k − 1) for k categories, with Wilson's interval of po carried over. */
export function pabak(table: ContingencyTable, confidence = 0.95): ObservedAgreement {
  const k = table.length;
  return linearInObserved(table, confidence, (share) => (k * share - 1) / (k - 1));
}

function linearInObserved(
  table: ContingencyTable,
  confidence: number,
  scale: (share: number) => number,
): ObservedAgreement {
  const n = totalOf(table);
  if (n === 0) {
    const reason = 'there are no pairs';
    return { value: undefinedBecause(reason), se: undefinedBecause(reason), ...noInterval(reason) };
  }
  const share = table.reduce((sum, row, i) => sum + row[i]!, 0) / n;
  const { low, high } = wilsonInterval(share, n, confidence);
  return {
    value: defined(scale(share)),
    se: defined((scale(1) - scale(0)) * Math.sqrt((share * (1 - share)) / n)),
    ...interval(scale(low), scale(high)),
  };
}
