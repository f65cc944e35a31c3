/** Agreement of several readers: Fleiss' κ (Psychol Bull 1971) and Krippendorff's α (2004). */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { type Interval, undefinedInterval } from './interval.ts';
import { mean } from './moments.ts';

/** Scores of one subject by reader; undefined where a reader gave none. */
export type Readings = readonly (number | undefined)[];

/**
 * Fleiss' κ of subjects whom all readers scored, with categories 0…`categories` − 1; its interval by the jackknife over
 * subjects, since the usual standard error holds under no agreement alone.
 */
export function fleissKappa(subjects: readonly Readings[], categories: number, confidence = 0.95): Interval {
  const complete = subjects.filter((readings): readings is number[] => readings.every((score) => score !== undefined));
  if (complete.length < 2 || (complete[0]?.length ?? 0) < 2)
    return undefinedInterval('Fleiss’ κ needs at least 2 subjects that 2 readers scored');
  const kappa = fleissOf(complete, categories);
  if (kappa === undefined) return undefinedInterval('all readers put every subject into the same one category');
  const n = complete.length;
  const left = complete.map((_, i) =>
    fleissOf(
      complete.filter((__, j) => j !== i),
      categories,
    ),
  );
  const pseudo = left.flatMap((value) => (value === undefined ? [] : [n * kappa - (n - 1) * value]));
  if (pseudo.length < n) return { ...undefinedInterval('it hangs on single subjects'), value: defined(kappa) };
  const se = Math.sqrt(pseudo.reduce((sum, v) => sum + (v - mean(pseudo)) ** 2, 0) / (n * (n - 1)));
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * se;
  return {
    value: defined(kappa),
    ciLow: defined(Math.max(-1, kappa - half)),
    ciHigh: defined(Math.min(1, kappa + half)),
  };
}

function fleissOf(subjects: readonly (readonly number[])[], categories: number): number | undefined {
  const readers = subjects[0]!.length;
  const shares = new Array<number>(categories).fill(0);
  let observed = 0;
  for (const scores of subjects) {
    const counts = new Array<number>(categories).fill(0);
    for (const score of scores) counts[score]!++;
    for (const [c, count] of counts.entries()) {
      shares[c]! += count / (subjects.length * readers);
      observed += (count * (count - 1)) / (readers * (readers - 1) * subjects.length);
    }
  }
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  return 1 - chance < 1e-12 ? undefined : (observed - chance) / (1 - chance);
}

export const ALPHA_LEVELS = ['nominal', 'ordinal', 'interval'] as const;
export type AlphaLevel = (typeof ALPHA_LEVELS)[number];

/** Krippendorff's α with missing scores; subjects with one score or none count nothing. */
export function krippendorffAlpha(subjects: readonly Readings[], level: AlphaLevel): Estimate {
  const pairable = subjects
    .map((readings) => readings.filter((score) => score !== undefined))
    .filter((scores) => scores.length > 1);
  const values = [...new Set(pairable.flat())].sort((a, b) => a - b);
  if (pairable.length === 0) return undefinedBecause('no subject was scored by two readers');
  const index = new Map(values.map((value, n) => [value, n]));
  const coincidences = values.map(() => new Array<number>(values.length).fill(0));
  for (const scores of pairable)
    for (const [i, a] of scores.entries())
      for (const [j, b] of scores.entries())
        if (i !== j) coincidences[index.get(a)!]![index.get(b)!]! += 1 / (scores.length - 1);
  const totals = coincidences.map((row) => row.reduce((a, b) => a + b, 0));
  const all = totals.reduce((a, b) => a + b, 0);
  const distance = (c: number, k: number) => distanceOf(level, c, k, values, totals);
  let [observed, expected] = [0, 0];
  for (let c = 0; c < values.length; c++)
    for (let k = 0; k < values.length; k++) {
      observed += coincidences[c]![k]! * distance(c, k);
      expected += totals[c]! * totals[k]! * distance(c, k);
    }
  if (expected === 0) return undefinedBecause('all scores are the same');
  return defined(1 - ((all - 1) * observed) / expected);
}

function distanceOf(
  level: AlphaLevel,
  c: number,
  k: number,
  values: readonly number[],
  totals: readonly number[],
): number {
  if (level === 'nominal') return c === k ? 0 : 1;
  if (level === 'interval') return (values[c]! - values[k]!) ** 2;
  const [low, high] = [Math.min(c, k), Math.max(c, k)];
  const between = totals.slice(low, high + 1).reduce((a, b) => a + b, 0);
  return (between - (totals[low]! + totals[high]!) / 2) ** 2;
}
