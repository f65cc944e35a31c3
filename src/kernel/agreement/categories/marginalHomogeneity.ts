/** Do both sides use the categories equally often? Bowker's test of symmetry (1948), which is McNemar's (1947) for two categories, and Stuart–Maxwell (1955, 1970). */
import gammainc from '@stdlib/math-base-special-gammainc';
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import type { ContingencyTable } from './contingency.ts';

export interface ChiSquareTest {
  readonly chiSquare: Estimate;
  readonly degreesOfFreedom: Estimate;
  readonly p: Estimate;
}

/**
 * Bowker: Σ(n_ij − n_ji)²/(n_ij + n_ji) over the pairs of categories that occur. A pair that nobody mixed up tells
 * nothing and gives no degree of freedom (statsmodels counts all k(k − 1)/2, which makes its p too large).
 */
export function bowker(table: ContingencyTable): ChiSquareTest {
  let [chiSquare, degreesOfFreedom] = [0, 0];
  for (const [i, row] of table.entries())
    for (let j = 0; j < i; j++) {
      const [below, above] = [row[j]!, table[j]![i]!];
      if (below + above === 0) continue;
      chiSquare += (below - above) ** 2 / (below + above);
      degreesOfFreedom++;
    }
  return chiSquareTest(chiSquare, degreesOfFreedom);
}

/**
 * Stuart–Maxwell: d′V⁻d with d the differences of the margins and V their covariance under homogeneity,
 * V_ii = n_i. + n_.i − 2n_ii and V_ij = −(n_ij + n_ji). Categories that no disagreement links form groups whose
 * differences add to 0; each group of m categories gives m − 1 degrees of freedom.
 */
export function stuartMaxwell(table: ContingencyTable): ChiSquareTest {
  const k = table.length;
  const mixed = (i: number, j: number) => table[i]![j]! + table[j]![i]!;
  let [chiSquare, degreesOfFreedom] = [0, 0];
  for (const group of linkedCategories(k, (i, j) => mixed(i, j) > 0)) {
    // One category of a group is implied by the others.
    const kept = group.slice(1);
    const difference = kept.map((i) => table.reduce((sum, row, j) => sum + table[i]![j]! - row[i]!, 0));
    const covariance = kept.map((i) =>
      kept.map((j) => {
        if (i !== j) return -mixed(i, j);
        let sum = 0;
        for (let other = 0; other < k; other++) if (other !== i) sum += mixed(i, other);
        return sum;
      }),
    );
    const solution = solve(covariance, difference);
    chiSquare += difference.reduce((sum, d, n) => sum + d * solution[n]!, 0);
    degreesOfFreedom += kept.length;
  }
  return chiSquareTest(chiSquare, degreesOfFreedom);
}

const NO_DISAGREEMENT = 'the sides never disagree';

function chiSquareTest(chiSquare: number, degreesOfFreedom: number): ChiSquareTest {
  if (degreesOfFreedom === 0) {
    const none = undefinedBecause(NO_DISAGREEMENT);
    return { chiSquare: none, degreesOfFreedom: none, p: none };
  }
  return {
    chiSquare: defined(chiSquare),
    degreesOfFreedom: defined(degreesOfFreedom),
    // The upper tail itself: 1 minus the lower one would lose every small p.
    p: defined(gammainc(chiSquare / 2, degreesOfFreedom / 2, true, true)),
  };
}

/** Groups of categories that are linked directly or through others, those of one category included. */
function linkedCategories(k: number, linked: (i: number, j: number) => boolean): number[][] {
  const group = Array.from({ length: k }, (_, i) => i);
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++)
      if (linked(i, j) && group[i] !== group[j]) {
        const [from, to] = [group[i], group[j]!];
        for (let n = 0; n < k; n++) if (group[n] === from) group[n] = to;
      }
  return [...new Set(group)].map((id) => group.flatMap((other, i) => (other === id ? [i] : [])));
}

/** Solves a positive definite system by Gaussian elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < size; column++)
    for (let below = column + 1; below < size; below++) {
      const factor = rows[below]![column]! / rows[column]![column]!;
      for (let n = column; n <= size; n++) rows[below]![n]! -= factor * rows[column]![n]!;
    }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * solution[j]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}
