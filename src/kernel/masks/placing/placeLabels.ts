/** Labels of a mask's own grid on that of a CT: the label of the voxel whose centre is nearest. */
import type { Affine, GridSize } from '../../ct/geometry/volume.ts';

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
  const [mx, my, mz] = size;
  const placed = new Int16Array(nx * ny * nz);
  const [ix = 0, iy = 0, iz = 0, i0 = 0, jx = 0, jy = 0, jz = 0, j0 = 0, kx = 0, ky = 0, kz = 0, k0 = 0] = toMask;
  for (let z = 0, index = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const [i1, j1, k1] = [iy * y + iz * z + i0, jy * y + jz * z + j0, ky * y + kz * z + k0];
      for (let x = 0; x < nx; x++, index++) {
        // Halves always go up, whichever way an axis runs.
        const i = Math.floor(ix * x + i1 + 0.5);
        const j = Math.floor(jx * x + j1 + 0.5);
        const k = Math.floor(kx * x + k1 + 0.5);
        if (i < 0 || j < 0 || k < 0 || i >= mx || j >= my || k >= mz) continue;
        placed[index] = labels[((k * my + j) * mx + i) * layers + layer]!;
      }
    }
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
