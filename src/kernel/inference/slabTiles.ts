/** Which tiles of a CT a network is run on. */
import type { Stretch } from '../ct/geometry/resample.ts';
import type { GridSize } from '../ct/geometry/volume.ts';
import type { ModelInput } from './manifest.ts';
import { planTiles, type Tile } from './tiles.ts';

export interface TileBox {
  readonly z: Tile;
  readonly y: Tile;
  readonly x: Tile;
}

/** Voxels around those that are wanted of a slice, so that the network sees what they lie beside. */
const ROOM = 16;
/** What is wanted of so many slices above and below counts too: probabilities are blended and interpolated between slices. */
const SLICES_BESIDE = 2;

/**
 * The tiles of each slab: every slice of a 2D model for itself, all slices of a 3D one together. Where only voxels of
 * `inside` are wanted, in z, y, x order, tiles without any are left out, and a 2D model that takes slices of any size is
 * given what lies around those of a slice alone.
 */
export function tilesOfSlabs(input: ModelInput, size: GridSize, inside: Uint8Array | undefined): TileBox[][] {
  const [nx, ny, nz] = size;
  const plan = (axis: 0 | 1 | 2, { from, to }: Stretch = { from: 0, to: size[axis] }) =>
    planTiles(to - from, input.patch[axis]!, { ...input, multipleOf: input.multipleOf ?? input.patch[axis]! }).map(
      // What is padded to a multiple takes voxels of the slice, as far as it has them.
      (tile) => ({ ...tile, start: Math.max(0, Math.min(from + tile.start, size[axis] - tile.length)) }),
    );
  const wanted = (z: readonly Tile[], y: readonly Tile[], x: readonly Tile[]) =>
    z
      .flatMap((k) => y.flatMap((j) => x.map((i) => ({ z: k, y: j, x: i }))))
      .filter((tile) => !inside || touches(inside, size, tile));
  if (input.dimensions === 3) return [wanted(plan(2), plan(1), plan(0))];
  const slices = Array.from({ length: nz }, (_, start) => [{ start, length: 1, weights: new Float32Array(1).fill(1) }]);
  if (!inside || input.multipleOf === undefined) {
    const [rows, columns] = [plan(1), plan(0)];
    return slices.map((slice) => wanted(slice, rows, columns));
  }
  const frames = slices.map((_, k) => frameOf(inside.subarray(k * nx * ny, (k + 1) * nx * ny), nx));
  return slices.map((slice, k) => {
    if (!frames[k]) return [];
    const near = frames
      .slice(Math.max(0, k - SLICES_BESIDE), k + SLICES_BESIDE + 1)
      .filter((frame) => frame !== undefined);
    const around = (axis: 0 | 1): Stretch => ({
      from: Math.max(0, Math.min(...near.map((frame) => frame[axis].from)) - ROOM),
      to: Math.min(size[axis], Math.max(...near.map((frame) => frame[axis].to)) + ROOM),
    });
    return wanted(slice, plan(1, around(1)), plan(0, around(0)));
  });
}

/** The columns and rows of a slice, `width` voxels wide, that hold what is inside. */
type Frame = readonly [columns: Stretch, rows: Stretch];

function frameOf(slice: Uint8Array, width: number): Frame | undefined {
  let [x0, x1, y0, y1] = [width, -1, -1, -1];
  for (let row = 0; row < slice.length; row += width) {
    const own = slice.subarray(row, row + width);
    const first = own.findIndex((voxel) => voxel !== 0);
    if (first < 0) continue;
    const last = own.findLastIndex((voxel) => voxel !== 0);
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, last);
    y1 = row / width;
    if (y0 < 0) y0 = y1;
  }
  if (x1 < 0) return undefined;
  return [
    { from: x0, to: x1 + 1 },
    { from: y0, to: y1 + 1 },
  ];
}

/** Whether the tile holds a voxel of `inside`. */
function touches(inside: Uint8Array, [nx, ny, nz]: GridSize, { z, y, x }: TileBox): boolean {
  for (let k = z.start; k < Math.min(nz, z.start + z.length); k++)
    for (let j = y.start; j < Math.min(ny, y.start + y.length); j++) {
      const row = (k * ny + j) * nx;
      for (let i = x.start; i < Math.min(nx, x.start + x.length); i++) if (inside[row + i]) return true;
    }
  return false;
}
