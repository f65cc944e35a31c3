/**
 * Spine and trachea, found by their density beside the segmented lungs, and the side of heart and aorta. They tell
 * front from back, head from feet and right from left whatever the file says; lobes cannot, since a network that sees a
 * turned chest still puts them where they usually are.
 */
import { type LabelMap, spacingMm, type Volume } from '../ct/geometry/volume.ts';
import { labelledBox } from './lungBox.ts';
import { mediastinumLeftMm } from './mediastinum.ts';

export interface Landmarks {
  /** Bone near the midline in the front and in the back fifth of the lungs, at the height of the sternum. */
  readonly boneMl: { readonly front: number; readonly back: number };
  /** Share of the slices of the lungs' top and bottom quarter that show a trachea between the lungs. */
  readonly trachea: { readonly top: number; readonly bottom: number };
  /** How far heart and aorta lean to the left; see `mediastinumLeftMm`. */
  readonly mediastinumLeftMm: number | undefined;
}

/** The strip that is searched reaches this far to either side of the middle between the lungs' outer borders. */
const STRIP_MM = 25;
const BONE_HU = 250;
const AIR_HU = -800;
/** A trachea's section; less is an air-filled oesophagus or noise, more is lung that was missed. */
const TRACHEA_MM2 = [50, 600] as const;
/** Heights and depths are shares of the lungs' extent, from the bottom and from the front. */
const STERNUM_HEIGHT = [0.4, 0.75] as const;
const TOP_QUARTER = [0.75, 0.97] as const;
const BOTTOM_QUARTER = [0.03, 0.25] as const;
const END_FIFTH = 0.2;

/** `lobes` must not be empty. */
export function findLandmarks(volume: Volume, lobes: LabelMap): Landmarks {
  const box = labelledBox(lobes, 0);
  if (!box) throw new Error('no lobe is labelled');
  const { labels } = lobes;
  const { hu } = volume;
  const [nx, ny] = volume.size;
  const [dx, dy, dz] = spacingMm(volume);
  const [left, front, bottom] = box.low;
  const [right, back, top] = box.high;
  const middle = (left + right) / 2;
  const columns = indices(Math.max(0, middle - STRIP_MM / dx), Math.min(nx - 1, middle + STRIP_MM / dx));
  const slices = ([low, high]: readonly [number, number]) =>
    indices(bottom + low * (top - bottom), bottom + high * (top - bottom));
  const frontFifth = front + END_FIFTH * (back - front);
  const backFifth = back - END_FIFTH * (back - front);

  const count = (k: number, rows: readonly number[], has: (index: number) => boolean): number => {
    let found = 0;
    for (const j of rows) for (const i of columns) if (has((k * ny + j) * nx + i)) found++;
    return found;
  };
  const boneMl = (rows: readonly number[]): number => {
    const voxels = slices(STERNUM_HEIGHT).reduce((sum, k) => sum + count(k, rows, (index) => hu[index]! > BONE_HU), 0);
    return (voxels * dx * dy * dz) / 1000;
  };
  const between = indices(frontFifth, backFifth);
  const trachea = (heights: readonly [number, number]): number => {
    const all = slices(heights);
    const seen = all.filter((k) => {
      const mm2 = count(k, between, (index) => hu[index]! < AIR_HU && labels[index] === 0) * dx * dy;
      return mm2 >= TRACHEA_MM2[0] && mm2 <= TRACHEA_MM2[1];
    });
    return all.length ? seen.length / all.length : 0;
  };
  return {
    boneMl: { front: boneMl(indices(0, frontFifth)), back: boneMl(indices(backFifth, ny - 1)) },
    trachea: { top: trachea(TOP_QUARTER), bottom: trachea(BOTTOM_QUARTER) },
    mediastinumLeftMm: mediastinumLeftMm(lobes),
  };
}

/** The whole numbers from `first` to `last`. */
function indices(first: number, last: number): number[] {
  const start = Math.ceil(first);
  return Array.from({ length: Math.max(0, Math.floor(last) - start + 1) }, (_, n) => start + n);
}
