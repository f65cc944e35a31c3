/** Where the voxels of one CT are in another, by their registration, and what is there. */
import { setImmediate } from 'node:timers/promises';
import type { Task } from '../base/task.ts';
import { cropGrid, type VoxelBox } from '../ct/geometry/box.ts';
import { type Grid, type GridSize, type LabelMap, perAxis, type Volume } from '../ct/geometry/volume.ts';
import { inverseOf, productOf } from '../masks/fileGrid.ts';
import { between, determinantAt, type Field } from './field.ts';
import { fieldOf, type Registration } from './registration.ts';

/** Beyond the moving CT there is nothing: as thin as air. */
const BEYOND_HU = -1024;

/** Writes the place of a voxel (i, j, k) of the fixed CT, in voxels of the moving one, into `place`. */
export type PlaceOf = (i: number, j: number, k: number, place: Float64Array) => void;

export function placesIn(registration: Registration, fixed: Grid, moving: Grid): PlaceOf {
  const field = fieldOf(registration);
  const { size } = registration;
  const toGrid = productOf(inverseOf(registration.affine), fixed.affine);
  const toMoving = productOf(inverseOf(moving.affine), productOf(registration.toMoving, registration.affine));
  // biome-ignore lint/complexity/useMaxParams: called for every voxel, where an object of the three coordinates would be made each time.
  const at = (map: readonly number[], row: number, x: number, y: number, z: number) =>
    map[row]! * x + map[row + 1]! * y + map[row + 2]! * z + map[row + 3]!;
  return (i, j, k, place) => {
    const x = at(toGrid, 0, i, j, k);
    const y = at(toGrid, 4, i, j, k);
    const z = at(toGrid, 8, i, j, k);
    const a = x + between(field[0], size, x, y, z);
    const b = y + between(field[1], size, x, y, z);
    const c = z + between(field[2], size, x, y, z);
    place[0] = at(toMoving, 0, a, b, c);
    place[1] = at(toMoving, 4, a, b, c);
    place[2] = at(toMoving, 8, a, b, c);
  };
}

/** How much of the moving CT's space one of the fixed CT becomes, at each voxel of it. */
export function expansionIn(registration: Registration, fixed: Grid): (i: number, j: number, k: number) => number {
  const { size } = registration;
  const toGrid = productOf(inverseOf(registration.affine), fixed.affine);
  const determinants = determinantsOf(fieldOf(registration), size);
  const scale = Math.abs(determinant3(registration.toMoving));
  return (i, j, k) => {
    const at = (row: number) => toGrid[row]! * i + toGrid[row + 1]! * j + toGrid[row + 2]! * k + toGrid[row + 3]!;
    return scale * between(determinants, size, at(0), at(4), at(8));
  };
}

function determinantsOf(field: Field, size: GridSize): Float32Array {
  const [nx, ny, nz] = size;
  const determinants = new Float32Array(nx * ny * nz);
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) determinants[v] = determinantAt(field, size, i, j, k);
  return determinants;
}

/** Of the upper left 3 × 3 of an affine. */
export function determinant3(affine: readonly number[]): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** HU between voxels, linearly and rounded; what lies beyond the CT is air. */
export function huAt({ hu, size: [nx, ny, nz] }: Volume, place: Float64Array): number {
  const x = place[0]!;
  const y = place[1]!;
  const z = place[2]!;
  if (x < -0.5 || y < -0.5 || z < -0.5 || x > nx - 0.5 || y > ny - 0.5 || z > nz - 0.5) return BEYOND_HU;
  const cx = Math.min(nx - 1, Math.max(0, x));
  const cy = Math.min(ny - 1, Math.max(0, y));
  const cz = Math.min(nz - 1, Math.max(0, z));
  const i = Math.floor(cx);
  const j = Math.floor(cy);
  const k = Math.floor(cz);
  const di = i < nx - 1 ? 1 : 0;
  const dj = j < ny - 1 ? nx : 0;
  const dk = k < nz - 1 ? nx * ny : 0;
  const fx = cx - i;
  const fy = cy - j;
  const a = (k * ny + j) * nx + i;
  const row = (v: number) => hu[v]! + fx * (hu[v + di]! - hu[v]!);
  const near = row(a) + fy * (row(a + dj) - row(a));
  const far = row(a + dk) + fy * (row(a + dk + dj) - row(a + dk));
  return Math.round(near + (cz - k) * (far - near));
}

/** Slices of the fixed CT's grid with what the moving CT has there. */
export function movedVolume(registration: Registration, moving: Volume, fixed: Grid, { low, high }: VoxelBox): Volume {
  const part = cropGrid(fixed, { low, high });
  const [mx, my, mz] = part.size;
  const hu = new Int16Array(mx * my * mz);
  const placeOf = placesIn(registration, fixed, moving);
  const place = new Float64Array(3);
  for (let k = 0, v = 0; k < mz; k++)
    for (let j = 0; j < my; j++)
      for (let i = 0; i < mx; i++, v++) {
        placeOf(i + low[0], j + low[1], k + low[2], place);
        hu[v] = huAt(moving, place);
      }
  return { ...part, hu };
}

/** A map of the moving CT on the fixed one's grid. Labels lie within the lungs, and so no further than registration looked. */
export async function movedLabels(
  registration: Registration,
  map: LabelMap,
  fixed: Grid,
  task: Task,
): Promise<LabelMap> {
  const [nx, ny, nz] = fixed.size;
  const labels = new Uint8Array(nx * ny * nz);
  const placeOf = placesIn(registration, fixed, map);
  const place = new Float64Array(3);
  const { low, high } = boxIn(registration, fixed);
  for (let k = low[2]; k <= high[2]; k++) {
    await setImmediate();
    task.signal.throwIfAborted();
    task.progress((k - low[2]) / (high[2] - low[2] + 1), 'moving the labels of the other CT');
    for (let j = low[1]; j <= high[1]; j++)
      for (let i = low[0]; i <= high[0]; i++) {
        placeOf(i, j, k, place);
        labels[(k * ny + j) * nx + i] = labelAt(map.labels, map.size, place);
      }
  }
  return { size: fixed.size, affine: fixed.affine, labels };
}

/** The voxels of a grid among those of a registration. */
function boxIn(registration: Registration, fixed: Grid): VoxelBox {
  const toFixed = productOf(inverseOf(fixed.affine), registration.affine);
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
    perAxis((row) =>
      [0, 1, 2].reduce(
        (sum, a) => sum + toFixed[row * 4 + a]! * ((n >> a) & 1 ? registration.size[a]! - 1 : 0),
        toFixed[row * 4 + 3]!,
      ),
    ),
  );
  return {
    low: perAxis((a) => Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner[a]))))),
    high: perAxis((a) => Math.min(fixed.size[a] - 1, Math.ceil(Math.max(...corners.map((corner) => corner[a]))))),
  };
}

/** The label of the voxel whose centre is nearest; 0 beyond the map. */
export function labelAt(labels: Uint8Array, [nx, ny, nz]: GridSize, place: Float64Array): number {
  const i = Math.floor(place[0]! + 0.5);
  const j = Math.floor(place[1]! + 0.5);
  const k = Math.floor(place[2]! + 0.5);
  return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? 0 : labels[(k * ny + j) * nx + i]!;
}

/** Calls `visit` for every voxel that `labels` mark, slice by slice; gives way to others of the thread between slices. */
export async function forEachLabelled(
  { labels, size: [nx, ny, nz] }: LabelMap,
  visit: (voxel: number, i: number, j: number, k: number) => void,
  task: Task,
  message: string,
): Promise<void> {
  for (let k = 0; k < nz; k++) {
    await setImmediate();
    task.signal.throwIfAborted();
    task.progress(k / nz, message);
    for (let j = 0, v = k * nx * ny; j < ny; j++) for (let i = 0; i < nx; i++, v++) if (labels[v]) visit(v, i, j, k);
  }
}
