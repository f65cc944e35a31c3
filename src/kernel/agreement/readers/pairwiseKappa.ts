/** Cohen's κ of every pair of readers, and their mean (Light, Psychol Bull 1971). */
import { type ContingencyTable, contingencyTable } from '../categories/contingency.ts';
import { cohenKappa, type Kappa } from '../categories/kappa.ts';
import type { Weights } from '../categories/weights.ts';
import { completeCases, type Readings } from '../completeCases.ts';
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';

export interface ReaderPair {
  /** Places of the two readers, `left` before `right`. */
  readonly left: number;
  readonly right: number;
  /** Patients whom both read, and the others. */
  readonly n: number;
  readonly missing: number;
  readonly table: ContingencyTable;
  readonly kappa: Kappa;
}

export interface PairwiseKappa {
  readonly pairs: readonly ReaderPair[];
  /** Light's κ: the mean over all pairs; undefined where a pair has none. */
  readonly mean: Estimate;
}

/** Readings are categories from 0, [patient][reader]; each pair uses the patients whom both have read. */
export function pairwiseKappa(readings: Readings, categories: number, weights: Weights): PairwiseKappa {
  const readers = readings[0]?.length ?? 0;
  const pairs: ReaderPair[] = [];
  for (let left = 0; left < readers; left++)
    for (let right = left + 1; right < readers; right++) {
      const { rows, missing } = completeCases(readings.map((row) => [row[left], row[right]]));
      const table = contingencyTable(
        rows.map((row) => row[0]!),
        rows.map((row) => row[1]!),
        categories,
      );
      pairs.push({ left, right, n: rows.length, missing, table, kappa: cohenKappa(table, weights) });
    }
  return { pairs, mean: meanOf(pairs.map((pair) => pair.kappa.kappa)) };
}

function meanOf(estimates: readonly Estimate[]): Estimate {
  if (estimates.length === 0) return undefinedBecause('there are fewer than two readers');
  let sum = 0;
  for (const estimate of estimates) {
    if ('undefinedBecause' in estimate) return estimate;
    sum += estimate.value;
  }
  return defined(sum / estimates.length);
}
