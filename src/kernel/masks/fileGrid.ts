/**
 * Brings labels of a CT, as it was measured, back to where its files have their voxels: turned as they are, and with a
 * tilted gantry's slices where they were scanned. The other way round from `readSeries`.
 */
import type { Task } from '../base/task.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import { fillNearest } from './nearestLabels.ts';

/** So many slices are done before the rest of the program has its turn: some 20 ms. */
const SLICES_AT_ONCE = 4;

/**
 * The labels nearest to each voxel of `grid`, which lies in the same space and may be turned, sheared or larger; 0
 * outside the map. Where both grids have the same voxels, every label is found again exactly.
 */
export async function nearestLabelsOn(map: LabelMap, grid: Grid, task: Task): Promise<Uint8Array> {
  const [nx, ny, nz] = grid.size;
  const labels = new Uint8Array(nx * ny * nz);
  const toLabels = productOf(inverseOf(map.affine), grid.affine);
  const layer = { labels: map.labels, size: map.size, layers: 1, layer: 0 };
  for (let k = 0; k < nz; k++) {
    if (k % SLICES_AT_ONCE === 0) {
      await new Promise(setImmediate);
      task.signal.throwIfAborted();
      task.progress(k / nz, `bringing labels to the CT’s own slices, ${k} of ${nz}`);
    }
    fillNearest(labels.subarray(k * nx * ny, (k + 1) * nx * ny), layer, { size: [nx, ny], k, toLabels });
  }
  return labels;
}

/** Of a 4 × 4 affine matrix, row by row. */
export function inverseOf(affine: Grid['affine']): number[] {
  const [a = 0, b = 0, c = 0, x = 0, d = 0, e = 0, f = 0, y = 0, g = 0, h = 0, i = 0, z = 0] = affine;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / determinant));
  return [...rows.flatMap((row) => [...row, -(row[0]! * x + row[1]! * y + row[2]! * z)]), 0, 0, 0, 1];
}

export function productOf(left: Grid['affine'], right: Grid['affine']): number[] {
  return [0, 1, 2, 3].flatMap((row) =>
    [0, 1, 2, 3].map((column) => [0, 1, 2, 3].reduce((sum, n) => sum + left[row * 4 + n]! * right[n * 4 + column]!, 0)),
  );
}
