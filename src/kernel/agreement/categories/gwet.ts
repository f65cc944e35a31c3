/** Gwet's AC1 and, with weights, AC2 (Br J Math Stat Psychol 2008; Handbook of Inter-Rater Reliability, 2014): chance agreement that stays sane when one category prevails. */
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { defined, type Estimate, type Interval, noInterval, type Test, undefinedBecause } from '../estimate.ts';
import { tInterval } from '../tInterval.ts';
import { type ContingencyTable, proportions, totalOf } from './contingency.ts';
import { agreementWeights, type Weights } from './weights.ts';

export interface GwetAgreement extends Interval {
  /** AC1 with weights `none`, else AC2. At most 1. */
  readonly value: Estimate;
  readonly se: Estimate;
  /** Two-sided, against 0, by t with n − 1 degrees of freedom. */
  readonly p: Estimate;
  readonly test: Test;
}

/**
 * (pa − pe)/(1 − pe) with pa = Σ w·p over cells and pe = Σw/(k(k − 1)) · Σ π(1 − π), π the mean of both margins. The
 * standard error is Gwet's for any number of readers (2014, section 5.4; n − 1 in the denominator, as irrCAC has it for
 * ratings, where his first paper and irrCAC's tables have n), the interval ± t(n − 1)·SE within −1 to 1. On a scale of one category, and
 * without pairs, it is undefined; where no case disagrees or n = 1 there is no p.
 */
export function gwetAgreement(table: ContingencyTable, weights: Weights, confidence = 0.95): GwetAgreement {
  const k = table.length;
  if (totalOf(table) === 0) return none('there are no pairs');
  if (k < 2) return none('a scale of one category has no agreement to measure');
  const { n, cells, rows, columns } = proportions(table);
  const weight = agreementWeights(weights, k);
  const scale = weight.reduce((a, b) => a + b, 0) / (k * (k - 1));
  const prevalence = rows.map((share, i) => (share + columns[i]!) / 2);
  const chance = scale * prevalence.reduce((sum, share) => sum + share * (1 - share), 0);
  if (chance >= 1) return none('these weights leave no disagreement to expect');
  const observed = cells.reduce((sum, row, i) => sum + row.reduce((s, p, j) => s + weight[i * k + j]! * p, 0), 0);
  const value = (observed - chance) / (1 - chance);
  let squares = 0;
  for (const [i, row] of cells.entries())
    for (const [j, share] of row.entries()) {
      const expected = scale * (1 - (prevalence[i]! + prevalence[j]!) / 2);
      squares += share * (weight[i * k + j]! - 2 * (1 - value) * expected) ** 2;
    }
  const variance = squares - (observed - 2 * (1 - value) * chance) ** 2;
  if (n < 2) {
    const reason = 'one pair has no standard error';
    return { ...none(reason), value: defined(value) };
  }
  // Rounding may leave a variance just below 0 where all cases are in one cell.
  const se = variance > 1e-14 ? Math.sqrt(variance / (n - 1)) / (1 - chance) : 0;
  const constant = undefinedBecause('the cases do not differ, so there is no variance to test against');
  return {
    value: defined(value),
    se: defined(se),
    test: { name: 't', value: se > 0 ? defined(value / se) : constant, degreesOfFreedom: [n - 1] },
    // The coefficient itself may lie below −1.
    ...tInterval(value, se, { degreesOfFreedom: n - 1, confidence, within: [Math.min(value, -1), 1] }),
    p: se > 0 ? defined(2 * tCdf(-Math.abs(value) / se, n - 1)) : constant,
  };
}

function none(reason: string): GwetAgreement {
  return {
    value: undefinedBecause(reason),
    se: undefinedBecause(reason),
    p: undefinedBecause(reason),
    test: { name: 't' },
    ...noInterval(reason),
  };
}
