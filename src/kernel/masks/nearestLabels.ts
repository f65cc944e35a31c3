/** Labels of one grid on another that may be turned, sheared or larger: the label of the voxel whose centre is nearest. */
import type { Affine, GridSize } from '../ct/geometry/volume.ts';

/** Of labels that may have several values in a voxel, one of them. */
export interface LabelLayer {
  readonly labels: Uint8Array | Int16Array;
  readonly size: GridSize;
  /** Values of each voxel, one behind another, and which of them is taken. */
  readonly layers: number;
  readonly layer: number;
}

interface TargetSlice {
  /** Columns and rows. */
  readonly size: readonly [number, number];
  readonly k: number;
  /** From indices of the target to those of the labels. */
  readonly toLabels: Affine;
}

/** Fills slice `k` of a target; what lies beyond the labels is left as it is. */
export function fillNearest(
  slice: Uint8Array | Int16Array,
  { labels, size, layers, layer }: LabelLayer,
  { size: [nx, ny], k, toLabels }: TargetSlice,
): void {
  const [mx, my, mz] = size;
  const [ix = 0, iy = 0, iz = 0, i0 = 0, jx = 0, jy = 0, jz = 0, j0 = 0, kx = 0, ky = 0, kz = 0, k0 = 0] = toLabels;
  for (let y = 0, at = 0; y < ny; y++) {
    const [a0, b0, c0] = [iy * y + iz * k + i0, jy * y + jz * k + j0, ky * y + kz * k + k0];
    for (let x = 0; x < nx; x++, at++) {
      // Halves always go up, whichever way an axis runs.
      const a = Math.floor(ix * x + a0 + 0.5);
      const b = Math.floor(jx * x + b0 + 0.5);
      const c = Math.floor(kx * x + c0 + 0.5);
      if (a < 0 || b < 0 || c < 0 || a >= mx || b >= my || c >= mz) continue;
      slice[at] = labels[((c * my + b) * mx + a) * layers + layer]!;
    }
  }
}
