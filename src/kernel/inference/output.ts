/** Makes probabilities of the names in a manifest of what its network gave for one tile. */
import { LOBES, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { UserError } from '../base/userError.ts';
import { LUNG_NAMES, type Manifest } from './manifest.ts';
import type { RawOutput } from './networkSession.ts';

/** Probabilities are looked at in so many places of a tile: enough to notice logits, too few to take time. */
const PLACES_CHECKED = 64;
/** Probabilities of a network in half precision, or rounded by its export, may miss 1 by so much. */
const TOLERANCE = 0.01;

export interface TileOutput {
  /** Plane by plane, each with one value per voxel of the tile. */
  readonly planes: Float32Array;
  /** The planes that count, and the name that each counts for as its place in `labelNamesOf`. */
  readonly counted: readonly { readonly plane: number; readonly name: number }[];
}

/** The names that a model of this task can give, in the order of label maps. */
export function labelNamesOf(manifest: Manifest): readonly string[] {
  if (manifest.task === 'lungs') return LUNG_NAMES;
  return manifest.task === 'lobes' ? LOBES : [...TEXTURE_CLASSES, ...ownClassesOf(manifest).map(({ name }) => name)];
}

/** The classes that a model of textures brings beside those of every report. */
export function ownClassesOf(manifest: Manifest): readonly OwnClass[] {
  return manifest.task === 'textures' ? (manifest.classes ?? []) : [];
}

/** Whether a voxel may belong to none of the names. */
export function canBeNone({ output: { activation, labels } }: Manifest): boolean {
  return activation === 'sigmoid' || activation === 'regions' || labels.some((label) => label === null);
}

/** `positions` is the number of voxels of the tile. Throws a UserError where the manifest does not describe the output. */
export function readOutput(manifest: Manifest, tensor: RawOutput | undefined, positions: number): TileOutput {
  const { id, output } = manifest;
  const names = labelNamesOf(manifest);
  const labelIndices = output.labels.map((label) => (label === null ? -1 : names.indexOf(label)));
  const planes = output.activation === 'argmax' ? 1 : output.labels.length;
  if (tensor?.size !== planes * positions)
    throw new UserError(
      'model-onnx',
      `The model "${id}" gave ${tensor?.dims.join(' × ') ?? 'no'} values where its manifest lets expect ${planes} × ${positions}: check output.labels and output.activation.`,
    );
  if (output.activation === 'argmax')
    return { planes: oneHot(id, tensor.data, labelIndices, names), counted: all(names) };
  if (!(tensor.data instanceof Float32Array))
    throw new UserError('model-onnx', `The model "${id}" gave ${tensor.type} where float32 was expected.`);
  activate(output.activation, tensor.data, positions);
  refuseWrongProbabilities(manifest, tensor.data, positions);
  return {
    planes: tensor.data,
    counted: labelIndices.flatMap((name, plane) => (name === -1 ? [] : [{ plane, name }])),
  };
}

function all(names: readonly string[]): TileOutput['counted'] {
  return names.map((_, name) => ({ plane: name, name }));
}

/** 1 in the plane of the name that a voxel's label value stands for, 0 in the others. */
function oneHot(id: string, values: RawOutput['data'], placeOf: readonly number[], names: readonly string[]) {
  const planes = new Float32Array(names.length * values.length);
  for (let p = 0; p < values.length; p++) {
    const place = placeOf[Number(values[p])];
    if (place === undefined)
      throw new UserError(
        'model-onnx',
        `The model "${id}" gave the label value ${values[p]}, but output.labels has ${placeOf.length} entries, for 0 to ${placeOf.length - 1}.`,
      );
    if (place >= 0) planes[place * values.length + p] = 1;
  }
  return planes;
}

/** Makes probabilities of what a network gives, in place: channel by channel, each with `positions` values. */
export function activate(activation: Manifest['output']['activation'], values: Float32Array, positions: number): void {
  const channels = values.length / positions;
  if (activation === 'softmax') softmax(values, channels, positions);
  if (activation === 'sigmoid' || activation === 'regions') sigmoid(values);
  if (activation === 'regions') lastRegion(values, channels, positions);
}

/**
 * Of regions that lie within each other, the last that is more probable than not counts, as nnU-Net decides: it keeps its
 * probability, and the others share what it leaves.
 */
function lastRegion(probabilities: Float32Array, channels: number, positions: number): void {
  for (let p = 0; p < positions; p++) {
    let last = -1;
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const value = probabilities[c * positions + p]!;
      sum += value;
      if (value > 0.5) last = c;
    }
    if (last === -1) {
      // None is more probable than not; together they leave at least as much to none of them.
      const scale = sum > 0.5 ? 0.5 / sum : 1;
      for (let c = 0; c < channels; c++) probabilities[c * positions + p]! *= scale;
      continue;
    }
    const own = probabilities[last * positions + p]!;
    const others = sum - own;
    const scale = others > 1 - own ? (1 - own) / others : 1;
    for (let c = 0; c < channels; c++) if (c !== last) probabilities[c * positions + p]! *= scale;
  }
}

function softmax(logits: Float32Array, channels: number, positions: number): void {
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
}

function sigmoid(logits: Float32Array): void {
  for (let n = 0; n < logits.length; n++) logits[n] = 1 / (1 + Math.exp(-logits[n]!));
}

/** Logits taken for probabilities, and overflows, would otherwise give plausible nonsense. */
function refuseWrongProbabilities({ id, output }: Manifest, planes: Float32Array, positions: number): void {
  const step = Math.max(1, Math.floor(positions / PLACES_CHECKED));
  for (let p = 0; p < positions; p += step) {
    let sum = 0;
    for (let at = p; at < planes.length; at += positions) {
      const value = planes[at]!;
      sum += value;
      if (value >= -TOLERANCE && value <= 1 + TOLERANCE) continue;
      throw new UserError(
        'model-onnx',
        `The model "${id}" gave ${Number(value.toPrecision(3))} where a probability was expected. ${output.activation === 'none' ? 'Write "softmax" or "sigmoid" as output.activation if these are logits.' : 'Its numbers overflow: check input.intensity.'}`,
      );
    }
    if (output.activation !== 'sigmoid' && output.activation !== 'regions' && Math.abs(sum - 1) > TOLERANCE)
      throw new UserError(
        'model-onnx',
        `The model "${id}" gave probabilities that add up to ${Number(sum.toPrecision(3))} over its channels, not to 1. With output.activation "none" they must; export logits and write "softmax" or "sigmoid".`,
      );
  }
}
