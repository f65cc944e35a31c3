/** `models/<id>/manifest.json`: what a model expects and gives, so that the kernel can run it without knowing it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../base/userError.ts';

const positive = z.number().positive();
const count = z.int().positive();

const sharedInput = {
  name: z.string(),
  orientation: z.literal('LPS'),
  /** Voxel size x, y, z in mm to which a CT is resampled. */
  spacingMm: z.tuple([positive, positive, positive]),
  /** HU at −1 and +1 of the input; beyond them values are clipped. */
  huWindow: z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'the lower bound comes first'),
  /** Every side of a patch is a multiple of this. */
  multipleOf: count,
  /** Share of a patch that neighbouring patches have in common. */
  overlap: z.number().min(0).max(0.9),
  /** HU of voxels outside the CT. */
  paddingHu: z.number(),
};

const input = z.discriminatedUnion('dimensions', [
  z.object({ ...sharedInput, dimensions: z.literal(3), patch: z.tuple([count, count, count]) }),
  z.object({
    ...sharedInput,
    dimensions: z.literal(2),
    patch: z.tuple([count, count]),
    contextSlices: count.refine((n) => n % 2 === 1, 'an odd number, so that one slice is the middle'),
  }),
]);

const manifest = z.object({
  lungnbModel: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and hyphens'),
  version: z.string(),
  title: z.string(),
  task: z.enum(['lobes', 'textures']),
  file: z.string().regex(/^[^/\\]+\.onnx$/, 'an .onnx file beside the manifest'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  licence: z.string(),
  citation: z.string(),
  trainedOn: z.string(),
  input,
  output: z.object({
    name: z.string(),
    /** What the kernel applies to the network's output to get probabilities. */
    activation: z.enum(['softmax', 'none']),
    /** One per channel. */
    labels: z.array(z.string()).min(2),
  }),
});

export type Manifest = z.infer<typeof manifest>;
export type VolumeInput = Extract<Manifest['input'], { dimensions: 3 }>;
export type SliceInput = Extract<Manifest['input'], { dimensions: 2 }>;

/** Throws a UserError that lists everything that is wrong with the manifest. */
export async function readManifest(file: string): Promise<Manifest> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError('model-manifest', `${file} cannot be read as JSON (${(error as Error).message}).`);
  }
  const parsed = manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `\n• ${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new UserError('model-manifest', `${file} is not a manifest that LungNB can use:${reasons.join('')}`);
}
