/** Labels of a mask's own grid on that of a CT: the label of the voxel whose centre is nearest. */
import type { Affine, GridSize } from '../../ct/geometry/volume.ts';
import { fillNearest } from '../nearestLabels.ts';

export interface OwnLabels {
  readonly labels: Int16Array;
  readonly size: GridSize;
  /** Values of each voxel, one behind another. */
  readonly layers: number;
}

/** One layer on a grid of `target` voxels; `toMask` leads from those to the mask's. 0 beyond the mask. */
export function placeLabels(
  { labels, size, layers }: OwnLabels,
  layer: number,
  toMask: Affine,
  target: GridSize,
): Int16Array {
  const [nx, ny, nz] = target;
  const placed = new Int16Array(nx * ny * nz);
  for (let k = 0; k < nz; k++)
    fillNearest(
      placed.subarray(k * nx * ny, (k + 1) * nx * ny),
      { labels, size, layers, layer },
      { size: [nx, ny], k, toLabels: toMask },
    );
  return placed;
}

/** How many of the mask's labelled voxels lie outside the CT, of how many. */
export function outsideOf(
  { labels, size, layers }: OwnLabels,
  toCt: Affine,
  target: GridSize,
): { readonly outside: number; readonly all: number } {
  const [mx, my, mz] = size;
  const isWithin = (value: number, count: number) => value > -0.5 - 1e-3 && value < count - 0.5 + 1e-3;
  let [outside, all] = [0, 0];
  for (let k = 0, index = 0; k < mz; k++)
    for (let j = 0; j < my; j++)
      for (let i = 0; i < mx; i++, index++) {
        let labelled = false;
        for (let layer = 0; layer < layers && !labelled; layer++) labelled = labels[index * layers + layer] !== 0;
        if (!labelled) continue;
        all++;
        const place = (row: number) => toCt[row]! * i + toCt[row + 1]! * j + toCt[row + 2]! * k + toCt[row + 3]!;
        if (!isWithin(place(0), target[0]) || !isWithin(place(4), target[1]) || !isWithin(place(8), target[2]))
          outside++;
      }
  return { outside, all };
}
