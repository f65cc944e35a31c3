/** Fleiss' κ of several readers (Psychol Bull 1971), overall and for each category. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { ROUNDING } from '../categories/kappaValue.ts';
import { defined, type Estimate, type Interval, noInterval, undefinedBecause } from '../estimate.ts';
import { tInterval } from '../tInterval.ts';

/** [patient][category]: how many readers chose it. Every patient has the same number of readers. */
export type CategoryCounts = readonly (readonly number[])[];

export interface FleissKappa extends Interval {
  readonly kappa: Estimate;
  /** For the interval: large-sample, with κ as observed (Gwet, Psychometrika 2021). */
  readonly se: Estimate;
  /** Under κ = 0, for p alone: in an interval it would be wrong, mostly too narrow (Fleiss, Nee & Landis, Psychol Bull 1979). */
  readonly seNull: Estimate;
  /** Two-sided, against κ = 0. */
  readonly p: Estimate;
}

export interface FleissAgreement {
  readonly patients: number;
  readonly readers: number;
  readonly overall: FleissKappa;
  /** Each category against all others, in their order. */
  readonly byCategory: readonly FleissKappa[];
}

/** Counts of complete ratings, [patient][reader], of categories from 0. */
export function categoryCounts(ratings: readonly (readonly number[])[], categories: number): number[][] {
  return ratings.map((row) => {
    const counts = new Array<number>(categories).fill(0);
    for (const category of row) counts[category]!++;
    return counts;
  });
}

/**
 * κ = (P̄ − P̄e)/(1 − P̄e), P̄ the mean share of agreeing pairs of readers, P̄e = Σ p_j² of the categories' overall
 * shares. The interval is κ ± t(n − 1)·SE, at most 1, with the standard error of each patient's influence on κ.
 * Undefined with its reason with fewer than 2 readers or 2 patients, with unequal numbers of readers, or where all
 * ratings are the same; a category that nobody or everybody used has no κ.
 */
export function fleissKappa(counts: CategoryCounts, confidence = 0.95): FleissAgreement {
  const readers = counts[0]?.reduce((a, b) => a + b, 0) ?? 0;
  const patients = counts.length;
  const reason = unusable(counts, readers);
  const categories = counts[0]?.length ?? 0;
  if (reason) {
    return {
      patients,
      readers,
      overall: none(reason),
      byCategory: Array.from({ length: categories }, () => none(reason)),
    };
  }
  return {
    patients,
    readers,
    overall: kappaOf(counts, readers, confidence),
    byCategory: Array.from({ length: categories }, (_, category) =>
      kappaOf(
        counts.map((row) => [row[category]!, readers - row[category]!]),
        readers,
        confidence,
      ),
    ),
  };
}

function unusable(counts: CategoryCounts, readers: number): string | undefined {
  if (counts.length < 2) return 'κ of several readers needs at least 2 patients';
  if (readers < 2) return 'κ of several readers needs at least 2 readers';
  if (counts.some((row) => row.reduce((a, b) => a + b, 0) !== readers))
    return 'Fleiss’ κ needs the same number of readers for every patient; Krippendorff’s α does not';
  return undefined;
}

function kappaOf(counts: CategoryCounts, readers: number, confidence: number): FleissKappa {
  const n = counts.length;
  const shares = counts[0]!.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0) / (n * readers));
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  if (1 - chance < ROUNDING) return none('all ratings are in one category, so nothing exceeds chance');
  const agreements = counts.map(
    (row) => row.reduce((sum, count) => sum + count * (count - 1), 0) / (readers * (readers - 1)),
  );
  const kappa = (agreements.reduce((a, b) => a + b, 0) / n - chance) / (1 - chance);
  const influence = counts.map((row, i) => {
    const expected = row.reduce((sum, count, j) => sum + count * shares[j]!, 0) / readers;
    return (agreements[i]! - chance - 2 * (1 - kappa) * (expected - chance)) / (1 - chance);
  });
  const se = Math.sqrt(influence.reduce((sum, value) => sum + (value - kappa) ** 2, 0) / (n * (n - 1)));
  const seNull = nullStandardError(shares, n, readers);
  return {
    kappa: defined(kappa),
    se: defined(se),
    seNull: defined(seNull),
    ...tInterval(kappa, se, { degreesOfFreedom: n - 1, confidence, within: [-1, 1] }),
    p: defined(2 * normalCdf(-Math.abs(kappa) / seNull, 0, 1)),
  };
}

function nullStandardError(shares: readonly number[], n: number, readers: number): number {
  const spread = shares.reduce((sum, share) => sum + share * (1 - share), 0);
  const skew = shares.reduce((sum, share) => sum + share * (1 - share) * (1 - 2 * share), 0);
  return Math.sqrt((2 * (spread * spread - skew)) / (n * readers * (readers - 1))) / spread;
}

function none(reason: string): FleissKappa {
  const nothing = undefinedBecause(reason);
  return { kappa: nothing, se: nothing, seNull: nothing, p: nothing, ...noInterval(reason) };
}
