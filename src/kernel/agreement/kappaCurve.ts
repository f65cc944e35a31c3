/** κ, weighted κ and percent agreement as one cut point moves: how fragile is the conclusion? */
import { contingencyTable } from './contingency.ts';
import { valueIn } from './estimate.ts';
import { cohenKappa, type KappaWeights } from './kappa.ts';

export interface CurvePoint {
  /** The cut point in percent. */
  readonly cut: number;
  readonly kappa: number | undefined;
  readonly weighted: number | undefined;
  readonly percentAgreement: number;
}

/**
 * `percents` against the other side's `categories`, with cut `moved` of `cutPoints` at each of `grid` that keeps the cuts
 * rising; the other side's categories stay.
 */
export function kappaCurve(
  percents: readonly number[],
  categories: readonly number[],
  cutPoints: readonly number[],
  moved: number,
  grid: readonly number[],
  weights: Exclude<KappaWeights, 'none'>,
): CurvePoint[] {
  const [low, high] = [cutPoints[moved - 1] ?? 0, cutPoints[moved + 1] ?? 100];
  return grid
    .filter((cut) => cut > low && cut < high)
    .map((cut) => {
      const cuts = cutPoints.with(moved, cut);
      const own = percents.map((percent) => cuts.filter((c) => percent >= c).length);
      const table = contingencyTable(own, categories, cutPoints.length + 1);
      const same = own.filter((category, n) => category === categories[n]).length;
      return {
        cut,
        kappa: valueIn(cohenKappa(table, 'none').kappa),
        weighted: valueIn(cohenKappa(table, weights).kappa),
        percentAgreement: (same / own.length) * 100,
      };
    });
}
