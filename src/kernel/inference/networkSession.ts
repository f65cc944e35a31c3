/** An opened network: what LungNB asks of ONNX Runtime’s session, in whichever thread that runs. */
import type { InferenceSession, Tensor } from './onnxRuntime.ts';

/** What a network is given, in the order of `dims`: batch, channel, z (in 3D), y, x. */
export interface GivenTensor {
  readonly type: 'float32' | 'float16';
  /** Numbers of 16 bits as their patterns. */
  readonly data: Float32Array | Uint16Array;
  readonly dims: readonly number[];
  readonly location: 'cpu';
}

/** What a network gives for one tile, batch and channels first. */
export type RawOutput = Pick<Tensor, 'type' | 'data' | 'dims' | 'size'>;

export interface NetworkSession extends Pick<InferenceSession, 'inputNames' | 'inputMetadata' | 'outputMetadata'> {
  /** Computes the outputs that `fetches` names, and no others. */
  run(
    feeds: Readonly<Record<string, GivenTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, RawOutput>>>;
}
