/**
 * A network over a whole CT with the preprocessing that it was trained with, slice by slice of what it gives. All grids
 * here are in the network's own orientation, z, y, x. Only the slices that tiles in work overlap are kept in memory, so
 * that it grows with the patch and not with the number of slices.
 */
import { totalmem } from 'node:os';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { gigabytes } from '../../ct/files/regularFile.ts';
import { type GridSize, perAxis } from '../../ct/geometry/volume.ts';
import { inputChannels } from '../fit.ts';
import { evenStarts, gaussianWeights } from '../gaussianTiles.ts';
import type { Model } from '../model.ts';
import { runNetworks } from '../runNetworks.ts';
import { expectChannels } from './channels.ts';

/** Input values on the network's own voxels. */
export interface NetworkGrid {
  readonly size: GridSize;
  readonly values: Float32Array;
  /** Tiles without a voxel of it are not run; all are where it is left out. */
  readonly inside?: Uint8Array;
}

/** One slice of what the network gives before its activation: channel by channel, each in y, x order; used again for the next. */
export type SliceVisitor = (slice: Float32Array, index: number) => void;

/** Interpolation of what was not run next to what was must not reach the voxels that count. */
const MARGIN = 2;
const FLOAT_BYTES = 4;

export async function eachNetworkSlice(
  model: Model,
  grid: NetworkGrid,
  task: Task,
  visit: SliceVisitor,
): Promise<void> {
  const { input, output, title } = model.manifest;
  const channels = output.labels.length;
  const patch: GridSize = [input.patch[0], input.patch[1], input.patch[2] ?? 1];
  const { padded, values, shift } = padTo(grid, patch);
  const [nx, ny, nz] = padded;
  const starts = perAxis((a) => evenStarts(padded[a], patch[a], input.overlap));
  refuseGiant(model, channels, [nx, ny, patch[2]]);
  const window = {
    first: 0,
    depth: patch[2],
    sum: new Float32Array(channels * patch[2] * ny * nx),
    total: new Float32Array(patch[2] * ny * nx),
  };
  const weights =
    input.tileWeights === 'gaussian'
      ? gaussianWeights(patch)
      : new Float32Array(patch[0] * patch[1] * patch[2]).fill(1);
  const slice = new Float32Array(channels * grid.size[0] * grid.size[1]);
  const tiles = starts[1].length * starts[0].length;
  for (const [n, z] of starts[2].entries()) {
    for (const [r, y] of starts[1].entries())
      for (const [c, x] of starts[0].entries()) {
        const at: GridSize = [x, y, z];
        if (
          grid.inside &&
          !touches(
            grid.inside,
            grid.size,
            perAxis((a) => at[a] - shift[a]),
            patch,
          )
        )
          continue;
        await pause(task);
        const done = (n * tiles + r * starts[0].length + c) / (starts[2].length * tiles);
        task.progress(
          done,
          `${title}: part ${n * tiles + r * starts[0].length + c + 1} of ${starts[2].length * tiles}`,
        );
        const tile = tileValues({ values, size: padded }, at, patch, inputChannels(input));
        const space = input.dimensions === 2 ? [patch[1], patch[0]] : [patch[2], patch[1], patch[0]];
        const given = await runNetworks(model, tile, [1, inputChannels(input), ...space]);
        add(
          expectChannels(model.manifest, given, patch[0] * patch[1] * patch[2]),
          { at, patch, weights },
          window,
          padded,
        );
      }
    const end = starts[2][n + 1] ?? nz;
    for (let k = z; k < end; k++) {
      const index = k - shift[2];
      if (index >= 0 && index < grid.size[2]) {
        takeSlice(window, k, { padded, shift, size: grid.size, channels }, slice);
        visit(slice, index);
      }
      clearSlice(window, k, nx * ny, channels);
    }
  }
}

/** Grids smaller than a patch get zeros around them, which are the mean of what the network was trained on. */
function padTo({ size, values }: NetworkGrid, patch: GridSize) {
  const padded: GridSize = perAxis((a) => Math.max(size[a], patch[a]));
  const shift: GridSize = perAxis((a) => (padded[a] - size[a]) >> 1);
  if (padded.every((length, a) => length === size[a])) return { padded, values, shift };
  const result = new Float32Array(padded[0] * padded[1] * padded[2]);
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      result.set(
        values.subarray((k * size[1] + j) * size[0], (k * size[1] + j + 1) * size[0]),
        ((k + shift[2]) * padded[1] + j + shift[1]) * padded[0] + shift[0],
      );
  return { padded, values: result, shift };
}

function refuseGiant({ manifest: { id } }: Model, channels: number, [nx, ny, depth]: GridSize): void {
  const bytes = (channels + 1) * nx * ny * depth * FLOAT_BYTES;
  if (bytes > totalmem())
    throw new UserError(
      'model-too-large',
      `The model "${id}" keeps ${channels} channels of ${nx} × ${ny} × ${depth} voxels at a time for this CT, ${gigabytes(bytes)}, and this computer has ${gigabytes(totalmem())}. Use a network of a coarser spacing (nnU-Net’s 3d_lowres), or cut the CT to the chest.`,
    );
}

async function pause(task: Task): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  task.signal.throwIfAborted();
}

function touches(inside: Uint8Array, [nx, ny, nz]: GridSize, at: GridSize, patch: GridSize): boolean {
  const [[x0, x1], [y0, y1], [z0, z1]] = perAxis((a) => {
    const length = [nx, ny, nz][a]!;
    return [Math.max(0, at[a] - MARGIN), Math.min(length, at[a] + patch[a] + MARGIN)] as const;
  });
  for (let k = z0; k < z1; k++)
    for (let j = y0; j < y1; j++) {
      const row = (k * ny + j) * nx;
      for (let i = x0; i < x1; i++) if (inside[row + i]) return true;
    }
  return false;
}

/** The tile's voxels; of a 2D network the slice with its neighbours as channels, those beyond the ends repeated. */
function tileValues(
  { values, size: [nx, ny, nz] }: NetworkGrid,
  [x, y, z]: GridSize,
  [px, py, pz]: GridSize,
  channels: number,
): Float32Array {
  const slices = Math.max(channels, pz);
  const tile = new Float32Array(slices * py * px);
  for (let s = 0; s < slices; s++) {
    const k = Math.min(nz - 1, Math.max(0, z + s - (channels >> 1)));
    for (let j = 0; j < py; j++) {
      const from = (k * ny + y + j) * nx + x;
      tile.set(values.subarray(from, from + px), (s * py + j) * px);
    }
  }
  return tile;
}

/** The slices that tiles in work may still add to; slice k lies at k modulo `depth`. */
interface Window {
  readonly depth: number;
  /** Channel by channel, weighted. */
  readonly sum: Float32Array;
  readonly total: Float32Array;
}

interface PlacedTile {
  readonly at: GridSize;
  readonly patch: GridSize;
  readonly weights: Float32Array;
}

function add(
  output: Float32Array,
  { at, patch, weights }: PlacedTile,
  { depth, sum, total }: Window,
  [nx, ny]: GridSize,
): void {
  const [px, py, pz] = patch;
  const voxels = px * py * pz;
  const channels = output.length / voxels;
  for (let k = 0; k < pz; k++)
    for (let j = 0; j < py; j++) {
      const from = (k * py + j) * px;
      const to = (((at[2] + k) % depth) * ny + at[1] + j) * nx + at[0];
      for (let i = 0; i < px; i++) total[to + i]! += weights[from + i]!;
      for (let c = 0; c < channels; c++) {
        const [own, added] = [c * total.length + to, c * voxels + from];
        for (let i = 0; i < px; i++) sum[own + i]! += weights[from + i]! * output[added + i]!;
      }
    }
}

interface Cut {
  readonly padded: GridSize;
  readonly shift: GridSize;
  readonly size: GridSize;
  readonly channels: number;
}

/** The weighted mean, without what was padded; 0 where no tile was run. */
function takeSlice(
  { depth, sum, total }: Window,
  k: number,
  { padded: [nx, ny], shift, size, channels }: Cut,
  slice: Float32Array,
): void {
  const [sx, sy] = size;
  for (let j = 0; j < sy; j++) {
    const row = ((k % depth) * ny + j + shift[1]) * nx + shift[0];
    for (let c = 0; c < channels; c++)
      for (let i = 0, to = (c * sy + j) * sx; i < sx; i++, to++) {
        const weight = total[row + i]!;
        slice[to] = weight === 0 ? 0 : sum[c * total.length + row + i]! / weight;
      }
  }
}

function clearSlice({ depth, sum, total }: Window, k: number, voxels: number, channels: number): void {
  const at = (k % depth) * voxels;
  total.fill(0, at, at + voxels);
  for (let c = 0; c < channels; c++) sum.fill(0, c * total.length + at, c * total.length + at + voxels);
}
