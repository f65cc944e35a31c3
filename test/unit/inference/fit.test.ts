import { describe, expect, it } from 'vitest';
import { mismatches } from '../../../src/kernel/inference/fit.ts';
import type { Manifest } from '../../../src/kernel/inference/manifest.ts';
import type { InferenceSession } from '../../../src/kernel/inference/onnxRuntime.ts';

type Shape = readonly (number | string)[];
type Type = Extract<InferenceSession.ValueMetadata, { isTensor: true }>['type'];

const tensor = (name: string, shape: Shape, type: Type = 'float32') => ({ name, isTensor: true, type, shape }) as const;

const shared = {
  lungnbModel: 1,
  id: 'own',
  version: '1',
  title: 'own',
  file: 'model.onnx',
  sha256: '',
  licence: 'MIT',
  citation: '',
  trainedOn: '',
} as const;
const input = {
  name: 'ct',
  orientation: 'LPS',
  spacingMm: [1, 1, 1],
  intensity: { scale: 'window', clipHu: [-1024, 600], to: [0, 1] },
  overlap: 0.25,
  paddingHu: -1024,
  resampling: 'average',
  tileWeights: 'linear',
  mirror: [],
} satisfies Partial<Manifest['input']>;

/** A 2D model of textures for patches of 256 × 192, with three slices in and three channels out. */
const flat = (own: Partial<{ multipleOf: number }> = {}): Manifest => ({
  ...shared,
  task: 'textures',
  input: { ...input, ...own, dimensions: 2, patch: [256, 192], contextSlices: 3, sliceBlend: 0 },
  output: { name: 'out', activation: 'softmax', labels: ['normal', 'ggo', null] },
});
/** A 3D model of lobes for patches of 96 × 80 × 64, whose output holds labels. */
const solid: Manifest = {
  ...shared,
  task: 'lobes',
  input: { ...input, dimensions: 3, patch: [96, 80, 64] },
  output: { name: 'out', activation: 'argmax', labels: [null, 'RUL', 'RML', 'RLL', 'LUL', 'LLL'] },
};

const flatIn = tensor('ct', ['batch', 3, 192, 256]);
const flatOut = tensor('out', ['batch', 3, 192, 256]);
const solidIn = tensor('ct', [1, 1, 64, 80, 96]);
const solidOut = tensor('out', [1, 64, 80, 96], 'int64');

type Values = readonly InferenceSession.ValueMetadata[];
const inputs = (...inputMetadata: Values) => ({ inputMetadata, outputMetadata: [flatOut] });
const outputs = (...outputMetadata: Values) => ({ inputMetadata: [flatIn], outputMetadata });
const solidInputs = (...inputMetadata: Values) => ({ inputMetadata, outputMetadata: [solidOut] });
const solidOutputs = (...outputMetadata: Values) => ({ inputMetadata: [solidIn], outputMetadata });

describe('a network', () => {
  it.each([
    ['with fixed axes', flat(), inputs(flatIn)],
    ['with open axes, named or not', flat({ multipleOf: 16 }), inputs(tensor('ct', ['batch', 3, 'y', -1]))],
    ['that does not tell its shape', flat(), inputs(tensor('ct', []))],
    ['that gives labels without a channel axis', solid, solidOutputs(solidOut)],
    ['that gives labels with a channel axis', solid, solidOutputs(tensor('out', [1, 1, 64, 80, 96], 'uint8'))],
  ])('%s fits its manifest', (_, manifest, session) => expect(mismatches(manifest, session)).toEqual([]));

  it.each([
    [
      'with another input',
      flat(),
      inputs(tensor('image', ['batch', 3, 192, 256])),
      'input.name is "ct", but the network\'s input is "image".',
    ],
    [
      'with two inputs',
      flat(),
      inputs(flatIn, tensor('age', [1])),
      'The network also needs the inputs "age": export it with one input, the CT.',
    ],
    [
      'in double precision',
      flat(),
      inputs(tensor('ct', ['batch', 3, 192, 256], 'float64')),
      'The network takes float64, and LungNB gives float32 or float16: export it in one of them.',
    ],
    [
      'in 3D',
      flat(),
      inputs(tensor('ct', ['batch', 1, 'z', 'y', 'x'])),
      'The network takes ? × 1 × ? × ? × ?, 5 axes, but input.dimensions 2 gives 4: batch, channel, y, x.',
    ],
    [
      'in 2D',
      solid,
      solidInputs(tensor('ct', ['batch', 1, 256, 256])),
      'The network takes ? × 1 × 256 × 256, 4 axes, but input.dimensions 3 gives 5: batch, channel, z, y, x.',
    ],
    [
      'for a batch of 4',
      flat(),
      inputs(tensor('ct', [4, 3, 192, 256])),
      'The network takes 4 at a time, and LungNB gives one: export it with a batch of 1.',
    ],
    [
      'with another number of slices',
      flat(),
      inputs(tensor('ct', ['batch', 1, 192, 256])),
      'The network takes 1 channels, but input.contextSlices is 3.',
    ],
    [
      'with three channels in 3D',
      solid,
      solidInputs(tensor('ct', [1, 3, 64, 80, 96])),
      'The network takes 3 channels; LungNB gives a 3D network one, the CT.',
    ],
    [
      'whose axes are in another order',
      flat(),
      inputs(tensor('ct', ['batch', 3, 256, 192])),
      'The network takes patches of x 192, y 256 only, but input.patch is x 256, y 192.',
    ],
    [
      'that cannot take smaller tiles',
      flat({ multipleOf: 16 }),
      inputs(tensor('ct', ['batch', 3, 'y', 256])),
      'The network takes patches of x 256, y any only: leave input.multipleOf out, so that every tile is a whole patch.',
    ],
    [
      'with other outputs',
      flat(),
      outputs(tensor('logits', ['batch', 3, 192, 256]), tensor('features', [1])),
      'output.name is "out", but the network\'s outputs are "logits", "features".',
    ],
    [
      'with another number of channels than labels',
      flat(),
      outputs(tensor('out', ['batch', 7, 192, 256])),
      'The network gives 7 channels, but output.labels has 3: one name or null for each channel, in their order.',
    ],
    [
      'that gives labels where probabilities were promised',
      flat(),
      outputs(tensor('out', ['batch', 192, 256], 'int64')),
      'The network gives int64. Write "argmax" as output.activation if these are label values; else export it in float32.',
    ],
    [
      'that classifies whole patches',
      flat(),
      outputs(tensor('out', ['batch', 3])),
      'The network gives ? × 3, 2 axes, where 4 were expected as in its input.',
    ],
    [
      'with a coarser output',
      flat(),
      outputs(tensor('out', ['batch', 3, 96, 128])),
      'The network gives x 128, y 96 values for a patch of x 256, y 192: LungNB needs one for every voxel of the patch.',
    ],
    [
      'that gives channels where labels were promised',
      solid,
      solidOutputs(tensor('out', [1, 6, 64, 80, 96])),
      'The network gives 1 × 6 × 64 × 80 × 96, where output.activation "argmax" needs one label value per voxel. Write "softmax" or "none" if it has a channel per label.',
    ],
  ])('%s is refused with the reason', (_, manifest, session, reason) =>
    expect(mismatches(manifest, session)).toEqual([reason]),
  );
});
