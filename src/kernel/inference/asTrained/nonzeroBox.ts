/** The part of a CT that is not 0, to which nnU-Net cuts what it is given; around it is background. */
import { type GridSize, perAxis } from '../../ct/geometry/volume.ts';
import type { Model } from '../model.ts';
import type { SliceVisitor } from './networkSlices.ts';

/** First voxel along x, y, z, and number of voxels. */
export interface Box {
  readonly low: GridSize;
  readonly size: GridSize;
}

interface Grid<T> {
  readonly size: GridSize;
  /** In z, y, x order. */
  readonly data: T;
}

/** So sure is background where the network saw nothing. */
const SURE = 1e4;

/** The box of all voxels that are not 0 HU; the whole where there are none. */
export function nonzeroBox({ size: [nx, ny, nz], data }: Grid<Int16Array>): Box {
  const low: [number, number, number] = [nx, ny, nz];
  const high: [number, number, number] = [-1, -1, -1];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const start = (k * ny + j) * nx;
      let first = 0;
      while (first < nx && data[start + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (data[start + last] === 0) last--;
      const found = [
        [first, last],
        [j, j],
        [k, k],
      ] as const;
      for (const a of [0, 1, 2] as const) {
        low[a] = Math.min(low[a], found[a]![0]);
        high[a] = Math.max(high[a], found[a]![1]);
      }
    }
  if (high[0] < 0) return { low: [0, 0, 0], size: [nx, ny, nz] };
  return { low, size: perAxis((a) => high[a] - low[a] + 1) };
}

/** The same data where the box is the whole. */
export function cutOut<T extends Int16Array | Uint8Array>({ size, data }: Grid<T>, box: Box): Grid<T> {
  if (box.size.every((length, a) => length === size[a])) return { size, data };
  const [nx, ny, nz] = box.size;
  // SAFETY: `slice` of a typed array gives one of the same type.
  const cut = data.slice(0, nx * ny * nz) as T;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const from = ((k + box.low[2]) * size[1] + j + box.low[1]) * size[0] + box.low[0];
      cut.set(data.subarray(from, from + nx), (k * ny + j) * nx);
    }
  return { size: box.size, data: cut };
}

/** Takes slices of the box, and calls `visit` with whole slices, from the first to the last. */
export function pasted(model: Model, [nx, ny, nz]: GridSize, { low, size }: Box, visit: SliceVisitor): SliceVisitor {
  if (size[0] === nx && size[1] === ny && size[2] === nz) return visit;
  const { labels, activation } = model.manifest.output;
  const area = nx * ny;
  const whole = new Float32Array(labels.length * area);
  const blank = () => {
    whole.fill(-SURE);
    const background = labels.indexOf(null);
    if (activation === 'softmax' && background >= 0) whole.fill(SURE, background * area, (background + 1) * area);
    return whole;
  };
  return (slice, index) => {
    if (index === 0) for (let k = 0; k < low[2]; k++) visit(blank(), k);
    blank();
    for (let c = 0; c < labels.length; c++)
      for (let j = 0; j < size[1]; j++) {
        const from = (c * size[1] + j) * size[0];
        whole.set(slice.subarray(from, from + size[0]), c * area + (j + low[1]) * nx + low[0]);
      }
    visit(whole, index + low[2]);
    if (index === size[2] - 1) for (let k = low[2] + size[2]; k < nz; k++) visit(blank(), k);
  };
}
