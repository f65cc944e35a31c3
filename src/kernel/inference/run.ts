/** Runs a model over a resampled CT, tile by tile, in the model's own orientation, and blends the tiles' probabilities. */
import { memoryFreer } from '../base/freeMemory.ts';
import type { Task } from '../base/task.ts';
import { inverseOrder, orderOfOrientation, reorderData, reorderSize } from '../ct/geometry/orientation.ts';
import { sharedBytes, sharedFloats } from '../ct/geometry/sharedArrays.ts';
import type { GridSize } from '../ct/geometry/volume.ts';
import { inputChannels } from './fit.ts';
import { intensityScale } from './intensity.ts';
import type { Model } from './model.ts';
import { canBeNone, labelNamesOf, readOutput, type TileOutput } from './output.ts';
import { runNetworks } from './runNetworks.ts';
import { type TileBox, tilesOfSlabs } from './slabTiles.ts';
import { blendSlices } from './sliceBlend.ts';

/** A CT at the model's spacing (`modelSpacing`): HU in LPS and in z, y, x order. */
export interface ModelGrid {
  readonly size: GridSize;
  readonly hu: Float32Array;
}

/** Probabilities of every voxel, in shared memory: a plane for each of the model’s `labelNamesOf`, each in the grid's own z, y, x order. */
export async function probabilities(model: Model, grid: ModelGrid, task: Task): Promise<Float32Array> {
  const voxels = grid.hu.length;
  const planes = sharedFloats(labelNamesOf(model.manifest).length * voxels);
  const wasRun = new Uint8Array(voxels).fill(1);
  await eachSlab(model, grid, task, ({ first, count, names, sum, total }) => {
    for (let n = 0; n < names; n++)
      for (let v = 0; v < count; v++) planes[n * voxels + first + v] = sum[n * count + v]! / total[v]!;
  });
  return finish(planes, model, grid.size, wasRun);
}

/**
 * The same as bytes: 255 is certain. A last plane is added for "none of the names" where the model can say so.
 * Tiles without a voxel of `inside` (on the same grid) are not run, and stay 0 in every plane.
 */
export async function probabilityBytes(
  model: Model,
  grid: ModelGrid,
  inside: Uint8Array,
  task: Task,
): Promise<Uint8Array> {
  const voxels = grid.hu.length;
  const none = canBeNone(model.manifest);
  const names = labelNamesOf(model.manifest).length;
  const planes = sharedBytes((names + (none ? 1 : 0)) * voxels);
  const wasRun = new Uint8Array(voxels);
  await eachSlab(model, { ...grid, inside }, task, ({ first, count, sum, total }) => {
    for (let v = 0; v < count; v++) wasRun[first + v] = total[v] === 0 ? 0 : 1;
    for (let n = 0; n < names; n++)
      for (let v = 0, to = n * voxels + first; v < count; v++, to++)
        // Several sigmoids of one name may add up to more than 1.
        if (total[v] !== 0) planes[to] = Math.min(1, Math.max(0, sum[n * count + v]! / total[v]!)) * 255 + 0.5;
    if (none)
      for (let v = 0, to = names * voxels + first; v < count; v++, to++)
        if (total[v] !== 0) planes[to] = Math.max(0, 1 - shareOfNames(sum, total, v)) * 255 + 0.5;
  });
  return finish(planes, model, grid.size, wasRun);
}

/** What all names together have of a voxel. */
function shareOfNames(sum: Float32Array, total: Float32Array, voxel: number): number {
  let share = 0;
  for (let at = voxel; at < sum.length; at += total.length) share += Math.min(1, sum[at]! / total[voxel]!);
  return share;
}

/** Slices whose tiles overlap each other and none else: one slice of a 2D model, all slices of a 3D one. */
interface Slab {
  /** Index of the first voxel within a plane, and number of voxels. */
  readonly first: number;
  readonly count: number;
  readonly names: number;
  /** Weighted probabilities, name by name, and the weights that they were given; overwritten by the next slab. */
  readonly sum: Float32Array;
  readonly total: Float32Array;
}

/** Runs the tiles of one slab after another, only those with a voxel `inside` where the grid has that; slabs of which no tile is run are not given to `store`. */
async function eachSlab(
  model: Model,
  grid: ModelGrid & { readonly inside?: Uint8Array },
  task: Task,
  store: (slab: Slab) => void,
): Promise<void> {
  const { input, title } = model.manifest;
  const order = orderOfOrientation(input.orientation);
  const size = reorderSize(grid.size, order);
  const scale = intensityScale(input.intensity, grid.hu);
  const hu = reorderData(grid.hu, grid.size, order);
  const padding = scale(input.paddingHu);
  const inside = grid.inside && reorderData(grid.inside, grid.size, order);
  const names = labelNamesOf(model.manifest).length;
  const count = input.dimensions === 2 ? size[0] * size[1] : hu.length;
  const sum = new Float32Array(names * count);
  const total = new Float32Array(count);
  const tilesOf = tilesOfSlabs(input, size, inside);
  const free = memoryFreer();
  const outputs = oneAhead(tilesOf.flat(), (tile) => infer(model, { size, hu, scale, padding }, tile));
  for (const [s, tiles] of tilesOf.entries()) {
    if (tiles.length === 0) continue;
    const slab: Slab = { first: s * count, count, names, sum, total };
    sum.fill(0);
    total.fill(0);
    for (const [t, tile] of tiles.entries()) {
      await pause(task);
      const part = input.dimensions === 2 ? `slice ${s + 1} of ${tilesOf.length}` : `part ${t + 1} of ${tiles.length}`;
      task.progress((s + t / tiles.length) / tilesOf.length, `${title}: ${part}`);
      const output = await outputs.next();
      accumulate(output, tile, size, slab);
      free(output.planes.byteLength);
    }
    store(slab);
  }
}

/**
 * What `work` gives of each item in turn. The first is begun at once, and each other one before the last is handed out, so
 * that a network in another thread has something to do while its outputs are blended, and while nobody waits for them yet.
 */
function oneAhead<T, R>(items: readonly T[], work: (item: T) => Promise<R>): { next(): Promise<R> } {
  let begun = 0;
  const begin = (): Promise<R> | undefined => {
    if (begun === items.length) return undefined;
    const result = work(items[begun++]!);
    // Where nobody asks for it any more, since the one before has failed or the user has stopped, nobody has to hear of it.
    result.catch(() => undefined);
    return result;
  };
  let coming = begin();
  return {
    next() {
      const own = coming;
      coming = begin();
      if (!own) throw new Error('more outputs were asked for than there are tiles');
      return own;
    },
  };
}

/** Lets messages in, so that cancelling takes effect between two tiles. */
async function pause(task: Task): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  task.signal.throwIfAborted();
}

/** The CT in the model's orientation, and what brings it to the scale of its input. */
interface ScaledGrid {
  readonly size: GridSize;
  readonly hu: Float32Array;
  readonly scale: (hu: number) => number;
  /** Of voxels outside. */
  readonly padding: number;
}

/** One run of the network. */
async function infer(model: Model, grid: ScaledGrid, tile: TileBox): Promise<TileOutput> {
  const { input } = model.manifest;
  const { z, y, x } = tile;
  const values = inputValues(model, grid, tile);
  const space = input.dimensions === 2 ? [y.length, x.length] : [z.length, y.length, x.length];
  const given = await runNetworks(model, values, [1, inputChannels(input), ...space]);
  return readOutput(model.manifest, given, z.length * y.length * x.length);
}

/**
 * The tile's voxels as the network wants them: slices of a 3D tile, or the slice of a 2D tile with its neighbours as
 * channels. Outside the CT is padding; only the slices beyond the first and the last of a 2D model repeat those.
 */
function inputValues(
  { manifest: { input } }: Model,
  { size, hu, scale, padding }: ScaledGrid,
  { z, y, x }: TileBox,
): Float32Array {
  const [nx, ny, nz] = size;
  const slices =
    input.dimensions === 2
      ? Array.from({ length: input.contextSlices }, (_, c) =>
          Math.min(nz - 1, Math.max(0, z.start + c - (input.contextSlices >> 1))),
        )
      : Array.from({ length: z.length }, (_, k) => z.start + k);
  const values = new Float32Array(slices.length * y.length * x.length).fill(padding);
  const width = Math.min(x.length, nx - x.start);
  for (const [s, k] of slices.entries()) {
    if (k >= nz) continue;
    for (let j = 0; j < Math.min(y.length, ny - y.start); j++) {
      const row = (k * ny + y.start + j) * nx + x.start;
      const to = (s * y.length + j) * x.length;
      for (let i = 0; i < width; i++) values[to + i] = scale(hu[row + i]!);
    }
  }
  return values;
}

/** Adds a tile's probabilities to its slab, by the tile's weights. */
function accumulate(
  { planes, counted }: TileOutput,
  { z, y, x }: TileBox,
  [nx, ny, nz]: GridSize,
  { first, sum, total }: Slab,
): void {
  const tileVoxels = z.length * y.length * x.length;
  const width = Math.min(x.length, nx - x.start);
  const weights = new Float64Array(width);
  for (let k = 0; k < Math.min(z.length, nz - z.start); k++)
    for (let j = 0; j < Math.min(y.length, ny - y.start); j++) {
      const to = ((z.start + k) * ny + y.start + j) * nx + x.start - first;
      const from = (k * y.length + j) * x.length;
      for (let i = 0; i < width; i++) weights[i] = z.weights[k]! * y.weights[j]! * x.weights[i]!;
      for (let i = 0; i < width; i++) total[to + i]! += weights[i]!;
      for (const { plane, name } of counted) {
        const [own, added] = [name * total.length + to, plane * tileVoxels + from];
        for (let i = 0; i < width; i++) sum[own + i]! += weights[i]! * planes[added + i]!;
      }
    }
}

/**
 * Planes in the model's orientation, slices of a 2D model blended as its manifest asks for, turned to the LPS grid with
 * `size`. Voxels that are 0 in `wasRun` count for no other.
 */
function finish<T extends Float32Array | Uint8Array>(
  planes: T,
  { manifest: { input } }: Model,
  size: GridSize,
  wasRun: Uint8Array,
): T {
  const order = orderOfOrientation(input.orientation);
  const turnedSize = reorderSize(size, order);
  if (input.dimensions === 2 && input.sliceBlend > 0) blendSlices(planes, turnedSize, input.sliceBlend, wasRun);
  const back = inverseOrder(order);
  const voxels = size[0] * size[1] * size[2];
  for (let from = 0; from < planes.length; from += voxels) {
    const plane = planes.subarray(from, from + voxels);
    const turned = reorderData(plane, turnedSize, back);
    if (turned !== plane) planes.set(turned, from);
  }
  return planes;
}
