/** What registration sees of a CT: its lungs alone, coarse, in a flat surrounding, so that neither ribs nor table pull. */
import { type Resampled, resampleVolume } from '../ct/geometry/resample.ts';
import type { Grid, LabelMap, Volume } from '../ct/geometry/volume.ts';
import { cropGrid, labelledBox } from '../lungs/lungBox.ts';
import { halved } from './smooth.ts';

/** Fine enough for vessels of 2 mm to be seen, coarse enough for a chest to take seconds. */
export const REGISTERED_AT_MM = 3;
/** Room around the lungs, into which those of the other CT may reach. */
const MARGIN_MM = 25;
/** In the place of everything that is no lung, and the most that is seen of what is within it, in HU. */
const AROUND_HU = 100;
const LEAST_HU = -1024;

export interface LungImage extends Grid {
  /** In HU. */
  readonly values: Float32Array;
  /** The share of each voxel that is lung, 0–1. */
  readonly lung: Float32Array;
}

/** Undefined where the map has no lung. */
export function lungImage(ct: Volume, lobes: LabelMap): LungImage | undefined {
  const box = labelledBox(lobes, MARGIN_MM);
  if (!box) return undefined;
  const part = cropGrid(ct, box);
  const [mx, my, mz] = part.size;
  const [nx, ny] = ct.size;
  const hu = new Int16Array(mx * my * mz);
  const lung = new Int16Array(hu.length);
  for (let k = 0, to = 0; k < mz; k++)
    for (let j = 0; j < my; j++) {
      let v = ((k + box.low[2]) * ny + j + box.low[1]) * nx + box.low[0];
      for (let i = 0; i < mx; i++, to++, v++) {
        const inLung = lobes.labels[v] !== 0;
        hu[to] = inLung ? Math.min(AROUND_HU, Math.max(LEAST_HU, ct.hu[v]!)) : AROUND_HU;
        lung[to] = inLung ? 1 : 0;
      }
    }
  const spacing: [number, number, number] = [REGISTERED_AT_MM, REGISTERED_AT_MM, REGISTERED_AT_MM];
  const { hu: values, size, affine }: Resampled = resampleVolume({ ...part, hu }, spacing);
  return { size, affine, values, lung: resampleVolume({ ...part, hu: lung }, spacing).hu };
}

/** The image at twice the spacing. */
export function coarser({ size, affine, values, lung }: LungImage): LungImage {
  const half = halved(values, size);
  const wider = [...affine];
  for (let row = 0; row < 3; row++)
    for (let axis = 0; axis < 3; axis++) {
      wider[row * 4 + axis] = 2 * affine[row * 4 + axis]!;
      wider[row * 4 + 3]! += affine[row * 4 + axis]! / 2;
    }
  return { size: half.size, affine: wider, values: half.values, lung: halved(lung, size).values };
}

/** The middle of the lungs in mm, and how far they reach along each axis of the patient: the standard deviation there. */
export function extentOf({ size, affine, lung }: LungImage): { readonly middle: number[]; readonly spread: number[] } {
  const [nx, ny, nz] = size;
  let weight = 0;
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const share = lung[v]!;
        if (share === 0) continue;
        weight += share;
        for (let row = 0; row < 3; row++) {
          const at = affine[row * 4]! * i + affine[row * 4 + 1]! * j + affine[row * 4 + 2]! * k + affine[row * 4 + 3]!;
          sums[row]! += share * at;
          squares[row]! += share * at * at;
        }
      }
  const middle = sums.map((sum) => sum / weight);
  return { middle, spread: squares.map((square, row) => Math.sqrt(Math.max(0, square / weight - middle[row]! ** 2))) };
}
