/** Resampling between grids that share axes: averaging where voxels grow, linear interpolation where they shrink. */
import { totalmem } from 'node:os';
import { UserError } from '../../base/userError.ts';
import { cropGrid, type VoxelBox } from './box.ts';
import { type Grid, type GridSize, perAxis, spacingMm, type Volume } from './volume.ts';

/** For each output index: the input indices it draws from, with weights that sum to 1. */
export interface AxisWeights {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `count[i]` weights for output i, from `offset[i]`. */
  readonly offset: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Weights of a triangle filter along one axis, in voxel indices: its half-width is the larger of both spacings, so
 * that coarser output averages (no aliasing of noise) and finer output interpolates linearly.
 * Voxel centre `o` of the output lies at input index `start + o · ratio`.
 */
export function axisWeights(inputs: number, outputs: number, ratio: number, start: number): AxisWeights {
  const reach = Math.max(1, ratio);
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const offset = new Int32Array(outputs);
  const weights: number[] = [];
  for (let o = 0; o < outputs; o++) {
    const centre = Math.min(inputs - 1, Math.max(0, start + o * ratio));
    const low = Math.max(0, Math.ceil(centre - reach));
    const high = Math.min(inputs - 1, Math.floor(centre + reach));
    const own: number[] = [];
    for (let i = low; i <= high; i++) own.push(Math.max(0, 1 - Math.abs(i - centre) / reach));
    const sum = own.reduce((a, b) => a + b, 0);
    first[o] = low;
    count[o] = own.length;
    offset[o] = weights.length;
    for (const weight of own) weights.push(sum > 0 ? weight / sum : 1 / own.length);
  }
  return { first, count, offset, weights: Float32Array.from(weights) };
}

/** The grid with another spacing that covers the same box; voxel faces at the box's low corner coincide. */
export function respacedGrid(grid: Grid, spacing: readonly [number, number, number]): Grid {
  const from = spacingMm(grid);
  const size = perAxis((a) => Math.max(1, Math.round((grid.size[a] * from[a]) / spacing[a])));
  refuseGiant(size, from, spacing);
  const affine = [...grid.affine];
  for (let row = 0; row < 3; row++)
    for (let axis = 0; axis < 3; axis++) {
      const step = grid.affine[row * 4 + axis]!;
      const ratio = spacing[axis]! / from[axis]!;
      affine[row * 4 + axis] = step * ratio;
      affine[row * 4 + 3]! += (step * (ratio - 1)) / 2;
    }
  return { size, affine };
}

const VOXEL_BYTES = 4;

/** The arrays on a grid are larger than this; where not even one fits, nothing is begun. */
function refuseGiant(size: GridSize, from: readonly number[], to: readonly number[]): void {
  const bytes = size[0] * size[1] * size[2] * VOXEL_BYTES;
  if (bytes <= totalmem()) return;
  const inMm = (spacing: readonly number[]) => `${spacing.map((mm) => Number(mm.toPrecision(3))).join(' × ')} mm`;
  throw new UserError(
    'grid-too-large',
    `The CT has voxels of ${inMm(from)} by its header. At ${inMm(to)}, as the model wants, it would have ${size.join(' × ')} of them, ${(bytes / 1e9).toPrecision(3)} GB for one map, and this computer has ${(totalmem() / 1e9).toFixed(0)} GB. Check the spacing in the header and \`spacingMm\` of the model.`,
  );
}

/** Weights of all three axes between two grids of the same box. */
export function gridWeights(from: Grid, to: Grid): readonly [AxisWeights, AxisWeights, AxisWeights] {
  const a = spacingMm(from);
  const b = spacingMm(to);
  return perAxis((n) => {
    const ratio = b[n] / a[n];
    return axisWeights(from.size[n], to.size[n], ratio, (ratio - 1) / 2);
  });
}

/** Hounsfield units as floats on a grid of another spacing, in z, y, x order. */
export interface Resampled extends Grid {
  readonly hu: Float32Array;
}

/** A part of a volume that is to be brought to a grid of another spacing. */
export interface Resampling {
  readonly volume: Volume;
  readonly box: VoxelBox;
  /** Covers the box. */
  readonly grid: Grid;
}

/** `box` of the volume, or all of it, at another spacing. */
export function planResampling(
  volume: Volume,
  spacing: readonly [number, number, number],
  box: VoxelBox = { low: [0, 0, 0], high: perAxis((a) => volume.size[a] - 1) },
): Resampling {
  return { volume, box, grid: respacedGrid(cropGrid(volume, box), spacing) };
}

export function resampleVolume(volume: Volume, spacing: readonly [number, number, number]): Resampled {
  const plan = planResampling(volume, spacing);
  const [mx, my, mz] = plan.grid.size;
  const hu = new Float32Array(mx * my * mz);
  resampler(plan, hu)({ from: 0, to: mz });
  return { ...plan.grid, hu };
}

/** Fills slices of `hu`, Hounsfield units on the grid of the plan, in z, y, x order. */
export function resampler({ volume, box, grid }: Resampling, hu: Float32Array): (slices: Stretch) => void {
  const part = cropGrid(volume, box);
  const [wx, wy, wz] = gridWeights(part, grid);
  const merge = sliceMerger(volume, box);
  const [nx, ny] = part.size;
  const [mx, my] = grid.size;
  // Slice by slice along z first, then y, then x: each pass shrinks the data for the next.
  const merged = new Float32Array(nx * ny);
  const rows = new Float32Array(nx * my);
  return ({ from, to }) => {
    for (let k = from; k < to; k++) {
      merge(merged, wz, k);
      rows.fill(0);
      for (let j = 0; j < my; j++)
        for (let n = 0; n < wy.count[j]!; n++) {
          const weight = wy.weights[wy.offset[j]! + n]!;
          const row = (wy.first[j]! + n) * nx;
          for (let i = 0; i < nx; i++) rows[j * nx + i]! += weight * merged[row + i]!;
        }
      for (let j = 0; j < my; j++) {
        const row = (k * my + j) * mx;
        sampleRow(rows.subarray(j * nx, (j + 1) * nx), hu.subarray(row, row + mx), wx, { from: 0, to: mx });
      }
    }
  };
}

/** Sets `target` to the weighted sum of the box's slices that output `index` draws from; two at a time, rounded after each as one by one. */
function sliceMerger({ hu, size: [nx, ny] }: Volume, { low, high }: VoxelBox) {
  const width = high[0] - low[0] + 1;
  return (target: Float32Array, axis: AxisWeights, index: number): void => {
    const drawn = Array.from({ length: axis.count[index]! }, (_, n) => ({
      weight: axis.weights[axis.offset[index]! + n]!,
      first: ((axis.first[index]! + n + low[2]) * ny + low[1]) * nx + low[0],
    })).filter(({ weight }) => weight !== 0);
    target.fill(0);
    for (let n = 0; n < drawn.length; n += 2) {
      const { weight: a, first: firstA } = drawn[n]!;
      const { weight: b, first: firstB } = drawn[n + 1] ?? { weight: 0, first: firstA };
      for (let row = 0, p = 0; p < target.length; row += nx)
        for (let fromA = firstA + row, fromB = firstB + row, end = p + width; p < end; p++, fromA++, fromB++)
          target[p] = Math.fround(target[p]! + a * hu[fromA]!) + b * hu[fromB]!;
    }
  };
}

/** From a place up to another, which is not part of it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** `target` = weighted sum of the source's layers, each as long as `target`, that output `index` draws from. */
export function interpolateLayer(
  source: Float32Array | Uint8Array,
  target: Float32Array,
  axis: AxisWeights,
  index: number,
): void {
  interpolateStretch(source, target, axis, { index, from: 0, to: target.length });
}

/** The same of a stretch of the layers alone; two layers at a time, rounded after each as one by one. */
export function interpolateStretch(
  source: Float32Array | Uint8Array,
  target: Float32Array,
  axis: AxisWeights,
  { index, from, to }: Stretch & { readonly index: number },
): void {
  const { length } = target;
  target.fill(0, from, to);
  const layers = axis.count[index]!;
  for (let n = 0; n < layers; n += 2) {
    const weight = axis.offset[index]! + n;
    const a = axis.weights[weight]!;
    const atA = (axis.first[index]! + n) * length;
    const isPair = n + 1 < layers;
    const b = isPair ? axis.weights[weight + 1]! : 0;
    const atB = isPair ? atA + length : atA;
    for (let p = from; p < to; p++) target[p] = Math.fround(target[p]! + a * source[atA + p]!) + b * source[atB + p]!;
  }
}

/** Weighted sum of the values that output `index` draws from; the row begins at `start` of the source. */
export function sampleAt(source: Float32Array, start: number, axis: AxisWeights, index: number): number {
  const from = start + axis.first[index]!;
  const offset = axis.offset[index]!;
  let sum = 0;
  for (let n = 0; n < axis.count[index]!; n++) sum += axis.weights[offset + n]! * source[from + n]!;
  return sum;
}

/** A stretch of `target` as {@link sampleAt} gives it of the row `source`. */
export function sampleRow(
  source: Float32Array,
  target: Float32Array,
  { first, count, offset, weights }: AxisWeights,
  { from, to }: Stretch,
): void {
  for (let i = from; i < to; i++) {
    const start = first[i]!;
    const weight = offset[i]!;
    const values = count[i]!;
    if (values === 2) {
      target[i] = 0 + weights[weight]! * source[start]! + weights[weight + 1]! * source[start + 1]!;
      continue;
    }
    let sum = 0;
    for (let n = 0; n < values; n++) sum += weights[weight + n]! * source[start + n]!;
    target[i] = sum;
  }
}
