/** Fleiss' κ where patients have different numbers of readers (Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014, sections 2.4 and 5.3; irrCAC's `fleiss.kappa.raw`). */
import {
  defined,
  type Estimate,
  type Interval,
  noInterval,
  type Test,
  undefinedBecause,
  valueIn,
} from '../estimate.ts';
import { coefficientsOfCounts } from './chanceCorrected.ts';
import type { CategoryCounts } from './fleiss.ts';

export interface IncompleteFleiss extends Interval {
  readonly kappa: Estimate;
  readonly se: Estimate;
  /** Two-sided, against κ = 0, by t with the number of patients less 1. */
  readonly p: Estimate;
  readonly test: Test;
  /** Patients with a reading, and with two or more. */
  readonly patients: number;
  readonly paired: number;
}

/**
 * κ of [patient][category] counts: agreement is that of patients with two readings or more, the categories' shares are
 * the means over all patients with a reading. The interval is κ ± t(n − 1)·SE within −1 to 1. Undefined with its reason
 * where fewer than two patients have two readings, or all readings are in one category.
 */
export function incompleteFleiss(counts: CategoryCounts, confidence = 0.95): IncompleteFleiss {
  const { patients, paired, fleiss } = coefficientsOfCounts(counts, counts[0]?.length ?? 0, 'none', confidence);
  const of = { patients, paired };
  if (paired < 2) {
    const reason = 'κ of several readers needs at least 2 patients with two readings';
    const nothing = undefinedBecause(reason);
    return { ...of, kappa: nothing, se: nothing, p: nothing, test: { name: 't' }, ...noInterval(reason) };
  }
  const { value: kappa, se, p, ciLow, ciHigh } = fleiss;
  const [own, error] = [valueIn(kappa), valueIn(se)];
  const t = own !== undefined && error !== undefined && error > 0 ? defined(own / error) : p!;
  const test: Test = own === undefined ? { name: 't' } : { name: 't', value: t, degreesOfFreedom: [patients - 1] };
  return { ...of, kappa, se, p: p!, test, ciLow, ciHigh };
}
