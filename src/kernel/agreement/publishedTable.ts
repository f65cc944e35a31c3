/** What can be said of a published table: the κ that its margins allow, and whether its counts add up. */

export interface KappaRange {
  readonly least: number;
  readonly most: number;
}

/**
 * The least and largest unweighted κ of any table with these margins, both of the same total: the diagonal can be as
 * large as Σ min(rowᵢ, columnᵢ), and as small as the largest rowᵢ + columnᵢ − n.
 */
export function kappaRangeOfMargins(rows: readonly number[], columns: readonly number[]): KappaRange | undefined {
  const n = sum(rows);
  if (n === 0 || n !== sum(columns)) return undefined;
  const chance = rows.reduce((total, row, i) => total + (row / n) * (columns[i]! / n), 0);
  if (1 - chance < 1e-12) return undefined;
  const most = rows.reduce((total, row, i) => total + Math.min(row, columns[i]!), 0) / n;
  const least = Math.max(0, ...rows.map((row, i) => row + columns[i]! - n)) / n;
  return { least: (least - chance) / (1 - chance), most: (most - chance) / (1 - chance) };
}

export interface PublishedRow {
  readonly counts: readonly number[];
  /** As printed, 0–100; undefined where none is. */
  readonly percents: readonly (number | undefined)[];
  /** Patients that the row should add up to. */
  readonly n: number;
  /** Decimals of the printed percentages. */
  readonly decimals: number;
}

/** Sentences about what does not add up; none where everything does. */
export function inconsistencies({ counts, percents, n, decimals }: PublishedRow): string[] {
  const findings: string[] = [];
  const total = sum(counts);
  if (total !== n) findings.push(`the counts add up to ${total}, not to ${n}`);
  for (const [i, percent] of percents.entries()) {
    if (percent === undefined) continue;
    const half = 0.5 * 10 ** -decimals + 1e-9;
    const count = counts[i]!;
    if (Math.abs((count / n) * 100 - percent) <= half) continue;
    const fitting = Math.round((percent / 100) * n);
    const fits = Math.abs((fitting / n) * 100 - percent) <= half;
    findings.push(
      `${count} of ${n} is ${((count / n) * 100).toFixed(decimals)} %, and ${percent.toFixed(decimals)} % is printed${fits ? `, which would be ${fitting}` : ''}`,
    );
  }
  return findings;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
