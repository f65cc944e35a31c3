/**
 * Ground glass and consolidation that a radiologist drew on single slices of COVID pneumonia (COVID-SemiSeg, Inf-Net: Fan
 * et al., IEEE Trans Med Imaging 2020), against what `quantify` reads there.
 *
 * The slices are pictures of 8 bits, each with a window of its own: grey becomes HU by the slice's own lung and soft
 * tissue. There is one slice where the network wants three, and no mask of the lungs.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decode } from 'fast-png';
import { unattended } from '../../src/kernel/base/task.ts';
import { decodeFrame, loadCodec } from '../../src/kernel/ct/dicom/codecs/codecs.ts';
import { axisAlignedAffine, type GridSize, type Volume } from '../../src/kernel/ct/geometry/volume.ts';
import type { Model } from '../../src/kernel/inference/model.ts';
import { classifyTextures } from '../../src/kernel/lungs/classifyTextures.ts';
import { onGrid } from '../../src/kernel/lungs/lungVoxels.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { writeSliceOverlays } from './overlay.ts';

/** What the slices' labels stand for, by value. 0 is all else, of which aerated lung is judged. */
export const COVID_LABELS = ['lung outside the lesions', 'ground glass', 'consolidation'] as const;

/** What is drawn as consolidation there is coarse reticulation (1) and crazy paving (15) to the eye. */
const DOUBTFUL: ReadonlySet<number> = new Set([1, 15]);

/** HU of the peaks of a histogram that aerated lung and soft tissue make, and where the peaks lie in 8-bit grey. */
const LUNG = { hu: -855, from: 10, to: 120 };
const SOFT = { hu: 45, from: 150, to: 256 };
const SMOOTHING_SIGMA = 3;
/**
 * Nothing is less dense than air. Where this share of a slice would be, its most frequent lung is diseased, and the darkest
 * hundredth of the slice is known instead: in the other slices it ends at −950 HU in the median.
 */
const AIR_HU = -1024;
const MOST_BELOW_AIR = 0.02;
const DARKEST = { share: 0.01, hu: -950 };
/** Aerated lung: neither vessel nor airway. */
const AERATED_HU = { above: -980, below: -600 };
/** Aerated lung nearer to a lesion is not judged: where a lesion ends is a matter of taste. */
const NEAR_LESION_PIXELS = 4;
const LUNG_BELOW_HU = -500;
/** The slices are given about their own pixels, and a neighbour on either side. */
const SPACING_MM = [0.8, 0.8, 3] as const;
const SLICES = 3;

export interface CovidResult {
  readonly slice: number;
  /** The radiologist's consolidation is something else to the eye. */
  readonly doubtful: boolean;
  /** Pixels by label (rows, COVID_LABELS) and class read (columns, TEXTURE_CLASSES). */
  readonly counts: readonly (readonly number[])[];
}

export function hasCovidSlices(data: string): boolean {
  return existsSync(join(data, 'covid-slices', 'labels'));
}

export async function measureCovidSlices(folder: string, model: Model, pictures: string): Promise<CovidResult[]> {
  await loadCodec('jpeg');
  const slices = readdirSync(join(folder, 'labels')).map((file) => Number(basename(file, '.png')));
  const results: CovidResult[] = [];
  for (const slice of slices.sort((a, b) => a - b)) {
    const { size, grey, labels } = readSlice(folder, slice);
    const hu = greyToHu(grey);
    const read = await readTextures(hu, labels, size, model);
    writeSliceOverlays(join(pictures, `covid-${slice}.png`), size, hu, [
      labels.map((label) => (label ? label + 1 : 0)),
      read.map((texture, p) => (texture > 1 && isLung(hu[p]!, labels[p]!) ? texture : 0)),
    ]);
    results.push({ slice, doubtful: DOUBTFUL.has(slice), counts: countReadings(hu, labels, read, size) });
  }
  return results;
}

type SliceSize = readonly [nx: number, ny: number];

/** Grey and labels, row by row, upright: they are stored transposed. */
function readSlice(folder: string, slice: number): { size: SliceSize; grey: Uint8Array; labels: Uint8Array } {
  const { width, height, data } = decode(readFileSync(join(folder, 'labels', `${slice}.png`)));
  const form = { rows: height, columns: width, bitsAllocated: 8, bitsStored: 8, signed: false };
  const grey = decodeFrame('jpeg', readFileSync(join(folder, 'images', `${slice}.jpg`)), form);
  const upright = (pixels: ArrayLike<number>) =>
    Uint8Array.from({ length: width * height }, (_, p) => pixels[(p % height) * width + Math.floor(p / height)]!);
  return { size: [height, width], grey: upright(grey), labels: upright(data) };
}

/**
 * Linear in grey, with the slice's most frequent soft tissue at 45 HU and its most frequent lung at −855 HU, or the end of
 * its darkest hundredth at −950 HU.
 */
export function greyToHu(grey: Uint8Array): Int16Array {
  const counts = new Array<number>(256).fill(0);
  for (const value of grey) counts[value]!++;
  const smooth = smoothed(counts);
  const peak = ({ from, to }: typeof LUNG) =>
    smooth.slice(from, to).reduce((best, count, n) => (count > smooth[best]! ? from + n : best), from);
  const [lung, soft] = [peak(LUNG), peak(SOFT)];
  const through = (dark: number, darkHu: number) => (value: number) =>
    Math.round(((value - dark) / (soft - dark)) * (SOFT.hu - darkHu) + darkHu);
  const byLung = through(lung, LUNG.hu);
  const belowAir = counts.reduce((sum, count, value) => sum + (byLung(value) < AIR_HU ? count : 0), 0);
  if (belowAir <= MOST_BELOW_AIR * grey.length) return Int16Array.from(grey, byLung);
  const darkest = grey.toSorted()[Math.floor(DARKEST.share * grey.length)]!;
  return Int16Array.from(grey, through(darkest, DARKEST.hu));
}

/** By a Gaussian; beyond its ends the histogram goes on mirrored. */
function smoothed(counts: readonly number[]): number[] {
  const reach = 4 * SMOOTHING_SIGMA;
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * SMOOTHING_SIGMA ** 2)),
  );
  const last = counts.length - 1;
  const mirrored = (n: number) => (n < 0 ? -1 - n : n > last ? 2 * last + 1 - n : n);
  return counts.map((_, value) =>
    weights.reduce((sum, weight, n) => sum + weight * counts[mirrored(value + n - reach)]!, 0),
  );
}

/** The class read in every pixel, 1–6, as `quantify` reads the middle one of three equal slices. */
async function readTextures(
  hu: Int16Array,
  labels: Uint8Array,
  [nx, ny]: SliceSize,
  model: Model,
): Promise<Uint8Array> {
  const grid = { size: [nx, ny, SLICES] as GridSize, affine: axisAlignedAffine(SPACING_MM, [0, 0, 0]) };
  const volume: Volume = { ...grid, hu: repeated(hu) };
  const lungs = { ...grid, labels: repeated(labels.map((label, p) => (isLung(hu[p]!, label) ? 1 : 0))) };
  const { voxels } = await classifyTextures(volume, lungs, model, unattended);
  return onGrid(voxels, voxels.best).subarray(nx * ny, 2 * nx * ny);
}

/** Lung for the network's run: lesions, and whatever is as light as lung. */
function isLung(hu: number, label: number): boolean {
  return label > 0 || hu < LUNG_BELOW_HU;
}

function repeated<T extends Int16Array | Uint8Array>(slice: T): T {
  // SAFETY: an array of the same type as the slice, three times as long.
  const all = new (slice.constructor as new (length: number) => T)(slice.length * SLICES);
  for (let k = 0; k < SLICES; k++) all.set(slice, k * slice.length);
  return all;
}

/** Pixels by label and class read; of those without a label only aerated lung away from the lesions counts. */
export function countReadings(hu: Int16Array, labels: Uint8Array, read: Uint8Array, size: SliceSize): number[][] {
  const counts = COVID_LABELS.map(() => new Array<number>(TEXTURE_CLASSES.length).fill(0));
  const near = nearLesions(labels, size);
  for (let p = 0; p < labels.length; p++) {
    const aerated = hu[p]! > AERATED_HU.above && hu[p]! < AERATED_HU.below && !near[p];
    if (read[p] && (labels[p] || aerated)) counts[labels[p]!]![read[p]! - 1]!++;
  }
  return counts;
}

/** 1 within NEAR_LESION_PIXELS of a lesion. */
function nearLesions(labels: Uint8Array, [nx, ny]: SliceSize): Uint8Array {
  const near = new Uint8Array(labels.length);
  for (let p = 0; p < labels.length; p++) {
    if (!labels[p]) continue;
    const [x, y] = [p % nx, Math.floor(p / nx)];
    for (let dy = -NEAR_LESION_PIXELS; dy <= NEAR_LESION_PIXELS; dy++)
      for (let dx = -NEAR_LESION_PIXELS; dx <= NEAR_LESION_PIXELS; dx++) {
        const [i, j] = [x + dx, y + dy];
        if (Math.hypot(dx, dy) <= NEAR_LESION_PIXELS && i >= 0 && i < nx && j >= 0 && j < ny) near[j * nx + i] = 1;
      }
  }
  return near;
}
