/** The measures of a segmentation and of a classification, on label maps and on lists of scores. */

/** Dice's overlap of the voxels that `inside` accepts in two label maps, 0–1; undefined where neither has any. */
export function dice(a: Uint8Array, b: Uint8Array, inside: (label: number) => boolean): number | undefined {
  let both = 0;
  let sum = 0;
  for (let v = 0; v < a.length; v++) {
    const [inA, inB] = [inside(a[v]!), inside(b[v]!)];
    if (inA && inB) both++;
    sum += Number(inA) + Number(inB);
  }
  return sum ? (2 * both) / sum : undefined;
}

/** Voxel counts of classes 1…`classes` where both maps have one: truth by row, reading by column. */
export function confusionMatrix(truth: Uint8Array, read: Uint8Array, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let v = 0; v < truth.length; v++) if (truth[v] && read[v]) counts[truth[v]! - 1]![read[v]! - 1]!++;
  return counts;
}

/** Percent of each class 1…`classes` among the accepted voxels that have one. */
export function percents(labels: Uint8Array, classes: number, accepted: (v: number) => boolean = () => true): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let v = 0; v < labels.length; v++) if (labels[v] && accepted(v)) counts[labels[v]! - 1]!++;
  const all = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (count / all) * 100);
}

/** F1 of every class of a confusion matrix (van Rijsbergen 1979). */
export function f1Scores(confusion: readonly (readonly number[])[]): number[] {
  return confusion.map((row, c) => {
    const truth = row.reduce((a, b) => a + b, 0);
    const read = confusion.reduce((sum, other) => sum + other[c]!, 0);
    return truth + read ? (2 * row[c]!) / (truth + read) : 0;
  });
}

/** The chance that a positive scores above a negative, ties counted half (Mann and Whitney 1947). */
export function areaUnderCurve(positive: readonly number[], negative: readonly number[]): number {
  let above = 0;
  for (const p of positive) for (const n of negative) above += p > n ? 1 : p === n ? 0.5 : 0;
  return above / (positive.length * negative.length);
}

/** Confidence and correctness of readings, in ten equal bins of confidence. */
export interface Reliability {
  readonly count: number[];
  readonly confidence: number[];
  readonly correct: number[];
}

export const RELIABILITY_BINS = 10;

export function emptyReliability(): Reliability {
  const zeros = () => new Array<number>(RELIABILITY_BINS).fill(0);
  return { count: zeros(), confidence: zeros(), correct: zeros() };
}

/** Expected calibration error, 0–1: the mean gap of confidence and correctness, weighted by count (Naeini et al. 2015). */
export function expectedCalibrationError({ count, confidence, correct }: Reliability): number {
  const total = mean(count) * count.length;
  return count.reduce((sum, _, bin) => sum + Math.abs(confidence[bin]! - correct[bin]!) / total, 0);
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
