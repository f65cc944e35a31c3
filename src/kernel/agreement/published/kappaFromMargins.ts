/** What a printed table's margins alone say about κ: the range it can have, and how precise it can be. */
import { ROUNDING } from '../categories/kappaValue.ts';
import { agreementWeights, type Weights } from '../categories/weights.ts';
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { cheapestTable } from './transport.ts';

export interface KappaRange {
  readonly min: Estimate;
  readonly max: Estimate;
}

/**
 * The least and the largest κ of all tables with these margins (counts by category, both sides on the same scale).
 * κ-max of Cohen (1960) is the upper end for unweighted κ; for other weights and the lower end it is a
 * transportation problem. Where the sides' totals differ, margins are taken as shares of their own total.
 */
export function kappaRange(left: readonly number[], right: readonly number[], weights: Weights): KappaRange {
  const margins = marginsOf(left, right, weights);
  if ('undefinedBecause' in margins) return { min: margins, max: margins };
  return {
    min: defined(kappaOf(margins, observedExtreme(margins, 1))),
    max: defined(kappaOf(margins, observedExtreme(margins, -1))),
  };
}

export interface StandardErrorRange {
  readonly min: Estimate;
  readonly max: Estimate;
}

/**
 * Bounds of the large-sample standard error (Fleiss, Cohen & Everitt 1969) of κ over all tables with these margins,
 * this κ and n pairs. With κ and margins fixed the variance is linear in the cells, so that the bounds are those of a
 * transportation problem with one more condition, found through its Lagrangian: every multiplier gives a valid bound,
 * and the best of them the sharpest. Undefined where the margins do not allow this κ.
 */
export function kappaStandardErrorRange(
  left: readonly number[],
  right: readonly number[],
  weights: Weights,
  kappa: number,
  n: number,
): StandardErrorRange {
  const margins = marginsOf(left, right, weights);
  if ('undefinedBecause' in margins) return { min: margins, max: margins };
  const { rows, columns, weight, chance } = margins;
  const k = rows.length;
  const observed = kappa * (1 - chance) + chance;
  if (observed < observedExtreme(margins, 1) - 1e-9 || observed > observedExtreme(margins, -1) + 1e-9) {
    const none = undefinedBecause('the margins do not allow this κ');
    return { min: none, max: none };
  }
  const rowMeans = rows.map((_, i) => columns.reduce((sum, share, j) => sum + share * weight[i * k + j]!, 0));
  const columnMeans = columns.map((_, j) => rows.reduce((sum, share, i) => sum + share * weight[i * k + j]!, 0));
  const term = (i: number, j: number) => (weight[i * k + j]! - (rowMeans[i]! + columnMeans[j]!) * (1 - kappa)) ** 2;
  const standardError = (sum: number) =>
    defined(Math.sqrt(Math.max(0, sum - (kappa - chance * (1 - kappa)) ** 2) / n) / (1 - chance));
  return {
    min: standardError(leastSum(margins, observed, term)),
    max: standardError(-leastSum(margins, observed, (i, j) => -term(i, j))),
  };
}

interface Margins {
  /** Shares of each side's total. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly weight: Float64Array;
  /** Weighted agreement expected of independent sides. */
  readonly chance: number;
}

function marginsOf(
  left: readonly number[],
  right: readonly number[],
  weights: Weights,
): Margins | { readonly undefinedBecause: string } {
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return counts.map((count) => count / total);
  };
  if (!(left.some((count) => count > 0) && right.some((count) => count > 0)))
    return { undefinedBecause: 'a side has no cases' };
  const [rows, columns] = [shares(left), shares(right)];
  const weight = agreementWeights(weights, rows.length);
  let chance = 0;
  for (const [i, row] of rows.entries())
    for (const [j, column] of columns.entries()) chance += weight[i * rows.length + j]! * row * column;
  if (1 - chance < ROUNDING) return { undefinedBecause: 'both sides put every case into the same one category' };
  return { rows, columns, weight, chance };
}

/** The least (sign 1) or largest (sign −1) weighted agreement that the margins allow. */
function observedExtreme({ rows, columns, weight }: Margins, sign: 1 | -1): number {
  const cells = cheapestTable(rows, columns, (i, j) => sign * weight[i * rows.length + j]!);
  return cells.reduce((sum, share, cell) => sum + share * weight[cell]!, 0);
}

function kappaOf({ chance }: Margins, observed: number): number {
  return (observed - chance) / (1 - chance);
}

/** Multipliers beyond this cannot sharpen a bound: costs and weights are of the order of 1. */
const MAX_MULTIPLIER = 1e3;
const HALVINGS = 60;

/** Lower bound of Σ cost·share over tables with the margins and the weighted agreement `observed`. */
function leastSum(margins: Margins, observed: number, cost: (i: number, j: number) => number): number {
  const { rows, columns, weight } = margins;
  const k = rows.length;
  let best = Number.NEGATIVE_INFINITY;
  let [low, high] = [-MAX_MULTIPLIER, MAX_MULTIPLIER];
  for (let n = 0; n < HALVINGS; n++) {
    const multiplier = (low + high) / 2;
    const cells = cheapestTable(rows, columns, (i, j) => cost(i, j) + multiplier * weight[i * k + j]!);
    let [sum, agreement] = [0, 0];
    for (const [cell, share] of cells.entries()) {
      sum += share * cost(Math.floor(cell / k), cell % k);
      agreement += share * weight[cell]!;
    }
    best = Math.max(best, sum + multiplier * (agreement - observed));
    // A larger multiplier makes agreement dearer: raise it while there is too much.
    if (agreement > observed) low = multiplier;
    else high = multiplier;
  }
  return best;
}
