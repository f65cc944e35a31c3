/** Do groups differ in their categories? Fisher's exact test (1922; Freeman & Halton 1951), or Pearson's χ² (1900). */
import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { defined, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';

/** Expected counts below this make χ² doubtful (Cochran 1954). */
const EXPECTED = 5;
/** Tables to be gone through; beyond it χ² has to do. */
const MOST_TABLES = 2_000_000;
/** Probabilities closer than this are equal, as in R. */
const SAME = 1e-7;

/** `counts`: a row per category, a column per group. Exact where an expected count is below 5 and there are two categories or two groups; χ² without correction else. `value` is Cramér's V. */
export function countsTest(counts: readonly (readonly number[])[]): NamedStatistic {
  const rows = counts.filter((row) => sum(row) > 0);
  const columns = (rows[0] ?? []).flatMap((_, j) => (sum(rows.map((row) => row[j]!)) > 0 ? [j] : []));
  const table = rows.map((row) => columns.map((j) => row[j]!));
  const n = sum(table.flat());
  if (table.length < 2 || columns.length < 2) {
    const none = undefinedBecause(columns.length < 2 ? 'there is one group alone' : 'all have the same category');
    return { name: 'χ²', n, value: none, p: none };
  }
  const [byRow, byColumn] = [table.map(sum), columns.map((_, j) => sum(table.map((row) => row[j]!)))];
  const expected = table.map((_, i) => columns.map((__, j) => (byRow[i]! * byColumn[j]!) / n));
  const chiSquare = sum(
    table.flatMap((row, i) => row.map((count, j) => (count - expected[i]![j]!) ** 2 / expected[i]![j]!)),
  );
  const df = (table.length - 1) * (columns.length - 1);
  const cramer = Math.sqrt(chiSquare / n / Math.min(table.length - 1, columns.length - 1));
  const isSparse = expected.flat().some((count) => count < EXPECTED);
  const exact = isSparse ? fisherP(table) : undefined;
  if (exact !== undefined)
    return { name: 'Fisher’s exact test', n, value: defined(cramer), p: defined(exact), test: { name: 'exact' } };
  return {
    name: 'χ²',
    n,
    value: defined(cramer),
    p: defined(gammainc(chiSquare / 2, df / 2, true, true)),
    test: { name: 'χ²', value: defined(chiSquare), degreesOfFreedom: [df] },
    remark: isSparse ? 'expected counts below 5, so that p is approximate' : undefined,
  };
}

/** The share of all tables with these margins that are no more probable; undefined where neither side has two, or there are too many. */
function fisherP(table: readonly (readonly number[])[]): number | undefined {
  const pairs = table.length === 2 ? table[0]!.map((count, j) => [count, table[1]![j]!] as const) : undefined;
  const turned = table[0]!.length === 2 ? table.map((row) => [row[0]!, row[1]!] as const) : undefined;
  // The last one follows from the others, and so is to be the largest.
  const both = (pairs ?? turned)?.toSorted((one, other) => one[0] + one[1] - other[0] - other[1]);
  const product = both?.slice(0, -1).reduce((tables, [a, b]) => tables * (a + b + 1), 1);
  if (!both || product === undefined || product > MOST_TABLES) return undefined;
  const totals = both.map(([a, b]) => a + b);
  const wanted = sum(both.map(([a]) => a));
  const scale = logChoose(sum(totals), wanted);
  const logProbability = (firsts: readonly number[]) =>
    sum(firsts.map((first, j) => logChoose(totals[j]!, first))) - scale;
  const limit = logProbability(both.map(([a]) => a)) + SAME;
  const after = totals.map((_, j) => sum(totals.slice(j + 1)));
  let p = 0;
  const visit = (j: number, left: number, log: number) => {
    if (j === totals.length) {
      if (log - scale <= limit) p += Math.exp(log - scale);
      return;
    }
    const most = Math.min(totals[j]!, left);
    for (let first = Math.max(0, left - after[j]!); first <= most; first++)
      visit(j + 1, left - first, log + logChoose(totals[j]!, first));
  };
  visit(0, wanted, 0);
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
