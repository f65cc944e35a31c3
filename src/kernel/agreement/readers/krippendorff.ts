/** Krippendorff's α for any number of readers and missing readings (Content Analysis, 4th ed. 2018, chapter 12). */
import type { Readings } from '../completeCases.ts';
import { ranks } from '../correlation/ranks.ts';
import { defined, type Estimate, type Interval, undefinedBecause, valueIn } from '../estimate.ts';
import { type BootstrapPlan, bootstrapInterval } from '../resampling/bootstrap.ts';
import type { Statistic } from '../resampling/resample.ts';

/** What differences mean: none but same or not, ranks, distances, or distances relative to size (values of 0 or more). */
export const MEASUREMENT_LEVELS = ['nominal', 'ordinal', 'interval', 'ratio'] as const;
export type MeasurementLevel = (typeof MEASUREMENT_LEVELS)[number];

export interface KrippendorffAlpha {
  readonly alpha: Estimate;
  /** Patients with at least two readings: the others cannot be paired and are left out. */
  readonly patients: number;
  readonly readings: number;
  /** Patients with fewer than two readings. */
  readonly missing: number;
}

/**
 * α = 1 − Do/De: Do the mean disagreement of the readings of one patient, each patient weighing as many as its
 * readings, De that of all paired readings with each other. Disagreement δ² is 1 for nominal values that differ,
 * (a − b)² for interval ones, the same of mean ranks over all paired readings for ordinal ones, and
 * ((a − b)/(a + b))² for ratio ones. Undefined where no patient has two readings, or all of them are the same.
 */
export function krippendorffAlpha(readings: Readings, level: MeasurementLevel): KrippendorffAlpha {
  const units = pairable(readings);
  return {
    alpha: alphaOf(units, level),
    patients: units.length,
    readings: units.reduce((sum, unit) => sum + unit.length, 0),
    missing: readings.length - units.length,
  };
}

/** Bootstrap interval of α over patients. */
export function krippendorffInterval(
  readings: Readings,
  level: MeasurementLevel,
  plan: BootstrapPlan,
): Interval & { readonly se: Estimate } {
  const units = pairable(readings);
  return bootstrapInterval(units.length, alphaStatistic(units, level), plan);
}

/** With more different values than this a sum over their pairs takes longer than one over the readings. */
const MAX_VALUES = 16;

/**
 * α of resampled patients. With few different values, as categories have, the coincidences of each patient's values
 * are counted once, so that a sample's α comes from sums of small tables.
 */
export function alphaStatistic(units: readonly (readonly number[])[], level: MeasurementLevel): Statistic {
  const distinct = Array.from(Float64Array.from(new Set(units.flat())).sort());
  if (distinct.length > MAX_VALUES || level === 'ratio')
    return (sample) =>
      valueIn(
        alphaOf(
          Array.from(sample, (n) => units[n]!),
          level,
        ),
      );
  const k = distinct.length;
  const ofUnits = units.map((unit) => coincidencesOf(unit, distinct));
  const cells = new Float64Array(k * k);
  const times = new Float64Array(k);
  return (sample) => {
    cells.fill(0);
    for (let n = 0; n < sample.length; n++) {
      const unit = ofUnits[sample[n]!]!;
      for (let cell = 0; cell < cells.length; cell++) cells[cell]! += unit[cell]!;
    }
    times.fill(0);
    for (let cell = 0; cell < cells.length; cell++) times[Math.floor(cell / k)]! += cells[cell]!;
    const total = times.reduce((a, b) => a + b, 0);
    let [observed, expected] = [0, 0];
    for (let c = 0; c < k; c++) {
      // Between two values lie half of those equal to either, and all of those in between: their mean ranks' distance.
      let apart = times[c]! / 2;
      for (let d = c + 1; d < k; d++) {
        const rankDistance = apart + times[d]! / 2;
        apart += times[d]!;
        const distance = level === 'nominal' ? 1 : level === 'ordinal' ? rankDistance : distinct[d]! - distinct[c]!;
        observed += cells[c * k + d]! * distance * distance;
        expected += times[c]! * times[d]! * distance * distance;
      }
    }
    return expected === 0 ? undefined : 1 - ((total - 1) * observed) / expected;
  };
}

/** How often each two of the values stand beside each other in one patient, each reading weighing 1 in all. */
function coincidencesOf(unit: readonly number[], distinct: readonly number[]): Float64Array {
  const k = distinct.length;
  const times = distinct.map((value) => unit.filter((reading) => reading === value).length);
  return Float64Array.from({ length: k * k }, (_, cell) => {
    const [c, d] = [Math.floor(cell / k), cell % k];
    return (times[c]! * (times[d]! - (c === d ? 1 : 0))) / (unit.length - 1);
  });
}

/** The readings of each patient that has at least two. */
function pairable(readings: Readings): number[][] {
  return readings
    .map((row) => row.filter((value): value is number => value !== undefined && Number.isFinite(value)))
    .filter((row) => row.length >= 2);
}

function alphaOf(units: readonly (readonly number[])[], level: MeasurementLevel): Estimate {
  if (units.length === 0) return undefinedBecause('no patient has two readings');
  const values = units.flat();
  if (level === 'ratio' && values.some((value) => value < 0))
    return undefinedBecause('the ratio level needs values of 0 or more');
  const disagreement = DISAGREEMENTS[level];
  const total = values.length;
  const expected = disagreement(level === 'ordinal' ? ranks(values) : values) / (total * (total - 1));
  if (expected === 0) return undefinedBecause('all readings are the same, so no disagreement is expected');
  const compared = level === 'ordinal' ? regrouped(ranks(values), units) : units;
  const observed = compared.reduce((sum, unit) => sum + disagreement(unit) / (unit.length - 1), 0) / total;
  return defined(1 - observed / expected);
}

/** The values in the groups of `units` again. */
function regrouped(values: readonly number[], units: readonly (readonly number[])[]): number[][] {
  let from = 0;
  return units.map((unit) => {
    from += unit.length;
    return values.slice(from - unit.length, from);
  });
}

/** Σ δ² over all ordered pairs of the values, in closed form where there is one. */
const DISAGREEMENTS: Readonly<Record<MeasurementLevel, (values: readonly number[]) => number>> = {
  nominal: (values) => {
    const counts = timesOf(values);
    let same = 0;
    for (const count of counts.values()) same += count * count;
    return values.length * values.length - same;
  },
  ordinal: squaredDistances,
  interval: squaredDistances,
  ratio: (values) => {
    const counts = [...timesOf(values)];
    let sum = 0;
    for (const [i, [a, times]] of counts.entries())
      for (let j = 0; j < i; j++) {
        const [b, others] = counts[j]!;
        sum += 2 * times * others * ((a - b) / (a + b)) ** 2;
      }
    return sum;
  },
};

/** Σ (a − b)² over ordered pairs is 2n·Σ(a − ā)². */
function squaredDistances(values: readonly number[]): number {
  // Of equal values the mean may be off by rounding, which would leave a distance.
  if (values.every((value) => value === values[0])) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return 2 * values.length * values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function timesOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
