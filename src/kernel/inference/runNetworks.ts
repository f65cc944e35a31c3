/** One tile through all networks of a model, mirrored as its manifest asks: the mean of what they give. */
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { floatsOf, halvesOf } from './halfFloats.ts';
import type { Model } from './model.ts';
import type { GivenTensor, NetworkSession, RawOutput } from './networkSession.ts';

/**
 * `values` in the order of `dims`: batch, channel, z (in 3D), y, x. Throws a UserError where a network fails, which is
 * mostly for want of memory.
 */
export async function runNetworks(
  { manifest: { id, input, output }, sessions }: Model,
  values: Float32Array,
  dims: readonly number[],
): Promise<RawOutput | undefined> {
  const run = (session: NetworkSession, of: Float32Array) =>
    runOne(session, { name: input.name, values: of, dims }, output.name).catch((error: Error) => {
      throw new UserError(
        'model-onnx',
        `The network of the model "${id}" stopped at a patch of ${dims.slice(2).reverse().join(' × ')} voxels: ${reasonOf(error)}. If this computer has too little memory for it, write a smaller input.patch, or close other programs.`,
      );
    });
  if (sessions.length === 1 && input.mirror.length === 0) return run(sessions[0]!, values);
  let sum: Float32Array | undefined;
  let shape: readonly number[] = [];
  let runs = 0;
  for (const session of sessions)
    for (const axes of combinations(input.mirror.map((name) => 'xyz'.indexOf(name)))) {
      const given = await run(session, flipped(values, dims, axes));
      if (!given || !(given.data instanceof Float32Array)) return given;
      const turned = flipped(given.data, given.dims, axes);
      runs++;
      shape = given.dims;
      if (!sum) sum = turned === given.data ? turned.slice() : turned;
      else if (sum.length === turned.length) for (let n = 0; n < sum.length; n++) sum[n]! += turned[n]!;
      else
        throw new UserError(
          'model-onnx',
          `The networks of the model "${id}" give outputs of different sizes, so that they cannot be averaged.`,
        );
    }
  if (!sum) return undefined;
  for (let n = 0; n < sum.length; n++) sum[n]! /= runs;
  return { type: 'float32', data: sum, dims: shape, size: sum.length };
}

async function runOne(
  session: NetworkSession,
  { name, values, dims }: { readonly name: string; readonly values: Float32Array; readonly dims: readonly number[] },
  output: string,
): Promise<RawOutput | undefined> {
  const into = session.inputMetadata.find((value) => value.name === name);
  const isHalf = into?.isTensor && into.type === 'float16';
  const feed: GivenTensor = isHalf
    ? { type: 'float16', data: halvesOf(values), dims, location: 'cpu' }
    : { type: 'float32', data: values, dims, location: 'cpu' };
  // Of several outputs (nnU-Net's deep supervision) only the one that counts is computed.
  const given = (await session.run({ [name]: feed }, [output]))[output];
  if (given?.type !== 'float16') return given;
  return { type: 'float32', data: floatsOf(given.data), dims: given.dims, size: given.size };
}

/** Every choice of the axes, none of them first. */
function combinations(axes: readonly number[]): number[][] {
  return Array.from({ length: 2 ** axes.length }, (_, choice) => axes.filter((_axis, n) => choice & (1 << n)));
}

/** The same values where no axis is mirrored. `axes`: 0 is x, the last of `dims`; batch and channel come along as they are. */
function flipped(values: Float32Array, dims: readonly number[], axes: readonly number[]): Float32Array {
  if (axes.length === 0) return values;
  const [nx = 1, ny = 1, nz = 1] = dims.slice(2).reverse();
  const [x, y, z] = [0, 1, 2].map((axis) => axes.includes(axis));
  const result = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += nx * ny * nz)
    for (let k = 0; k < nz; k++)
      for (let j = 0; j < ny; j++) {
        const to = from + ((z ? nz - 1 - k : k) * ny + (y ? ny - 1 - j : j)) * nx;
        const row = values.subarray(from + (k * ny + j) * nx, from + (k * ny + j) * nx + nx);
        result.set(row, to);
        if (x) result.subarray(to, to + nx).reverse();
      }
  return result;
}
