/** Checks a published table of agreement, row by row: counts, percentages, totals, κ, ρ and their intervals. */
import type { KappaWeights } from '../categories/weights.ts';
import {
  checkInterval,
  checkKappa,
  checkRho,
  type PublishedCoefficient,
  type PublishedP,
} from './checkCoefficients.ts';
import { checkCounts, checkTotals, type PublishedSide } from './checkCounts.ts';
import type { PublishedRemark } from './publishedRemark.ts';

export interface PublishedRow {
  /** What the row is about, for messages: "consolidation". */
  readonly name: string;
  /** Cases that both sides read. */
  readonly n: number;
  /** Categories of both sides, on the same scale; a row of another table may have none. */
  readonly sides?: readonly [PublishedSide, PublishedSide];
  readonly kappa?: PublishedCoefficient;
  /** The weights of κ, where the paper says them. */
  readonly weights?: KappaWeights;
  readonly rho?: PublishedCoefficient;
  readonly rhoP?: PublishedP;
}

/** Everything that does not fit, in the order of rows; an empty list where all of it can be true. */
export function checkTable(rows: readonly PublishedRow[]): PublishedRemark[] {
  return rows.flatMap((row) => [
    ...(row.sides ? checkSides(row.name, row.sides, row.n) : []),
    ...(row.kappa ? checkInterval(row.name, 'κ', row.kappa) : []),
    ...(row.kappa && row.sides
      ? checkKappa(
          row.name,
          { left: row.sides[0].counts, right: row.sides[1].counts, n: row.n },
          row.kappa,
          row.weights ? [row.weights] : undefined,
        )
      : []),
    ...(row.rho ? checkInterval(row.name, 'ρ', row.rho) : []),
    ...(row.rho && row.rhoP ? checkRho(row.name, row.rho.value, row.rhoP, row.n) : []),
  ]);
}

function checkSides(row: string, [left, right]: readonly [PublishedSide, PublishedSide], n: number): PublishedRemark[] {
  return [...checkCounts(row, left, n), ...checkCounts(row, right, n), ...checkTotals(row, left, right)];
}
