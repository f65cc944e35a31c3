/** The analysis of variance of patients × readers that reliability is computed from (Shrout & Fleiss, Psychol Bull 1979). */

import { countOf, sumOf, type Times } from '../times.ts';

export interface MeanSquares {
  readonly patients: number;
  readonly readers: number;
  /** Readings of a patient: their mean, and what takes its place in coefficients (Ebel 1951); `readers` where all are there. */
  readonly meanReadings: number;
  readonly effectiveReadings: number;
  /** Mean squares, in squared units of the readings: between patients, between readers, within patients, residual. */
  readonly between: number;
  /** Between patients once differences between readers are taken away: the same where all readings are there. */
  readonly betweenCorrected: number;
  readonly readersSquare: number;
  readonly within: number;
  readonly residual: number;
}

/** Sums of squares below this share of the total are rounding errors of zero. */
const ROUNDING = 1e-14;

/** Complete readings, [patient][reader]; undefined for fewer than 2 patients or readers. */
export function meanSquares(readings: readonly (readonly number[])[], times?: Times): MeanSquares | undefined {
  const n = countOf(readings, times);
  const k = readings[0]?.length ?? 0;
  if (n < 2 || k < 2) return undefined;
  const mean = sumOf(readings, times, (row) => row.reduce((a, b) => a + b, 0)) / (n * k);
  const ofPatients = readings.map((row) => row.reduce((sum, value) => sum + (value - mean), 0) / k);
  const ofReaders = readings[0]!.map((_, j) => sumOf(readings, times, (row) => row[j]! - mean) / n);
  let [total, within, residual] = [0, 0, 0];
  for (const [i, row] of readings.entries()) {
    const count = times ? times[i]! : 1;
    for (const [j, value] of row.entries()) {
      const centred = value - mean;
      total += count * centred ** 2;
      within += count * (centred - ofPatients[i]!) ** 2;
      residual += count * (centred - ofPatients[i]! - ofReaders[j]!) ** 2;
    }
  }
  const between = k * sumOf(ofPatients, times, (value) => value ** 2);
  const readersSum = n * ofReaders.reduce((sum, value) => sum + value ** 2, 0);
  // A total of squares as small as rounding leaves of equal readings is none.
  const least = Math.max(ROUNDING * total, n * k * (4 * Number.EPSILON * Math.abs(mean)) ** 2);
  const square = (sum: number, degreesOfFreedom: number) => (sum <= least ? 0 : sum / degreesOfFreedom);
  return {
    patients: n,
    readers: k,
    meanReadings: k,
    effectiveReadings: k,
    between: square(between, n - 1),
    betweenCorrected: square(between, n - 1),
    readersSquare: square(readersSum, k - 1),
    within: square(within, n * (k - 1)),
    residual: square(residual, (n - 1) * (k - 1)),
  };
}
