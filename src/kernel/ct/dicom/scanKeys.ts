/** By what the images of several scans or reconstructions in one series can be told apart, the most telling first. */
import type { FoundFile } from '../files/scan.ts';
import { evennessOf, type PlacedFile } from './evidence.ts';
import { SAME_PLACE_MM } from './sliceOrder.ts';

/**
 * Reconstructions may show different parts of the body; scans are taken for several where they show the same one, and
 * else for one that was taken in parts. Phases are scans of one cycle, of which it is worth saying which is which.
 */
export type KeyKind = 'reconstruction' | 'scan' | 'phase';

export interface ScanKey {
  /** In words for messages. */
  readonly words: string;
  readonly kind: KeyKind;
  /** The value of each of some images in rising order; undefined where they have none that could tell them apart. */
  readonly valuesOf: (sorted: readonly PlacedFile[]) => readonly string[] | undefined;
}

const tag = (words: string, kind: KeyKind, of: (file: FoundFile) => unknown): ScanKey => ({
  words,
  kind,
  valuesOf: (sorted) => sorted.map(({ file }) => String(of(file) ?? '')),
});

export const SCAN_KEYS: readonly ScanKey[] = [
  tag('kernel', 'reconstruction', ({ header }) => header.convolutionKernel),
  tag('slice thickness', 'reconstruction', ({ header }) => header.sliceThicknessMm?.toFixed(1)),
  tag('pixel spacing', 'reconstruction', ({ header }) => header.pixelSpacing?.map((mm) => mm.toFixed(3)).join()),
  tag('temporal position', 'phase', ({ header }) => header.timing.temporalPosition),
  tag('percent of the cycle', 'phase', ({ header }) => header.timing.phasePercent),
  tag('trigger time', 'phase', ({ header }) => header.timing.triggerTime),
  tag('acquisition', 'scan', ({ header }) => header.acquisitionNumber),
  tag('acquisition time', 'scan', ({ header }) => header.timing.acquisitionTime),
  tag('content time', 'scan', ({ header }) => header.timing.contentTime),
  tag('description', 'scan', ({ header }) => header.description),
  tag('image type', 'reconstruction', ({ header }) => header.imageType.join('\\')),
  tag('frame of reference', 'reconstruction', ({ header }) => header.frameOfReferenceUid),
  tag('study', 'scan', ({ header }) => header.studyInstanceUid),
  tag('rescale', 'scan', ({ header }) => header.rescale?.join()),
  { words: 'order of trigger times', kind: 'phase', valuesOf: (sorted) => ranks(sorted, triggerTime) },
  { words: 'image number', kind: 'scan', valuesOf: (sorted) => runs(sorted) ?? ranks(sorted, inOneRun(sorted)) },
  tag('folder', 'scan', ({ source }) => (source.zipEntry ?? source.file).replace(/[^/\\]*$/, '')),
  { words: 'distance', kind: 'scan', valuesOf: combs },
];

/** Scans of which one lies so little above the other, as a share of their spacing, are two whatever their tags say. */
const BESIDE = 0.25;
/** Two periods of a comb differ by no more than this share. */
const UNEVEN = 0.05;

function triggerTime({ file }: PlacedFile): number {
  return Number(file.header.timing.triggerTime ?? Number.NaN);
}

function instance({ file }: PlacedFile): number {
  return file.header.instanceNumber ?? Number.NaN;
}

/** True where image numbers rise or fall with the places, none twice: one reconstruction was numbered through. */
export function isNumberedThrough(sorted: readonly PlacedFile[]): boolean {
  const steps = sorted.slice(1).map((one, n) => instance(one) - instance(sorted[n]!));
  return steps.every((step) => step > 0) || steps.every((step) => step < 0);
}

/** Number of the run, where images in the order of their numbers go through the places several times in one direction. */
function runs(sorted: readonly PlacedFile[]): string[] | undefined {
  const numbers = sorted.map(instance);
  if (new Set(numbers).size < sorted.length || numbers.some(Number.isNaN)) return undefined;
  const order = sorted.map((one, n) => ({ one, n })).sort((a, b) => instance(a.one) - instance(b.one));
  const run = new Array<string>(sorted.length);
  let [direction, count] = [0, 0];
  for (const [k, { one, n }] of order.entries()) {
    const step = k === 0 ? 0 : one.at - order[k - 1]!.one.at;
    const heading = Math.abs(step) <= SAME_PLACE_MM ? 0 : Math.sign(step);
    if (k > 0 && (heading === 0 || (direction !== 0 && heading !== direction))) {
      count++;
      direction = 0;
    } else direction = heading;
    run[n] = String(count);
  }
  return run;
}

/** Image numbers that go through the places once, several at each: the number, or else nothing. */
function inOneRun(sorted: readonly PlacedFile[]): (one: PlacedFile) => number {
  const order = [...sorted].sort((a, b) => instance(a) - instance(b));
  const steps = order.slice(1).map((one, n) => one.at - order[n]!.at);
  const isOne = steps.every((step) => step > -SAME_PLACE_MM) || steps.every((step) => step < SAME_PLACE_MM);
  return isOne ? instance : () => Number.NaN;
}

/** The rank of each image among those at its place, where every place has as many, and none has a value twice. */
function ranks(sorted: readonly PlacedFile[], of: (one: PlacedFile) => number): string[] | undefined {
  const groups: number[][] = [];
  for (const [n, { at }] of sorted.entries()) {
    const last = groups.at(-1);
    if (last && at - sorted[last[0]!]!.at <= SAME_PLACE_MM) last.push(n);
    else groups.push([n]);
  }
  const result = new Array<string>(sorted.length);
  for (const group of groups) {
    const values = group.map((n) => of(sorted[n]!));
    if (group.length !== groups[0]!.length || values.some(Number.isNaN) || new Set(values).size < group.length)
      return undefined;
    for (const [rank, n] of [...group].sort((a, b) => of(sorted[a]!) - of(sorted[b]!)).entries())
      result[n] = String(rank);
  }
  return result;
}

/** Two scans of the same spacing, one a little above the other. */
function combs(sorted: readonly PlacedFile[]): string[] | undefined {
  const periods = sorted.slice(2).map(({ at }, n) => at - sorted[n]!.at);
  const period = periods[periods.length >> 1] ?? 0;
  const isComb = periods.every((one) => Math.abs(one - period) <= UNEVEN * period);
  const first = sorted[1]!.at - sorted[0]!.at;
  const beside = Math.min(first, period - first);
  // Upon each other, neither of two is known to be of either scan.
  const isBeside = beside > SAME_PLACE_MM && beside <= BESIDE * period;
  const even = evennessOf(sorted.filter((_, n) => n % 2 === 0));
  return isComb && isBeside && even.irregularities === 0 ? sorted.map((_, n) => String(n % 2)) : undefined;
}
