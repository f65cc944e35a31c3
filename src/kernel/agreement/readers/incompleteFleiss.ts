/** Fleiss' κ where patients have different numbers of readers (Gwet, Handbook of Inter-Rater Reliability, 4th ed. 2014, sections 2.4 and 5.3; irrCAC's `fleiss.kappa.raw`). */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { ROUNDING } from '../categories/kappaValue.ts';
import {
  defined,
  type Estimate,
  type Interval,
  interval,
  noInterval,
  type Test,
  undefinedBecause,
} from '../estimate.ts';
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
  const rows = counts
    .map((row) => ({ row, readers: row.reduce((a, b) => a + b, 0) }))
    .filter(({ readers }) => readers > 0);
  const n = rows.length;
  const paired = rows.filter(({ readers }) => readers > 1).length;
  const none = (reason: string): IncompleteFleiss => {
    const nothing = undefinedBecause(reason);
    return { kappa: nothing, se: nothing, p: nothing, test: { name: 't' }, ...noInterval(reason), patients: n, paired };
  };
  if (paired < 2) return none('κ of several readers needs at least 2 patients with two readings');
  const shares = rows[0]!.row.map((_, j) => rows.reduce((sum, { row, readers }) => sum + row[j]! / readers, 0) / n);
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  if (1 - chance < ROUNDING) return none('all ratings are in one category, so nothing exceeds chance');
  const agreements = rows.map(({ row, readers }) =>
    readers < 2 ? 0 : row.reduce((sum, count) => sum + count * (count - 1), 0) / (readers * (readers - 1)),
  );
  const kappa = (agreements.reduce((a, b) => a + b, 0) / paired - chance) / (1 - chance);
  const squares = rows.reduce((sum, { row, readers }, i) => {
    const own = readers < 2 ? 0 : ((n / paired) * (agreements[i]! - chance)) / (1 - chance);
    const expected = row.reduce((total, count, j) => total + count * shares[j]!, 0) / readers;
    return sum + (own - (2 * (1 - kappa) * (expected - chance)) / (1 - chance) - kappa) ** 2;
  }, 0);
  const se = Math.sqrt(squares / (n * (n - 1)));
  const half = tQuantile(0.5 + confidence / 2, n - 1) * se;
  const t =
    se > 0
      ? defined(kappa / se)
      : undefinedBecause('the patients do not differ, so there is no variance to test against');
  return {
    kappa: defined(kappa),
    se: defined(se),
    ...interval(Math.max(-1, kappa - half), Math.min(1, kappa + half)),
    p: 'value' in t ? defined(2 * tCdf(-Math.abs(t.value), n - 1)) : t,
    test: { name: 't', value: t, degreesOfFreedom: [n - 1] },
    patients: n,
    paired,
  };
}
