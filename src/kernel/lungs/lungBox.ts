/** The part of a CT around its lungs. */
import { cropGrid, type VoxelBox } from '../ct/geometry/box.ts';
import { labelFinder } from '../ct/geometry/labelled.ts';
import { type Grid, type GridSize, type LabelMap, perAxis, spacingMm, type Volume } from '../ct/geometry/volume.ts';

export { cropGrid, type VoxelBox };

/** The smallest box that holds both. */
export function jointBox(a: VoxelBox, b: VoxelBox): VoxelBox {
  return {
    low: perAxis((n) => Math.min(a.low[n], b.low[n])),
    high: perAxis((n) => Math.max(a.high[n], b.high[n])),
  };
}

/** A map of a part of a grid, on the whole grid: 0 outside the box. */
export function pasteLabels(labels: Uint8Array, box: VoxelBox, whole: Grid): LabelMap {
  const [nx, ny, nz] = whole.size;
  const result = new Uint8Array(nx * ny * nz);
  const [mx, my, mz] = cropGrid(whole, box).size;
  for (let k = 0; k < mz; k++)
    for (let j = 0; j < my; j++)
      result.set(
        labels.subarray((k * my + j) * mx, (k * my + j + 1) * mx),
        ((k + box.low[2]) * ny + j + box.low[1]) * nx + box.low[0],
      );
  return { size: whole.size, affine: whole.affine, labels: result };
}

/** The box of all labelled voxels with a margin, inside the grid; undefined where nothing is labelled. */
export function labelledBox({ labels, ...grid }: LabelMap, marginMm: number): VoxelBox | undefined {
  const [nx, ny, nz] = grid.size;
  let [x0, x1, y0, y1, z0, z1] = [nx, -1, ny, -1, nz, -1];
  const next = labelFinder(labels);
  for (let v = next(0, labels.length); v < labels.length; v = next(v, labels.length)) {
    const row = v - (v % nx);
    const j = (row / nx) % ny;
    const k = Math.floor(row / (nx * ny));
    let last = nx - 1;
    while (!labels[row + last]) last--;
    x0 = Math.min(x0, v - row);
    x1 = Math.max(x1, last);
    y0 = Math.min(y0, j);
    y1 = Math.max(y1, j);
    z0 = Math.min(z0, k);
    z1 = k;
    v = row + nx;
  }
  if (x1 < 0) return undefined;
  const spacing = spacingMm(grid);
  const [mx, my, mz] = perAxis((a) => Math.ceil(marginMm / spacing[a]));
  return {
    low: [Math.max(0, x0 - mx), Math.max(0, y0 - my), Math.max(0, z0 - mz)],
    high: [Math.min(nx - 1, x1 + mx), Math.min(ny - 1, y1 + my), Math.min(nz - 1, z1 + mz)],
  };
}

export function crop(volume: Volume, box: VoxelBox): Volume {
  const grid = cropGrid(volume, box);
  const hu = new Int16Array(grid.size[0] * grid.size[1] * grid.size[2]);
  copyRows(volume.hu, volume.size, hu, box);
  return { ...grid, hu };
}

export function cropLabels(map: LabelMap, box: VoxelBox): LabelMap {
  const grid = cropGrid(map, box);
  const labels = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  copyRows(map.labels, map.size, labels, box);
  return { ...grid, labels };
}

/** The label nearest to each voxel of a grid of another size over the same box. */
export function nearestLabels({ labels, size }: LabelMap, other: GridSize): Uint8Array {
  const [mx, my, mz] = other;
  const [xs, ys, zs] = nearestIndices(other, size);
  const nearest = new Uint8Array(mx * my * mz);
  for (let k = 0, index = 0; k < mz; k++)
    for (let j = 0; j < my; j++) {
      const row = (zs[k]! * size[1] + ys[j]!) * size[0];
      for (let i = 0; i < mx; i++, index++) nearest[index] = labels[row + xs[i]!]!;
    }
  return nearest;
}

/** Along each axis, the index of the voxel of one grid that is nearest to each of another over the same box. */
export function nearestIndices(from: GridSize, to: GridSize): [Int32Array, Int32Array, Int32Array] {
  return perAxis((a) =>
    Int32Array.from({ length: from[a] }, (_, index) =>
      Math.min(to[a] - 1, Math.max(0, Math.round(((index + 0.5) * to[a]) / from[a] - 0.5))),
    ),
  );
}

function copyRows<T extends Int16Array | Uint8Array>(
  from: T,
  [nx, ny]: GridSize,
  to: T,
  { low, high }: VoxelBox,
): void {
  const [mx, my, mz] = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
  for (let k = 0; k < mz; k++)
    for (let j = 0; j < my; j++) {
      const start = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
      to.set(from.subarray(start, start + mx), (k * my + j) * mx);
    }
}
