/** What a network says of every voxel of a CT, brought there as the program that trained it does: nnU-Net, lungmask. */
import type { Task } from '../../base/task.ts';
import { subtask } from '../../base/task.ts';
import { cropGrid, type VoxelBox } from '../../ct/geometry/box.ts';
import {
  type AxisOrder,
  inverseOrder,
  orderOfOrientation,
  reorderData,
  reorderSize,
} from '../../ct/geometry/orientation.ts';
import { type AxisWeights, interpolateLayer, sampleAt } from '../../ct/geometry/resample.ts';
import { type Grid, type GridSize, type LabelMap, perAxis, spacingMm, type Volume } from '../../ct/geometry/volume.ts';
import { intensityScale } from '../intensity.ts';
import type { Model } from '../model.ts';
import { modelSpacing } from '../modelSpacing.ts';
import { activate, canBeNone, labelNamesOf } from '../output.ts';
import { eachBodySlice } from './bodySlices.ts';
import { eachNetworkSlice, type SliceVisitor } from './networkSlices.ts';
import { cutOut, nonzeroBox, pasted } from './nonzeroBox.ts';
import { resampleBySplines, resamplingWeights, separateAxis } from './resampling.ts';

/** Whether the model's labels are to be its own, by these functions, and not LungNB's drawing of its probabilities. */
export function isAsTrained({ manifest: { input } }: Model): boolean {
  return input.resampling !== 'average';
}

/** The most probable name of each voxel of the CT: its place among `labelNamesOf` + 1, or 0 for none of them. */
export async function labelsAsTrained(model: Model, volume: Volume, task: Task): Promise<LabelMap> {
  const order = orderOfOrientation(model.manifest.input.orientation);
  const size = reorderSize(volume.size, order);
  const labels = new Uint8Array(size[0] * size[1] * size[2]);
  const names = labelNamesOf(model.manifest);
  const labelOf = model.manifest.output.labels.map((label) => (label === null ? 0 : names.indexOf(label) + 1));
  const area = size[0] * size[1];
  await eachCtSlice(model, { volume }, task, (slice, k) => {
    const decide = model.manifest.output.activation === 'regions' ? lastAboveHalf : greatest;
    for (let p = 0; p < area; p++) {
      const channel = decide(slice, p, area);
      labels[k * area + p] = channel === -1 ? 0 : labelOf[channel]!;
    }
  });
  return { size: volume.size, affine: volume.affine, labels: reorderData(labels, size, inverseOrder(order)) };
}

/** Where the network's word counts, and the part of the CT that is wanted. */
export interface Wanted {
  /** On the CT's grid. */
  readonly inside: Uint8Array;
  readonly box: VoxelBox;
}

/**
 * Probabilities of the CT's own voxels in a box as bytes, 255 being certain: a plane for each of `labelNamesOf`, and one
 * more for "none of them" where the model can say so, in z, y, x order. Those outside `inside` do not count.
 */
export async function bytesAsTrained(
  model: Model,
  volume: Volume,
  { inside, box }: Wanted,
  task: Task,
): Promise<Grid & { readonly bytes: Uint8Array }> {
  const { manifest } = model;
  const order = orderOfOrientation(manifest.input.orientation);
  const [nx, ny] = reorderSize(volume.size, order);
  const names = labelNamesOf(manifest);
  const planeOf = manifest.output.labels.map((label) => (label === null ? -1 : names.indexOf(label)));
  const planes = names.length + (canBeNone(manifest) ? 1 : 0);
  const { low, high } = turnedBox(box, volume.size, order);
  const [mx, my, mz] = perAxis((a) => high[a] - low[a] + 1);
  const voxels = mx * my * mz;
  const bytes = new Uint8Array(planes * voxels);
  const part = new Float32Array(planeOf.length * mx * my);
  const sums = new Float32Array(names.length * mx * my);
  await eachCtSlice(model, { volume, inside }, task, (slice, k) => {
    if (k < low[2] || k > high[2]) return;
    for (let c = 0; c < planeOf.length; c++)
      for (let j = 0; j < my; j++) {
        const from = c * nx * ny + (j + low[1]) * nx + low[0];
        part.set(slice.subarray(from, from + mx), (c * my + j) * mx);
      }
    activate(manifest.output.activation, part, mx * my);
    addByName(part, planeOf, sums.fill(0));
    const first = (k - low[2]) * mx * my;
    for (let n = 0; n < planes; n++)
      for (let p = 0, to = n * voxels + first; p < mx * my; p++, to++)
        bytes[to] = byteOf(n < names.length ? sums[n * mx * my + p]! : 1 - sumOver(sums, p, mx * my));
  });
  const back = inverseOrder(order);
  for (let n = 0; n < planes; n++) {
    const plane = bytes.subarray(n * voxels, (n + 1) * voxels);
    const turned = reorderData(plane, [mx, my, mz], back);
    if (turned !== plane) bytes.set(turned, n * voxels);
  }
  return { ...cropGrid(volume, box), bytes };
}

/** Channels of one name add up. */
function addByName(channels: Float32Array, planeOf: readonly number[], sums: Float32Array): void {
  const area = channels.length / planeOf.length;
  for (const [c, plane] of planeOf.entries())
    if (plane >= 0) for (let p = 0; p < area; p++) sums[plane * area + p]! += channels[c * area + p]!;
}

/** The same box in the orientation that `order` turns to. */
function turnedBox({ low, high }: VoxelBox, size: GridSize, { from, flipped }: AxisOrder): VoxelBox {
  const end = (a: 0 | 1 | 2) => size[from[a]]! - 1;
  return {
    low: perAxis((a) => (flipped[a] ? end(a) - high[from[a]]! : low[from[a]]!)),
    high: perAxis((a) => (flipped[a] ? end(a) - low[from[a]]! : high[from[a]]!)),
  };
}

function byteOf(probability: number): number {
  return Math.min(1, Math.max(0, probability)) * 255 + 0.5;
}

function sumOver(values: Float32Array, at: number, step: number): number {
  let sum = 0;
  for (let n = at; n < values.length; n += step) sum += values[n]!;
  return sum;
}

/** The channel with the greatest value; of several the first. */
function greatest(slice: Float32Array, at: number, step: number): number {
  let best = 0;
  for (let c = 1, n = at + step; n < slice.length; c++, n += step) if (slice[n]! > slice[best * step + at]!) best = c;
  return best;
}

/** The last channel whose logit is above 0, a probability of more than a half. */
function lastAboveHalf(slice: Float32Array, at: number, step: number): number {
  let last = -1;
  for (let c = 0, n = at; n < slice.length; c++, n += step) if (slice[n]! > 0) last = c;
  return last;
}

interface Given {
  readonly volume: Volume;
  /** On the volume's grid: where the network's word counts. */
  readonly inside?: Uint8Array;
}

/** Slices on the CT's own voxels, in the network's orientation: channel by channel, before the activation. */
async function eachCtSlice(model: Model, { volume, inside }: Given, task: Task, visit: SliceVisitor): Promise<void> {
  const { input } = model.manifest;
  const order = orderOfOrientation(input.orientation);
  const whole = { size: reorderSize(volume.size, order), data: reorderData(volume.hu, volume.size, order) };
  if (input.resampling === 'lungmask') return eachBodySlice(model, { size: whole.size, hu: whole.data }, task, visit);
  const box = nonzeroBox(whole);
  const { size, data: hu } = cutOut(whole, box);
  task.progress(0, `${model.manifest.title}: resampling`);
  const turn = (mm: readonly number[]): [number, number, number] => perAxis((a) => mm[order.from[a]]!);
  const own = turn(spacingMm(volume));
  const wanted = turn(modelSpacing(input, volume));
  const coarse: GridSize = perAxis((a) => halfToEven((own[a] / wanted[a]) * size[a]));
  const separate = separateAxis(own, wanted);
  const scale = intensityScale(input.intensity, hu);
  // `from` with a function would list the values first, and a list has room for 500 slices.
  const floats = new Float32Array(hu);
  // Version 1 of nnU-Net scales what it has resampled.
  const values =
    input.resampling === 'nnunet1'
      ? resampleBySplines(floats, size, coarse, separate).map(scale)
      : resampleBySplines(floats.map(scale), size, coarse, separate);
  const back = resamplingWeights(coarse, size, 1, separateAxis(wanted, own));
  const turned = inside && { size: whole.size, data: reorderData(inside, volume.size, order) };
  const counted = turned && nearest(cutOut(turned, box).data, size, coarse);
  const paste = pasted(model, whole.size, box, visit);
  const spread = spreadSlices(model.manifest.output.labels.length, { coarse, size, back }, paste);
  await eachNetworkSlice(
    model,
    { size: coarse, values, ...(counted && { inside: counted }) },
    subtask(task, 0.05, 1),
    spread,
  );
}

/** As Python rounds; at least 1. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rounded = value - below === 0.5 && below % 2 === 0 ? below : Math.round(value);
  return Math.max(1, rounded);
}

type BackWeights = readonly [AxisWeights | undefined, AxisWeights | undefined, AxisWeights | undefined];

/** Brings the network's slices to the CT's voxels, and calls `visit` for each of the CT's slices that is complete. */
function spreadSlices(
  channels: number,
  {
    coarse: [mx, my],
    size: [nx, ny, nz],
    back: [wx, wy, wz],
  }: { readonly coarse: GridSize; readonly size: GridSize; readonly back: BackWeights },
  visit: SliceVisitor,
): SliceVisitor {
  const area = nx * ny;
  const kept = new Map<number, Float32Array>();
  const result = new Float32Array(channels * area);
  const row = new Float32Array(mx);
  const enlarge = (slice: Float32Array): Float32Array => {
    if (!wx && !wy) return slice.slice();
    const large = new Float32Array(channels * area);
    for (let c = 0; c < channels; c++) {
      const plane = slice.subarray(c * mx * my, (c + 1) * mx * my);
      for (let j = 0; j < ny; j++) {
        const to = c * area + j * nx;
        const from = wy ? row : plane.subarray(j * mx, (j + 1) * mx);
        if (wy) interpolateLayer(plane, row, wy, j);
        if (wx) for (let i = 0; i < nx; i++) large[to + i] = sampleAt(from, 0, wx, i);
        else large.set(from, to);
      }
    }
    return large;
  };
  let next = 0;
  return (slice, index) => {
    kept.set(index, enlarge(slice));
    for (; next < nz; next++) {
      const first = wz ? wz.first[next]! : next;
      const count = wz ? wz.count[next]! : 1;
      if (first + count - 1 > index) break;
      result.fill(0);
      for (let n = 0; n < count; n++) {
        const weight = wz ? wz.weights[wz.offset[next]! + n]! : 1;
        const source = kept.get(first + n);
        if (source && weight) for (let p = 0; p < result.length; p++) result[p]! += weight * source[p]!;
      }
      visit(result, next);
      for (const known of kept.keys()) if (known < first) kept.delete(known);
    }
  };
}

/** The value nearest to each voxel of another grid of the same box. */
function nearest(values: Uint8Array, [nx, ny, nz]: GridSize, to: GridSize): Uint8Array {
  const place = (index: number, from: number, other: number) =>
    Math.min(from - 1, Math.floor(((index + 0.5) * from) / other));
  const columns = Int32Array.from({ length: to[0] }, (_, i) => place(i, nx, to[0]));
  const result = new Uint8Array(to[0] * to[1] * to[2]);
  for (let k = 0, at = 0; k < to[2]; k++)
    for (let j = 0; j < to[1]; j++) {
      const row = (place(k, nz, to[2]) * ny + place(j, ny, to[1])) * nx;
      for (let i = 0; i < to[0]; i++, at++) result[at] = values[row + columns[i]!]!;
    }
  return result;
}
