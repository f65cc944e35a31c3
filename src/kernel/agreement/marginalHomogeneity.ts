/** Whether two readers use the categories equally often: Bowker's test of symmetry (JASA 1948) and Stuart and Maxwell's of margins (1955, 1970). */
import chisquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';
import type { ContingencyTable } from './contingency.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface ChiSquareTest {
  readonly statistic: Estimate;
  readonly degreesOfFreedom: number;
  readonly p: Estimate;
}

/** Pairs of categories that never occur add no degree of freedom; for two categories this is McNemar's test. */
export function bowker(table: ContingencyTable): ChiSquareTest {
  let [statistic, df] = [0, 0];
  for (const [i, row] of table.entries())
    for (let j = 0; j < i; j++) {
      const [below, above] = [row[j]!, table[j]![i]!];
      if (below + above === 0) continue;
      statistic += (below - above) ** 2 / (below + above);
      df++;
    }
  return test(statistic, df, 'no pair of readings differs');
}

/** Categories that neither reader uses are left out. */
export function stuartMaxwell(table: ContingencyTable): ChiSquareTest {
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  const rows = table.map((row) => row.reduce((a, b) => a + b, 0));
  const used = table.flatMap((_, i) => (rows[i]! + columns[i]! - 2 * table[i]![i]! > 0 ? [i] : []));
  const kept = used.slice(0, -1);
  const d = kept.map((i) => rows[i]! - columns[i]!);
  const covariance = kept.map((i) =>
    kept.map((j) => (i === j ? rows[i]! + columns[i]! - 2 * table[i]![i]! : -(table[i]![j]! + table[j]![i]!))),
  );
  const solved = kept.length ? solve(covariance, d) : undefined;
  const statistic = solved?.reduce((sum, value, i) => sum + value * d[i]!, 0);
  return test(statistic ?? Number.NaN, kept.length, 'no pair of readings differs');
}

function test(statistic: number, degreesOfFreedom: number, reason: string): ChiSquareTest {
  if (degreesOfFreedom === 0 || !Number.isFinite(statistic)) {
    const none = undefinedBecause(reason);
    return { statistic: none, degreesOfFreedom, p: none };
  }
  return { statistic: defined(statistic), degreesOfFreedom, p: defined(1 - chisquareCdf(statistic, degreesOfFreedom)) };
}

/** Gauss elimination with pivots; undefined for a singular matrix. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, n) => (Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + n : best), i);
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    if (Math.abs(rows[i]![i]!) < 1e-12) return undefined;
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const factor = rows[j]![i]! / rows[i]![i]!;
      rows[j] = rows[j]!.map((value, c) => value - factor * rows[i]![c]!);
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
