/** Resampling as nnU-Net does it: by splines in all axes, or slice by slice where slices lie far apart. */
import { type AxisWeights, interpolateLayer, sampleAt } from '../../ct/geometry/resample.ts';
import { type GridSize, perAxis } from '../../ct/geometry/volume.ts';
import { type Order, zoomWeights } from './zoomWeights.ts';

/** From this ratio of the largest to the smallest spacing on, the coarse axis is resampled by itself. */
const ANISOTROPIC = 3;

/** The axis whose spacing is so much coarser that it is resampled by itself: first of the old grid, else of the new one. */
export function separateAxis(from: readonly number[], to: readonly number[]): 0 | 1 | 2 | undefined {
  const spacing = [from, to].find((mm) => Math.max(...mm) / Math.min(...mm) > ANISOTROPIC);
  if (!spacing) return undefined;
  const coarse = ([0, 1, 2] as const).filter((a) => spacing[a] === Math.max(...spacing));
  return coarse.length === 1 ? coarse[0] : undefined;
}

/** Weights of each axis, x, y, z; undefined along an axis that keeps its length. The separate axis takes the nearest slice. */
export function resamplingWeights(
  from: GridSize,
  to: GridSize,
  order: Order,
  separate: 0 | 1 | 2 | undefined,
): [AxisWeights | undefined, AxisWeights | undefined, AxisWeights | undefined] {
  return perAxis((a) => (from[a] === to[a] ? undefined : zoomWeights(from[a], to[a], a === separate ? 0 : order)));
}

/**
 * Values on the grid `to`, by cubic splines, none beyond the least and the greatest of what they come from: of the
 * whole, or of their slice where an axis is separate. Data in z, y, x order.
 */
export function resampleBySplines(
  values: Float32Array,
  from: GridSize,
  to: GridSize,
  separate: 0 | 1 | 2 | undefined,
): Float32Array {
  if (from.every((length, a) => length === to[a])) return values;
  const weights = resamplingWeights(from, to, 3, separate);
  const inPlane: GridSize = separate === undefined ? to : perAxis((a) => (a === separate ? from[a] : to[a]));
  const limits = limitsOf(values, from, separate);
  // Axes that shrink come first, so that less is left to do for the others.
  const axes = ([0, 1, 2] as const)
    .filter((a) => a !== separate && weights[a])
    .sort((a, b) => to[a] / from[a] - to[b] / from[b]);
  let [result, size] = [values, from];
  for (const a of axes) {
    const next: GridSize = perAxis((axis) => (axis === a ? to[axis] : size[axis]));
    result = alongAxis(result, size, a, weights[a]!);
    size = next;
  }
  if (axes.length) clip(result, inPlane, separate, limits);
  return separate !== undefined && weights[separate] ? alongAxis(result, size, separate, weights[separate]!) : result;
}

/** One axis resampled. */
export function alongAxis(
  values: Float32Array,
  [nx, ny, nz]: GridSize,
  axis: 0 | 1 | 2,
  weights: AxisWeights,
): Float32Array {
  const outputs = weights.first.length;
  if (axis === 0) {
    const result = new Float32Array(outputs * ny * nz);
    for (let row = 0, at = 0; row < ny * nz; row++)
      for (let o = 0; o < outputs; o++, at++) result[at] = sampleAt(values, row * nx, weights, o);
    return result;
  }
  const [inner, inputs, outer] = axis === 1 ? [nx, ny, nz] : [nx * ny, nz, 1];
  const result = new Float32Array(inner * outputs * outer);
  for (let part = 0; part < outer; part++) {
    const source = values.subarray(part * inner * inputs, (part + 1) * inner * inputs);
    for (let o = 0; o < outputs; o++) {
      const at = (part * outputs + o) * inner;
      interpolateLayer(source, result.subarray(at, at + inner), weights, o);
    }
  }
  return result;
}

type Limits = readonly { readonly low: number; readonly high: number }[];

/** Least and greatest value of the whole, or of each slice across the separate axis. */
function limitsOf(values: Float32Array, size: GridSize, separate: 0 | 1 | 2 | undefined): Limits {
  const limits = Array.from({ length: separate === undefined ? 1 : size[separate] }, () => ({
    low: Infinity,
    high: -Infinity,
  }));
  eachVoxel(size, separate, (v, slice) => {
    const own = limits[slice]!;
    const value = values[v]!;
    if (value < own.low) own.low = value;
    if (value > own.high) own.high = value;
  });
  return limits;
}

function clip(values: Float32Array, size: GridSize, separate: 0 | 1 | 2 | undefined, limits: Limits): void {
  eachVoxel(size, separate, (v, slice) => {
    const { low, high } = limits[slice]!;
    values[v] = Math.min(high, Math.max(low, values[v]!));
  });
}

/** Every voxel with its place along `axis`, 0 where none is given. */
function eachVoxel([nx, ny, nz]: GridSize, axis: 0 | 1 | 2 | undefined, visit: (v: number, slice: number) => void) {
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) visit(v, axis === 2 ? k : axis === 1 ? j : axis === 0 ? i : 0);
}
