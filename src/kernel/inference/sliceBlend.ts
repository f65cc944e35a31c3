/** A 2D network decides slice by slice; what it says of a voxel is made steadier by what it says of those above and below. */
import type { GridSize } from '../ct/geometry/volume.ts';

/**
 * Gives each of the two neighbouring slices `share` of a slice's probabilities, in place; at most 1/3, which makes all
 * three equal. `planes`: one per name, each in z, y, x order. Voxels that are 0 in `wasRun` stay as they are, and count
 * for no neighbour.
 */
export function blendSlices(
  planes: Float32Array | Uint8Array,
  [nx, ny, nz]: GridSize,
  share: number,
  wasRun: Uint8Array,
): void {
  const voxels = nx * ny * nz;
  const slice = nx * ny;
  const rounding = planes instanceof Uint8Array ? 0.5 : 0;
  const below = new Float32Array(slice);
  for (let from = 0; from < planes.length; from += voxels)
    for (let k = 0, v = 0; k < nz; k++)
      for (let p = 0; p < slice; p++, v++) {
        const own = planes[from + v]!;
        const before = k > 0 && wasRun[v - slice] ? below[p]! : own;
        below[p] = own;
        if (!wasRun[v]) continue;
        const after = k < nz - 1 && wasRun[v + slice] ? planes[from + v + slice]! : own;
        planes[from + v] = own + share * (before + after - 2 * own) + rounding;
      }
}
