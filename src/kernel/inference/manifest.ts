/**
 * `models/<id>/manifest.json`: what a model expects and gives, so that the kernel can run it without knowing it. The
 * fields are explained to users in docs/models.md.
 *
 * Lists over axes are in the order x, y, z of the network's own array: x is the last axis of its tensor, the one that
 * runs fastest in memory. Which way x, y and z run in the patient is said by `orientation`.
 */
import { dirname } from 'node:path';
import { z } from 'zod';
import { MIN_HU } from '../../protocol/hounsfield.ts';
import { LOBES, TEXTURE_CLASSES } from '../../protocol/names.ts';
import { classOf } from '../base/labels.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { readWhole } from '../ct/files/regularFile.ts';
import { ORIENTATIONS } from '../ct/geometry/orientation.ts';
import { fileOfModel, MANIFEST } from './fileOfModel.ts';

/** A page of JSON; what is larger is something else. */
const MAX_MANIFEST_BYTES = 1e6;

const count = z.int().positive();
const SPACING = 'a number of mm above 0, or "native" for the CT’s own spacing';
const spacing = z.union([z.number().positive(SPACING), z.literal('native')], { error: SPACING });

const bounds = z.tuple([z.number(), z.number()], { error: 'two numbers: the lower and the upper bound' });

/** HU that the input keeps; values beyond are set to the bound. */
const clipHu = bounds.refine(([low, high]) => low < high, 'the lower bound comes first');

const intensity = z.discriminatedUnion(
  'scale',
  [
    fields({
      scale: z.literal('window'),
      clipHu,
      /** What the window's lower and upper bound become. */
      to: bounds.default([-1, 1]),
    }),
    fields({ scale: z.literal('z-score'), clipHu, meanHu: z.number(), sdHu: z.number().positive() }),
    /** By the mean and the deviation of the CT itself. */
    fields({ scale: z.literal('own-z-score') }),
    /** HU as they are. */
    fields({ scale: z.literal('none') }),
  ],
  { error: '`scale` is "window", "z-score", "own-z-score" or "none"' },
);
const RESAMPLING = ['average', 'nnunet', 'nnunet1', 'lungmask'] as const;
const axis = z.enum(['x', 'y', 'z'], { error: 'axes of the network’s own array: "x", "y", "z"' });

const sharedInput = {
  name: z.string(),
  /** The side of the patient that x, y and z run towards, e.g. LPS: left, posterior, superior. */
  orientation: z.enum(ORIENTATIONS, { error: ({ input }) => orientationError(input) }),
  /** Voxel size x, y, z in mm to which a CT is resampled. */
  spacingMm: z.tuple([spacing, spacing, spacing], { error: 'three values: along x, y and z' }),
  intensity,
  /**
   * How a CT comes to the network's voxels, and labels back. "average": averaged where voxels grow, interpolated
   * linearly where they shrink; what the network says is then drawn on the CT by LungNB. "nnunet" (version 2),
   * "nnunet1" and "lungmask": as those programs do it, with labels that are the network's own.
   */
  resampling: z.enum(RESAMPLING, { error: RESAMPLING.map((name) => `"${name}"`).join(', ') }).default('average'),
  /** How much a voxel counts by its place in a tile: falling towards shared borders, or by a bell over the tile. */
  tileWeights: z.enum(['linear', 'gaussian'], { error: '"linear" or "gaussian"' }).default('linear'),
  /** Axes along which the network also sees the tile mirrored; the mean of all counts. */
  mirror: z
    .array(axis)
    .refine((axes) => new Set(axes).size === axes.length, 'each axis once')
    .default([]),
  /** Another model of the same folders that finds the part of the CT that this one is given. */
  cropTo: fields({ model: z.string(), marginMm: z.number().min(0).default(10) }).optional(),
  /** Every side of a tile is a multiple of this; without it every tile has the size of the patch. */
  multipleOf: count.optional(),
  /** Share of a patch that neighbouring patches have in common. */
  overlap: z.number().min(0).max(0.9).default(0.25),
  /** HU of voxels outside the CT. */
  paddingHu: z.number().default(MIN_HU),
};

const input = z
  .discriminatedUnion(
    'dimensions',
    [
      fields({
        ...sharedInput,
        dimensions: z.literal(3),
        patch: z.tuple([count, count, count], { error: 'three numbers of voxels: along x, y and z' }),
      }),
      fields({
        ...sharedInput,
        dimensions: z.literal(2),
        patch: z.tuple([count, count], { error: 'two numbers of voxels: along x and y' }),
        /** Neighbouring slices along z that the network sees as channels, its own in the middle. */
        contextSlices: count.refine((n) => n % 2 === 1, 'an odd number, so that one slice is the middle').default(1),
        /** Share of a slice's probabilities that each of its two neighbours along z gives. */
        sliceBlend: z.number().min(0).max(0.33).default(0),
      }),
    ],
    { error: '`dimensions` is 2 or 3' },
  )
  .refine(({ patch, multipleOf = 1 }) => patch.every((side) => side % multipleOf === 0), {
    path: ['patch'],
    error: 'every side is a multiple of `multipleOf`',
  })
  .refine(({ dimensions, mirror }) => dimensions === 3 || !mirror.includes('z'), {
    path: ['mirror'],
    error: 'a 2D network has no axis z to mirror',
  })
  .refine(({ resampling, dimensions }) => resampling !== 'lungmask' || dimensions === 2, {
    path: ['resampling'],
    error: '"lungmask" is for 2D networks: it scales the body in each slice to the patch',
  })
  .refine(({ resampling, orientation }) => resampling !== 'lungmask' || 'SI'.includes(orientation[2]!), {
    path: ['orientation'],
    error: '"lungmask" is for axial slices',
  })
  .refine((given) => given.resampling === 'average' || given.dimensions === 3 || given.sliceBlend === 0, {
    path: ['sliceBlend'],
    error: 'only where `resampling` is "average"',
  });

function orientationError(value: unknown): string {
  const rule =
    'three letters for the sides that x, y and z run towards, one each of L or R, P or A, S or I, such as LPS or RAS';
  const near = typeof value === 'string' ? nearest(value, ORIENTATIONS) : undefined;
  return near ? `${rule}; did you mean \`${near}\`?` : rule;
}

/** For each channel of the output, or for each label value where the output is labels: a name, or null for none. */
function outputOf<const Name extends string>(names: readonly Name[]) {
  return fields({
    name: z.string(),
    /** What makes probabilities of the output; "argmax": it holds label values already. */
    activation: z.enum(['none', 'softmax', 'sigmoid', 'regions', 'argmax'], {
      error: '"none" (already probabilities), "softmax", "sigmoid", "regions" or "argmax" (already label values)',
    }),
    labels: z.array(
      z
        .enum(names, {
          error: ({ input }) =>
            input === undefined ? undefined : `"${input}" is no label: ${suggestionOf(String(input), names)}`,
        })
        .nullable(),
    ),
  }).refine(
    ({ activation, labels }) => labels.length > (activation === 'sigmoid' || activation === 'regions' ? 0 : 1),
    {
      path: ['labels'],
      error: 'there is one for every channel, so at least two (one with the activation "sigmoid" or "regions")',
    },
  );
}

function suggestionOf(word: string, names: readonly string[]): string {
  const synonym = names.find((name) => name === classOf(word));
  const suggestion = synonym ? `did you mean \`${synonym}\`?` : suggestionFor(word, names);
  return `${suggestion} Write null, without quotes, for what is not counted.`;
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case');

const externalFile = z
  .string()
  .refine(
    (file) =>
      !/[\\:*?"<>|\0]/.test(file) && file.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'a file in the model’s own folder or below it, with forward slashes and none of \\ : * ? " < > |',
  );

const onnxFile = externalFile.refine((file) => file.endsWith('.onnx'), 'an .onnx file');

/** Networks of the same form whose outputs are averaged, such as nnU-Net's folds. */
const ensemble = z
  .array(fields({ file: onnxFile, sha256, externalData: z.array(fields({ file: externalFile, sha256 })).optional() }))
  .min(1, 'at least one network beside that of `file`');

const shared = {
  lungnbModel: z.literal(1, { error: 'must be 1: the form of the manifest that this version of LungNB knows' }),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'lower-case letters, digits, dots and hyphens'),
  version: z.string(),
  title: z.string(),
  /** Where the files of weights lie, if not beside the manifest: an absolute folder, or one relative to the manifest's. */
  weightsIn: z.string().min(1).optional(),
  file: onnxFile,
  sha256,
  /** Files of weights that the ONNX file names, each as it names them. */
  externalData: z.array(fields({ file: externalFile, sha256 })).optional(),
  ensemble: ensemble.optional(),
  /** What running it takes of memory, in megabytes, where that was measured. */
  memoryMb: z.number().positive().optional(),
  licence: z.string(),
  citation: z.string(),
  trainedOn: z.string(),
  input,
};

/** A class of the network's own, beside those of every report. */
const ownClass = fields({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens')
    .refine((name) => classOf(name) === undefined, 'a word that stands for one of the classes of every report'),
  /** One or two, for tables with little room. */
  letter: z.string().regex(/^\p{Lu}\p{Ll}?$/u, 'a capital letter, and a small one at most'),
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour such as #e69f00'),
});
/** Label maps have one byte for a voxel, and pictures colours that can be told apart. */
const MAX_OWN_CLASSES = 20;

/** What a network of whole lungs may call what it finds. */
export const LUNG_NAMES = ['lung', 'right', 'left'] as const;

/** `own`: names of classes that the manifest brings. */
const manifestWith = (own: readonly string[]) =>
  z
    .discriminatedUnion(
      'task',
      [
        fields({
          ...shared,
          task: z.literal('lungs'),
          output: outputOf(LUNG_NAMES).refine(({ labels }) => labels.some((label) => label !== null), {
            path: ['labels'],
            error: `at least one is ${LUNG_NAMES.join(', ')}`,
          }),
        }),
        fields({
          ...shared,
          task: z.literal('lobes'),
          output: outputOf(LOBES).refine(({ labels }) => LOBES.every((lobe) => labels.includes(lobe)), {
            path: ['labels'],
            error: `a model of lobes names all of ${LOBES.join(', ')}: measurements are per lobe`,
          }),
        }),
        fields({
          ...shared,
          task: z.literal('textures'),
          classes: z
            .array(ownClass)
            .max(MAX_OWN_CLASSES)
            .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each name once')
            .refine((all) => new Set(all.map(({ letter }) => letter)).size === all.length, 'each letter once')
            .optional(),
          output: outputOf<string>([...TEXTURE_CLASSES, ...own]).refine(
            ({ labels }) => labels.some((label) => label !== null),
            {
              path: ['labels'],
              error: `at least one is a class: ${TEXTURE_CLASSES.join(', ')}`,
            },
          ),
        }),
      ],
      { error: '`task` is "lobes", "textures" or "lungs"' },
    )
    .refine(({ output, ensemble }) => output.activation !== 'argmax' || !ensemble, {
      path: ['ensemble'],
      error: 'label values cannot be averaged: export the networks before their argmax',
    })
    .refine(({ output, input }) => output.activation !== 'argmax' || input.mirror.length === 0, {
      path: ['input', 'mirror'],
      error: 'label values cannot be averaged: export the network before its argmax',
    })
    .refine(({ output, input }) => output.activation !== 'argmax' || !input.resampling.startsWith('nnunet'), {
      path: ['output', 'activation'],
      error: 'label values cannot be interpolated as nnU-Net does: export the network before its argmax',
    });

export type Manifest = z.infer<ReturnType<typeof manifestWith>>;
export type ModelInput = Manifest['input'];
export type Intensity = ModelInput['intensity'];

/** Throws a UserError that lists everything that is wrong with the manifest. */
export async function readManifest(file: string): Promise<Manifest> {
  let json: unknown;
  const text = (await readWhole(file, fileOfModel(dirname(file), MANIFEST), MAX_MANIFEST_BYTES)).toString('utf8');
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      'model-manifest',
      `${fileOfModel(dirname(file), MANIFEST)} cannot be read as JSON: ${reasonOf(error)}.`,
    );
  }
  const parsed = manifestWith(ownNamesIn(json)).safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => {
    const field = path.join('.') || 'manifest';
    if (path.length === 0 || valueAt(json, path) !== undefined) return `\n• ${field}: ${message}`;
    // Of a missing field, zod's own sentence says that it is undefined; ours say what it should hold.
    return message.startsWith('Invalid input') ? `\n• ${field} is missing` : `\n• ${field} is missing: ${message}`;
  });
  throw new UserError(
    'model-manifest',
    `${fileOfModel(dirname(file), MANIFEST)} is not a manifest that LungNB can use:${reasons.join('')}`,
  );
}

/** Names of the manifest's own classes, before it is known to be one. */
function ownNamesIn(json: unknown): string[] {
  const { data } = z.object({ classes: z.array(z.object({ name: z.string() })) }).safeParse(json);
  return data?.classes.map(({ name }) => name) ?? [];
}

/** How messages call a manifest: by its model's folder alone. */
/** An object with these fields and no others, so that a misspelt optional field is not taken for a left-out one. */
function fields<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown field \`${key}\`, ${suggestionFor(key, Object.keys(shape))}`).join(' ')
        : undefined,
  });
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  // SAFETY: a path of zod's leads through objects and arrays of the very value that it parsed, up to its last step.
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], json);
}
