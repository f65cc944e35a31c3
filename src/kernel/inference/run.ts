/** Runs a model over a resampled CT, tile by tile, and blends the tiles' probabilities. */
import { Tensor } from 'onnxruntime-node';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { GridSize } from '../ct/volume.ts';
import type { Model } from './model.ts';
import { planTiles, type Tile } from './tiles.ts';

/** HU at the model's own spacing, in z, y, x order. */
export interface ModelGrid {
  readonly size: GridSize;
  readonly hu: Float32Array;
}

/** Probabilities of a 3D model for every voxel: channel by channel, each in z, y, x order. */
export async function runVolume(model: Model, { size, hu }: ModelGrid, task: Task): Promise<Float32Array> {
  const { input, output } = model.manifest;
  if (input.dimensions !== 3) throw new Error(`${model.manifest.id} is not a 3D model`);
  const [nx, ny, nz] = size;
  const channels = output.labels.length;
  const voxels = nx * ny * nz;
  const sum = new Float32Array(channels * voxels);
  const total = new Float32Array(voxels);
  const plan = (axis: 0 | 1 | 2, length: number) =>
    planTiles(length, input.patch[axis], input.overlap, input.multipleOf);
  const tiles = plan(0, nz).flatMap((z) => plan(1, ny).flatMap((y) => plan(2, nx).map((x) => ({ z, y, x }))));
  for (const [n, { z, y, x }] of tiles.entries()) {
    await pause(task);
    task.progress(n / tiles.length, `${model.manifest.title}: part ${n + 1} of ${tiles.length}`);
    const values = new Float32Array(z.length * y.length * x.length);
    const at = (k: number, j: number) => ((z.start + k) * ny + y.start + j) * nx + x.start;
    fill(values, model, z.length * y.length, x.length, (row) => {
      const [k, j] = [Math.floor(row / y.length), row % y.length];
      if (z.start + k >= nz || y.start + j >= ny) return undefined;
      return hu.subarray(at(k, j), at(k, j) + Math.min(x.length, nx - x.start));
    });
    const probabilities = await infer(model, values, [1, 1, z.length, y.length, x.length]);
    const tileVoxels = values.length;
    for (let k = 0; k < Math.min(z.length, nz - z.start); k++)
      for (let j = 0; j < Math.min(y.length, ny - y.start); j++) {
        const to = at(k, j);
        const from = (k * y.length + j) * x.length;
        for (let i = 0; i < Math.min(x.length, nx - x.start); i++) {
          const weight = z.weights[k]! * y.weights[j]! * x.weights[i]!;
          total[to + i]! += weight;
          for (let c = 0; c < channels; c++)
            sum[c * voxels + to + i]! += weight * probabilities[c * tileVoxels + from + i]!;
        }
      }
  }
  for (let c = 0; c < channels; c++) for (let v = 0; v < voxels; v++) sum[c * voxels + v]! /= total[v]!;
  return sum;
}

/**
 * Probabilities of a 2D model with context slices, as bytes (0–255) that sum to about 255 per voxel: channel by
 * channel, each in z, y, x order. Tiles without a voxel of `inside` are not run and stay 0.
 */
export async function runSlices(
  model: Model,
  { size, hu }: ModelGrid,
  inside: Uint8Array,
  task: Task,
): Promise<Uint8Array> {
  const { input, output } = model.manifest;
  if (input.dimensions !== 2) throw new Error(`${model.manifest.id} is not a 2D model`);
  const [nx, ny, nz] = size;
  const channels = output.labels.length;
  const area = nx * ny;
  const result = new Uint8Array(channels * area * nz);
  const context = input.contextSlices;
  const rows = planTiles(ny, input.patch[0], input.overlap, input.multipleOf);
  const columns = planTiles(nx, input.patch[1], input.overlap, input.multipleOf);
  const sum = new Float32Array(channels * area);
  const total = new Float32Array(area);
  for (let k = 0; k < nz; k++) {
    await pause(task);
    task.progress(k / nz, `${model.manifest.title}: slice ${k + 1} of ${nz}`);
    const mask = inside.subarray(k * area, (k + 1) * area);
    const tiles = rows.flatMap((y) => columns.map((x) => ({ y, x }))).filter((tile) => touches(mask, nx, ny, tile));
    if (tiles.length === 0) continue;
    sum.fill(0);
    total.fill(0);
    for (const { y, x } of tiles) {
      const values = new Float32Array(context * y.length * x.length);
      fill(values, model, context * y.length, x.length, (row) => {
        const slice = Math.min(nz - 1, Math.max(0, k + Math.floor(row / y.length) - (context >> 1)));
        const j = y.start + (row % y.length);
        if (j >= ny) return undefined;
        const from = slice * area + j * nx + x.start;
        return hu.subarray(from, from + Math.min(x.length, nx - x.start));
      });
      const probabilities = await infer(model, values, [1, context, y.length, x.length]);
      const tileArea = y.length * x.length;
      for (let j = 0; j < Math.min(y.length, ny - y.start); j++)
        for (let i = 0; i < Math.min(x.length, nx - x.start); i++) {
          const weight = y.weights[j]! * x.weights[i]!;
          const to = (y.start + j) * nx + x.start + i;
          total[to]! += weight;
          for (let c = 0; c < channels; c++)
            sum[c * area + to]! += weight * probabilities[c * tileArea + j * x.length + i]!;
        }
    }
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < area; p++)
        if (total[p]! > 0) result[(c * nz + k) * area + p] = Math.round((sum[c * area + p]! / total[p]!) * 255);
  }
  return result;
}

/** Lets messages in, so that cancelling takes effect between two tiles. */
async function pause(task: Task): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  task.signal.throwIfAborted();
}

/** Fills rows of the input with HU scaled to −1…1, and with padding where `rowOf` has no or too few values. */
function fill(
  values: Float32Array,
  model: Model,
  rows: number,
  width: number,
  rowOf: (row: number) => Float32Array | undefined,
): void {
  const { huWindow, paddingHu } = model.manifest.input;
  const [low, high] = huWindow;
  const scale = 2 / (high - low);
  const scaled = (hu: number) => (Math.min(high, Math.max(low, hu)) - low) * scale - 1;
  values.fill(scaled(paddingHu));
  for (let row = 0; row < rows; row++) {
    const source = rowOf(row);
    if (source) for (let i = 0; i < source.length; i++) values[row * width + i] = scaled(source[i]!);
  }
}

function touches(mask: Uint8Array, nx: number, ny: number, { y, x }: { y: Tile; x: Tile }): boolean {
  for (let j = y.start; j < Math.min(ny, y.start + y.length); j++)
    for (let i = x.start; i < Math.min(nx, x.start + x.length); i++) if (mask[j * nx + i]) return true;
  return false;
}

/** One run of the network; the result's channels are probabilities. */
async function infer(model: Model, values: Float32Array, shape: readonly number[]): Promise<Float32Array> {
  const { input, output, id } = model.manifest;
  const results = await model.session.run({ [input.name]: new Tensor('float32', values, shape) });
  const tensor = results[output.name];
  const positions = shape.slice(2).reduce((a, b) => a * b, 1);
  const expected = [1, output.labels.length, ...shape.slice(2)];
  if (!tensor || !(tensor.data instanceof Float32Array) || tensor.dims.join() !== expected.join())
    throw new UserError(
      'model-onnx',
      `The model "${id}" gave an output of shape ${tensor?.dims.join(' × ') ?? '(none)'} where ${expected.join(' × ')} was expected from its manifest.`,
    );
  return output.activation === 'softmax' ? softmax(tensor.data, output.labels.length, positions) : tensor.data;
}

function softmax(logits: Float32Array, channels: number, positions: number): Float32Array {
  for (let p = 0; p < positions; p++) {
    let largest = -Infinity;
    for (let c = 0; c < channels; c++) largest = Math.max(largest, logits[c * positions + p]!);
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const value = Math.exp(logits[c * positions + p]! - largest);
      logits[c * positions + p] = value;
      sum += value;
    }
    for (let c = 0; c < channels; c++) logits[c * positions + p]! /= sum;
  }
  return logits;
}
