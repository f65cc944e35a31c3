/** Agreement on each single category: specific agreement (Cicchetti & Feinstein, J Clin Epidemiol 1990), within one category, and its own κ. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { type ContingencyTable, oneAgainstRest, totalOf } from './contingency.ts';
import { cohenKappa, type Kappa } from './kappa.ts';

export interface CategoryAgreement {
  readonly category: number;
  /** Cases each side put there, and both. */
  readonly left: number;
  readonly right: number;
  readonly both: number;
  /** 2·both/(left + right), 0–100. */
  readonly specific: Interval & { readonly value: Estimate; readonly se: Estimate };
  /** Of the cases that the left side put there, percent that the right side did too, and the reverse. */
  readonly givenLeft: Estimate;
  readonly givenRight: Estimate;
  /** κ of this category against all others. */
  readonly kappa: Kappa;
}

/**
 * Every category of the scale. The standard error of specific agreement is by the delta method over multinomial
 * tables (Graham & Bull, J Clin Epidemiol 1998), its interval ± z·SE within 0–100. Undefined where neither side used
 * the category.
 */
export function categoryAgreement(table: ContingencyTable, confidence = 0.95): CategoryAgreement[] {
  return table.map((_, category) => {
    const collapsed = oneAgainstRest(table, category);
    const both = collapsed[0]![0]!;
    const left = both + collapsed[0]![1]!;
    const right = both + collapsed[1]![0]!;
    const share = (of: number, side: string) =>
      of > 0 ? defined((100 * both) / of) : undefinedBecause(`the ${side} side never used category ${category}`);
    return {
      category,
      left,
      right,
      both,
      specific: specificAgreement({ both, one: left + right - 2 * both, n: totalOf(table) }, category, confidence),
      givenLeft: share(left, 'left'),
      givenRight: share(right, 'right'),
      kappa: cohenKappa(collapsed, 'none', confidence),
    };
  });
}

/** Patients whom both sides, and whom only one, put into the category, of n. */
interface CategoryCounts {
  readonly both: number;
  readonly one: number;
  readonly n: number;
}

function specificAgreement({ both, one, n }: CategoryCounts, category: number, confidence: number) {
  if (both + one === 0) {
    const reason = `neither side used category ${category}`;
    return { value: undefinedBecause(reason), se: undefinedBecause(reason), ...noInterval(reason) };
  }
  const [x, y] = [both / n, one / n];
  const value = (2 * x) / (2 * x + y);
  const se = Math.sqrt((4 * x * y * (x + y)) / n) / (2 * x + y) ** 2;
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * se;
  return {
    value: defined(100 * value),
    se: defined(100 * se),
    ...interval(100 * Math.max(0, value - half), 100 * Math.min(1, value + half)),
  };
}
