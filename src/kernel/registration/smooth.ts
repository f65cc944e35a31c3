/** Smoothing and local means of numbers on a grid, axis by axis. */
import type { GridSize } from '../ct/geometry/volume.ts';

/** What becomes of `count` rows of `width` numbers that lie one behind another along an axis. */
type AlongRows = (rows: Float32Array, count: number, width: number, result: Float32Array) => void;

/** In place. Whole rows are worked on together, which memory likes; along x planes are turned for it. */
function along(values: Float32Array, [nx, ny, nz]: GridSize, axis: 0 | 1 | 2, work: AlongRows): void {
  const [count, width] = axis === 0 ? [nx, ny] : [axis === 1 ? ny : nz, nx];
  const rows = new Float32Array(count * width);
  const result = new Float32Array(count * width);
  if (axis === 2)
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++) rows.set(values.subarray((k * ny + j) * nx, (k * ny + j + 1) * nx), k * nx);
      work(rows, count, width, result);
      for (let k = 0; k < nz; k++) values.set(result.subarray(k * nx, (k + 1) * nx), (k * ny + j) * nx);
    }
  else
    for (let k = 0; k < nz; k++) {
      const plane = values.subarray(k * nx * ny, (k + 1) * nx * ny);
      if (axis === 1) rows.set(plane);
      else turn(plane, nx, ny, rows);
      work(rows, count, width, result);
      if (axis === 1) plane.set(result);
      else turn(result, ny, nx, plane);
    }
}

/** Rows of `width` numbers become columns. */
function turn(from: Float32Array, width: number, height: number, to: Float32Array): void {
  for (let j = 0, v = 0; j < height; j++) for (let i = 0; i < width; i++, v++) to[i * height + j] = from[v]!;
}

/** By a Gaussian of `sigma` voxels, in place; what lies beyond the grid is its edge. */
export function smooth(values: Float32Array, size: GridSize, sigma: number): void {
  if (sigma <= 0) return;
  const reach = Math.ceil(2.5 * sigma);
  const weights = Array.from({ length: reach + 1 }, (_, n) => Math.exp(-(n * n) / (2 * sigma * sigma)));
  const sum = weights.reduce((all, weight, n) => all + (n ? 2 * weight : weight), 0);
  const kernel = Float32Array.from(weights, (weight) => weight / sum);
  for (const axis of [0, 1, 2] as const)
    along(values, size, axis, (rows, count, width, result) => {
      for (let n = 0; n < count; n++) {
        const to = n * width;
        for (let i = 0; i < width; i++) result[to + i] = kernel[0]! * rows[to + i]!;
        for (let r = 1; r <= reach; r++) {
          const weight = kernel[r]!;
          const below = Math.max(0, n - r) * width;
          const above = Math.min(count - 1, n + r) * width;
          for (let i = 0; i < width; i++) result[to + i]! += weight * (rows[below + i]! + rows[above + i]!);
        }
      }
    });
}

/** The mean over the cube of 2 · `radius` + 1 voxels around each voxel, in place, by running sums; beyond the grid is its edge. */
export function localMean(values: Float32Array, size: GridSize, radius: number): void {
  const length = 2 * radius + 1;
  const sums = new Float64Array(Math.max(size[0], size[1]));
  for (const axis of [0, 1, 2] as const)
    along(values, size, axis, (rows, count, width, result) => {
      const at = (n: number) => Math.min(count - 1, Math.max(0, n)) * width;
      sums.fill(0);
      for (let n = -radius; n < radius; n++) {
        const from = at(n);
        for (let i = 0; i < width; i++) sums[i]! += rows[from + i]!;
      }
      for (let n = 0; n < count; n++) {
        const [next, last, to] = [at(n + radius), at(n - radius), n * width];
        for (let i = 0; i < width; i++) {
          const sum = sums[i]! + rows[next + i]!;
          result[to + i] = sum / length;
          sums[i] = sum - rows[last + i]!;
        }
      }
    });
}

/** Averages of 2 × 2 × 2 voxels; the last of an odd number stands for two. */
export function halved(
  values: Float32Array,
  [nx, ny, nz]: GridSize,
): { readonly size: GridSize; readonly values: Float32Array } {
  const size: GridSize = [Math.ceil(nx / 2), Math.ceil(ny / 2), Math.ceil(nz / 2)];
  const result = new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0, v = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, v++) {
        let sum = 0;
        for (let n = 0; n < 8; n++) {
          const x = Math.min(nx - 1, 2 * i + (n & 1));
          const y = Math.min(ny - 1, 2 * j + ((n >> 1) & 1));
          const z = Math.min(nz - 1, 2 * k + (n >> 2));
          sum += values[(z * ny + y) * nx + x]!;
        }
        result[v] = sum / 8;
      }
  return { size, values: result };
}
