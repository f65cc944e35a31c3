/**
 * Where the images of a series lie, and whether they lie evenly: what decides which of them belong together, whatever
 * their tags say. Directions and pixel spacing of a stack are those of most of its images, so that one that differs in
 * the last digits lies where the others do.
 */
import { upperMedian } from '../../base/median.ts';
import type { SliceFrame } from '../cohort/cohort.ts';
import type { FoundFile } from '../files/scan.ts';
import { dot, normalOf } from '../geometry/vector.ts';
import { SAME_PLACE_MM, usualDistance } from './sliceOrder.ts';

/** What most of some images with geometry say, number by number. */
export function frameOf(files: readonly FoundFile[]): SliceFrame {
  const median = (of: (file: FoundFile) => number) => upperMedian(files.map(of));
  return {
    orientation: [0, 1, 2, 3, 4, 5].map((n) => median(({ header }) => header.orientation![n]!)),
    pixelSpacing: [median(({ header }) => header.pixelSpacing![0]), median(({ header }) => header.pixelSpacing![1])],
  };
}

/** An image and its position along the normal that it shares with others, in mm. */
export interface PlacedFile {
  readonly file: FoundFile;
  readonly at: number;
}

/** In rising order. */
export function placed(files: readonly FoundFile[], { orientation }: SliceFrame): PlacedFile[] {
  const normal = normalOf(orientation);
  return files
    .map((file): PlacedFile => ({ file, at: dot(normal, file.header.position!) }))
    .sort((a, b) => a.at - b.at);
}

export interface Evenness {
  /** Usual distance between neighbouring places in mm; 0 for a single one. */
  readonly spacingMm: number;
  /** Images that lie where another one does. */
  readonly doubled: number;
  /** How many images would have to go or come for the rest to lie evenly, one at each place. */
  readonly irregularities: number;
}

/** Of images in rising order. */
export function evennessOf(sorted: readonly PlacedFile[]): Evenness {
  const steps = sorted.slice(1).map(({ at }, n) => at - sorted[n]!.at);
  const apart = steps.filter((step) => step > SAME_PLACE_MM);
  const { spacingMm, isOdd } = usualDistance(
    sorted.flatMap(({ at }, n) => (n === 0 || steps[n - 1]! > SAME_PLACE_MM ? [at] : [])),
  );
  const odd = apart.filter(isOdd);
  const doubled = steps.length - apart.length;
  return { spacingMm, doubled, irregularities: doubled + odd.length };
}

/** The share of the shorter group's length that both have, each in rising order; 0 where they lie one above the other. */
export function sharedLength(a: readonly PlacedFile[], b: readonly PlacedFile[]): number {
  const [[lowA, highA], [lowB, highB]] = [ends(a), ends(b)];
  const shorter = Math.min(highA - lowA, highB - lowB);
  return shorter > 0 ? Math.max(0, Math.min(highA, highB) - Math.max(lowA, lowB)) / shorter : 0;
}

function ends(sorted: readonly PlacedFile[]): readonly [low: number, high: number] {
  return [sorted[0]!.at, sorted.at(-1)!.at];
}
