/** Compares an ONNX file's own description of its input and output with the manifest, before anything is run. */
import type { Manifest } from './manifest.ts';
import type { InferenceSession } from './onnxRuntime.ts';

type Session = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;
type Values = readonly InferenceSession.ValueMetadata[];
type Tensor = Extract<InferenceSession.ValueMetadata, { isTensor: true }>;

const AXES = ['x', 'y', 'z'] as const;

/** Channels of the input: 1 in 3D, the slice and its neighbours in 2D. */
export function inputChannels(input: Manifest['input']): number {
  return input.dimensions === 2 ? input.contextSlices : 1;
}

/**
 * Sentences that say what of the manifest the ONNX file contradicts; none where they fit. Axes whose length the file
 * leaves open, and shapes that it does not tell, are taken to fit.
 */
export function mismatches({ input, output }: Manifest, session: Session): string[] {
  const into = session.inputMetadata.find(({ name }) => name === input.name);
  const out = session.outputMetadata.find(({ name }) => name === output.name);
  const others = session.inputMetadata.filter(({ name }) => name !== input.name);
  return [
    ...(into ? inputMisfits(input, into) : [unknownName('input', input.name, session.inputMetadata)]),
    ...(into && others.length
      ? [`The network also needs the inputs ${quotedNames(others)}: export it with one input, the CT.`]
      : []),
    ...(out ? outputMisfits(input, output, out) : [unknownName('output', output.name, session.outputMetadata)]),
  ];
}

function unknownName(kind: 'input' | 'output', name: string, there: Values): string {
  return `${kind}.name is "${name}", but the network's ${there.length > 1 ? `${kind}s are` : `${kind} is`} ${quotedNames(there)}.`;
}

function quotedNames(values: Values): string {
  return values.map(({ name }) => `"${name}"`).join(', ');
}

function inputMisfits(input: Manifest['input'], value: InferenceSession.ValueMetadata): string[] {
  if (!isFloat(value))
    return [`The network takes ${typeOf(value)}, and LungNB gives float32 or float16: export it in one of them.`];
  const { shape } = value;
  if (shape.length === 0) return [];
  const rank = input.dimensions + 2;
  if (shape.length !== rank)
    return [
      `The network takes ${shapeOf(value)}, ${shape.length} axes, but input.dimensions ${input.dimensions} gives ${rank}: batch, channel, ${input.dimensions === 2 ? 'y, x' : 'z, y, x'}.`,
    ];
  const [batch, channels, ...space] = shape;
  const reasons: string[] = [];
  if (isFixed(batch) && batch !== 1)
    reasons.push(`The network takes ${batch} at a time, and LungNB gives one: export it with a batch of 1.`);
  if (isFixed(channels) && channels !== inputChannels(input))
    reasons.push(
      input.dimensions === 2
        ? `The network takes ${channels} channels, but input.contextSlices is ${input.contextSlices}.`
        : `The network takes ${channels} channels; LungNB gives a 3D network one, the CT.`,
    );
  const fixed = space.reverse();
  const contradicted = fixed.some((length, a) => isFixed(length) && length !== input.patch[a]);
  if (contradicted)
    reasons.push(`The network takes patches of ${axesOf(fixed)} only, but input.patch is ${axesOf(input.patch)}.`);
  else if (fixed.some((length) => isFixed(length) && (input.multipleOf ?? length) !== length))
    reasons.push(
      `The network takes patches of ${axesOf(fixed)} only: leave input.multipleOf out, so that every tile is a whole patch.`,
    );
  return reasons;
}

function outputMisfits(
  input: Manifest['input'],
  output: Manifest['output'],
  value: InferenceSession.ValueMetadata,
): string[] {
  if (output.activation === 'argmax') return labelMisfits(input, value);
  if (!isFloat(value))
    return [
      `The network gives ${typeOf(value)}. Write "argmax" as output.activation if these are label values; else export it in float32.`,
    ];
  const { shape } = value;
  if (shape.length === 0) return [];
  const rank = input.dimensions + 2;
  if (shape.length !== rank)
    return [`The network gives ${shapeOf(value)}, ${shape.length} axes, where ${rank} were expected as in its input.`];
  const [, channels, ...space] = shape;
  const reasons: string[] = [];
  if (isFixed(channels) && channels !== output.labels.length)
    reasons.push(
      `The network gives ${channels} channels, but output.labels has ${output.labels.length}: one name or null for each channel, in their order.`,
    );
  return [...reasons, ...sizeMisfits(input, space)];
}

/** Label values come with or without an axis for the one channel. */
function labelMisfits(input: Manifest['input'], value: InferenceSession.ValueMetadata): string[] {
  if (!value.isTensor || value.type === 'string') return [`The network gives ${typeOf(value)}, not label values.`];
  const { shape } = value;
  if (shape.length === 0) return [];
  const [, channels, ...space] = shape;
  if (shape.length === input.dimensions + 1) return sizeMisfits(input, shape.slice(1));
  if (shape.length === input.dimensions + 2 && (!isFixed(channels) || channels === 1)) return sizeMisfits(input, space);
  return [
    `The network gives ${shapeOf(value)}, where output.activation "argmax" needs one label value per voxel. Write "softmax" or "none" if it has a channel per label.`,
  ];
}

function sizeMisfits(input: Manifest['input'], space: readonly (number | string)[]): string[] {
  const given = [...space].reverse();
  if (!given.some((length, a) => isFixed(length) && length !== input.patch[a])) return [];
  return [
    `The network gives ${axesOf(given)} values for a patch of ${axesOf(input.patch)}: LungNB needs one for every voxel of the patch.`,
  ];
}

function isFloat(value: InferenceSession.ValueMetadata): value is Tensor {
  return value.isTensor && (value.type === 'float32' || value.type === 'float16');
}

/** ONNX Runtime gives the name of an axis of open length, or a negative number where it has none. */
function isFixed(length: number | string | undefined): length is number {
  return typeof length === 'number' && length > 0;
}

function typeOf(value: InferenceSession.ValueMetadata): string {
  return value.isTensor ? value.type : 'no tensor';
}

function shapeOf({ shape }: Tensor): string {
  return shape.map((length) => (isFixed(length) ? length : '?')).join(' × ');
}

/** Lengths along x, y and z, e.g. `x 256, y any`. */
function axesOf(lengths: readonly (number | string)[]): string {
  return lengths.map((length, a) => `${AXES[a]} ${isFixed(length) ? length : 'any'}`).join(', ');
}
