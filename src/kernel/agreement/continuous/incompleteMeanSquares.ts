/**
 * The analysis of variance of patients × readers where not everybody has read everybody: one way by Ebel (Psychometrika
 * 1951), two ways by taking each reader's difference from the mean of all readings away first (Brückl 2011; Brückl &
 * Heuer, R package irrNA, `iccNA` with its defaults). Readings are to be missing at random.
 */
import type { Readings } from '../completeCases.ts';
import type { MeanSquares } from './meanSquares.ts';

/** Sums of squares below this share of the total are rounding errors of zero. */
const ROUNDING = 1e-14;

interface Reading {
  readonly patient: number;
  readonly reader: number;
  readonly value: number;
}

/**
 * Patients without a reading and readers without one do not count. With all readings there it is the usual one. Undefined
 * for fewer than 2 patients or readers, or where no patient has two readings.
 */
export function incompleteMeanSquares(readings: Readings): MeanSquares | undefined {
  const all = readings.flatMap((row, patient) =>
    row.flatMap((value, reader): Reading[] =>
      value !== undefined && Number.isFinite(value) ? [{ patient, reader, value }] : [],
    ),
  );
  const patients = Map.groupBy(all, ({ patient }) => patient);
  const readers = Map.groupBy(all, ({ reader }) => reader);
  const [n, k, total] = [patients.size, readers.size, all.length];
  if (n < 2 || k < 2 || total <= n) return undefined;
  const grand = meanOf(all);
  // Each reader's mean is that of all readings then.
  const corrected = [...readers.values()].flatMap((own) => {
    const difference = grand - meanOf(own);
    return own.map((reading) => ({ ...reading, value: reading.value + difference }));
  });
  const [raw, ipsative] = [squaresOf(all, grand), squaresOf(corrected, grand)];
  const ofReaders = [...readers.values()].reduce((sum, own) => sum + own.length * (meanOf(own) - grand) ** 2, 0);
  const meanReadings = total / n;
  const perPatient = [...patients.values()].map((own) => own.length);
  const effectiveReadings = (total - perPatient.reduce((sum, count) => sum + count * count, 0) / total) / (n - 1);
  const least = Math.max(ROUNDING * (raw.between + raw.within), total * (4 * Number.EPSILON * Math.abs(grand)) ** 2);
  const square = (sum: number, degreesOfFreedom: number) => (sum <= least ? 0 : sum / degreesOfFreedom);
  return {
    patients: n,
    readers: k,
    meanReadings,
    effectiveReadings,
    between: square(raw.between, n - 1),
    within: square(raw.within, n * (meanReadings - 1)),
    betweenCorrected: square(ipsative.between, n - 1),
    readersSquare: square(ofReaders, k - 1),
    residual: square(ipsative.within, (n - 1) * (meanReadings - 1)),
  };
}

/** Sums of squares between patients, each as often as it was read, and within them. */
function squaresOf(readings: readonly Reading[], grand: number): { between: number; within: number } {
  let [between, within] = [0, 0];
  for (const own of Map.groupBy(readings, ({ patient }) => patient).values()) {
    const mean = meanOf(own);
    between += own.length * (mean - grand) ** 2;
    for (const { value } of own) within += (value - mean) ** 2;
  }
  return { between, within };
}

function meanOf(readings: readonly Reading[]): number {
  return readings.reduce((sum, { value }) => sum + value, 0) / readings.length;
}
