/** Draws cases, or whole patients with all their cases, with replacement (Efron 1979; clusters as in Davison & Hinkley 1997, section 3.8). */
import { createRandom } from '../../base/random.ts';

/** Case numbers from 0, with repeats. The array is used again for the next sample, so it must not be kept. */
export type Sample = Int32Array;

/** A statistic of the cases named, or undefined where they do not give one. */
export type Statistic = (sample: Sample) => number | undefined;

/** What is drawn: single cases 0…n−1, or patients, each with the numbers of its cases (its lobes, say). */
export type Units = number | readonly (readonly number[])[];

/** A statistic of what was observed, for intervals that ask more than its values over resamples. */
export interface ObservedStatistic {
  /** How many units there are. */
  readonly units: number;
  readonly estimate: () => number | undefined;
  /** Without each unit in turn, in the units' order. */
  readonly leftOut: () => readonly (number | undefined)[];
}

/** The cases of each patient, patients in order of first appearance. `patients` names the patient of each case. */
export function clustersOf(patients: readonly string[]): number[][] {
  const clusters = new Map<string, number[]>();
  for (const [n, patient] of patients.entries()) {
    const cases = clusters.get(patient);
    if (cases) cases.push(n);
    else clusters.set(patient, [n]);
  }
  return [...clusters.values()];
}

/** How many units there are: cases, or patients. */
export function unitCount(units: Units): number {
  return typeof units === 'number' ? units : units.length;
}

/** All cases once: the sample that was observed. */
export function observedSample(units: Units): Sample {
  return typeof units === 'number' ? Int32Array.from({ length: units }, (_, n) => n) : Int32Array.from(units.flat());
}

/** Calls `visit` with `repetitions` samples of as many units as there are. Equal seeds draw equal samples. */
export function forEachResample(
  units: Units,
  repetitions: number,
  seed: number | string,
  visit: (sample: Sample) => void,
): void {
  const random = createRandom(seed);
  if (typeof units === 'number') {
    const sample = new Int32Array(units);
    for (let r = 0; r < repetitions; r++) {
      for (let n = 0; n < units; n++) sample[n] = Math.floor(random() * units);
      visit(sample);
    }
    return;
  }
  const largest = units.reduce((most, cases) => Math.max(most, cases.length), 0);
  const buffer = new Int32Array(units.length * largest);
  for (let r = 0; r < repetitions; r++) {
    let length = 0;
    for (let n = 0; n < units.length; n++)
      for (const number of units[Math.floor(random() * units.length)]!) buffer[length++] = number;
    visit(buffer.subarray(0, length));
  }
}
