/** What a network gives, checked against its manifest before anything is made of it. */
import { UserError } from '../../base/userError.ts';
import type { Manifest } from '../manifest.ts';
import type { RawOutput } from '../networkSession.ts';

/** A value for each channel and voxel of a tile. Throws a UserError where the manifest does not describe the output. */
export function expectChannels({ id, output }: Manifest, given: RawOutput | undefined, voxels: number): Float32Array {
  const channels = output.labels.length;
  if (given?.size !== channels * voxels)
    throw new UserError(
      'model-onnx',
      `The model "${id}" gave ${given?.dims.join(' × ') ?? 'no'} values where its manifest lets expect ${channels} × ${voxels}: check output.labels and output.activation.`,
    );
  if (!(given.data instanceof Float32Array))
    throw new UserError('model-onnx', `The model "${id}" gave ${given.type} where float32 was expected.`);
  // A network that overflows gives no class of any voxel, and that would look like healthy background.
  if (!Number.isFinite(given.data[0]) || !Number.isFinite(given.data[given.data.length >> 1]))
    throw new UserError('model-onnx', `The numbers of the model "${id}" overflow: check input.intensity.`);
  return given.data;
}
