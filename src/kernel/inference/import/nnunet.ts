/** nnU-Net's results folders: version 2 by plans.json and dataset.json, version 1 by what its export script tells. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import type { Intensity } from '../manifest.ts';
import type { ExportNeeded, ForeignLabel, ForeignModel } from './foreignModel.ts';
import { readJson } from './jsonFile.ts';

const lengths = z.array(z.number().positive()).min(2).max(3);
const resamplingKwargs = z.looseObject({
  order: z.number().optional(),
  order_z: z.number().optional(),
  force_separate_z: z.boolean().nullable().optional(),
});
const configuration = z.looseObject({
  inherits_from: z.string().optional(),
  patch_size: lengths.optional(),
  spacing: lengths.optional(),
  normalization_schemes: z.array(z.string()).optional(),
  resampling_fn_data: z.string().optional(),
  resampling_fn_data_kwargs: resamplingKwargs.optional(),
  resampling_fn_probabilities: z.string().optional(),
  resampling_fn_probabilities_kwargs: resamplingKwargs.optional(),
  previous_stage: z
    .union([z.string(), z.array(z.string())])
    .nullable()
    .optional(),
});
const intensity = z.looseObject({
  mean: z.number(),
  std: z.number().optional(),
  sd: z.number().optional(),
  percentile_00_5: z.number(),
  percentile_99_5: z.number(),
});
const plansFile = z.looseObject({
  dataset_name: z.string().default('a dataset'),
  image_reader_writer: z.string().default('SimpleITKIO'),
  transpose_forward: z.array(z.number()).length(3).default([0, 1, 2]),
  foreground_intensity_properties_per_channel: z.record(z.string(), intensity).optional(),
  configurations: z.record(z.string(), configuration),
});
const datasetFile = z.looseObject({
  channel_names: z.record(z.string(), z.string()).optional(),
  modality: z.record(z.string(), z.string()).optional(),
  labels: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number())])),
  regions_class_order: z.array(z.number()).optional(),
  licence: z.string().optional(),
});
const exportFile = z.looseObject({
  program: z.string(),
  configuration: z.string().optional(),
  mirrorAxes: z.array(z.number()).default([]),
  files: z.array(z.string()).min(1),
});
/** What the script for version 1 tells, which LungNB could not read from its pickled plans. */
const export1File = exportFile.extend({
  patch: lengths,
  spacing: lengths,
  transposeForward: z.array(z.number()).length(3),
  modality: z.string(),
  intensity,
  labels: z.record(z.string(), z.string()),
});

const CITATION = 'Isensee et al. 2021, Nat Methods 18:203 (nnU-Net)';
const EXPORTED = 'lungnb-export.json';
const AXES = ['x', 'y', 'z'] as const;

/** Undefined where the folder is none of nnU-Net's. Throws a UserError where it is one that cannot be run. */
export async function readNnunet(folder: string): Promise<ForeignModel | ExportNeeded | undefined> {
  const plans = await readJson(join(folder, 'plans.json'), plansFile);
  if (plans) return readVersion2(folder, plans);
  const told = await readJson(join(folder, EXPORTED), exportFile);
  if (told?.program === 'nnunet') return readVersion1(folder);
  const names = await readdir(folder);
  if (!names.includes('plans.pkl')) return undefined;
  return exportBy('nnunet1.py', 'nnU-Net v1', folder);
}

function exportBy(script: string, what: string, folder: string): ExportNeeded {
  return { what, script, command: `"${folder}"` };
}

type Plans = z.infer<typeof plansFile>;

async function readVersion2(folder: string, plans: Plans): Promise<ForeignModel | ExportNeeded> {
  const dataset = await readJson(join(folder, 'dataset.json'), datasetFile);
  if (!dataset)
    throw new UserError(
      'model-import',
      'There is a plans.json and no dataset.json, which says what the labels are. Copy the results folder again, whole.',
    );
  const told = await readJson(join(folder, EXPORTED), exportFile);
  const name = told?.configuration ?? (configurationOfFolder(folder, plans) || '');
  const own = resolved(plans, name);
  const what = `nnU-Net v2, ${name} of ${plans.dataset_name}`;
  refuseUnfit(what, own, dataset);
  const files = told?.files ?? (await exportedFolds(folder));
  if (files.length === 0) return exportBy('nnunet.py', what, folder);
  const { mirror, remarks } = mirrorOf(folder, told?.mirrorAxes, own.patch_size!.length);
  const dimensions = own.patch_size!.length === 2 ? 2 : 3;
  const regions = regionLabels(dataset);
  const normalisation = own.normalization_schemes?.[0] ?? 'CTNormalization';
  return {
    what,
    files,
    labels: regions ?? plainLabels(dataset),
    transpose: transposeOf(plans.transpose_forward),
    input: {
      name: 'ct',
      dimensions,
      orientation: plans.image_reader_writer === 'NibabelIOWithReorient' ? 'RAS' : undefined,
      spacingMm: spacingOf(own.spacing!),
      intensity: intensityOf(normalisation, plans.foreground_intensity_properties_per_channel?.['0']),
      ...nnunetTiles([...own.patch_size!].reverse(), 'nnunet', mirror),
    },
    output: { name: 'logits', activation: regions ? 'regions' : 'softmax' },
    citation: CITATION,
    remarks,
  } satisfies ForeignModel;
}

/** nnU-Net's tiles: half a patch of overlap, counting by a bell. */
function nnunetTiles(
  patch: readonly number[],
  resampling: 'nnunet' | 'nnunet1',
  mirror: ForeignModel['input']['mirror'],
) {
  // SAFETY: the schemas let two or three lengths through, for two or three dimensions.
  const sides = patch as [number, number, number];
  return { patch: sides, overlap: 0.5, tileWeights: 'gaussian', resampling, mirror, paddingHu: -1024 } as const;
}

/** The configuration with what it inherits. */
function resolved({ configurations }: Pick<Plans, 'configurations'>, name: string): z.infer<typeof configuration> {
  const own = configurations[name];
  if (!own)
    throw new UserError(
      'model-import',
      `Its plans.json has no configuration "${name}": it has ${Object.keys(configurations).join(', ')}. nnU-Net’s folders end in the configuration’s name, such as nnUNetTrainer__nnUNetPlans__3d_fullres; give the folder that name again.`,
    );
  const { inherits_from: parent } = own;
  if (parent === undefined) return own;
  if (parent === name) throw new UserError('model-import', `In its plans.json ${name} inherits from itself.`);
  return { ...resolved({ configurations: without(configurations, name) }, parent), ...own };
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** `nnUNetTrainer__nnUNetPlans__3d_fullres`; the only one where there is one. */
function configurationOfFolder(folder: string, { configurations }: Plans): string | undefined {
  const last = basename(folder).split('__').at(-1);
  if (last !== undefined && configurations[last]) return last;
  const names = Object.keys(configurations);
  return names.length === 1 ? names[0] : last;
}

const RESAMPLING = 'resample_data_or_seg_to_shape';

/** What the kernel does not do is told before anything is written. */
function refuseUnfit(what: string, own: z.infer<typeof configuration>, dataset: z.infer<typeof datasetFile>): void {
  const channels = Object.values(dataset.channel_names ?? dataset.modality ?? { 0: 'CT' });
  const reasons = [
    ...(own.patch_size && own.spacing ? [] : ['its plans have no `patch_size` or `spacing`']),
    ...(own.previous_stage
      ? [`it refines what ${String(own.previous_stage)} found, as a second input. Import 3d_lowres or 3d_fullres`]
      : []),
    ...(channels.length === 1
      ? []
      : [`it takes ${channels.length} images (${channels.join(', ')}), and LungNB has the CT`]),
    ...[own.resampling_fn_data, own.resampling_fn_probabilities].flatMap((name) =>
      name === undefined || name === RESAMPLING ? [] : [`it resamples by ${name}, and LungNB by ${RESAMPLING}`],
    ),
    ...wrongOrders(own.resampling_fn_data_kwargs, 3),
    ...wrongOrders(own.resampling_fn_probabilities_kwargs, 1),
  ];
  if (reasons.length)
    throw new UserError(
      'model-import',
      `${what} cannot be imported:${[...new Set(reasons)].map((reason) => `\n• ${reason}.`).join('')}`,
    );
}

function wrongOrders(kwargs: z.infer<typeof resamplingKwargs> | undefined, order: number): string[] {
  if (!kwargs) return [];
  const fits =
    (kwargs.order ?? order) === order && (kwargs.order_z ?? 0) === 0 && (kwargs.force_separate_z ?? null) === null;
  return fits
    ? []
    : [
        `it resamples by splines of the order ${kwargs.order} (across slices ${kwargs.order_z}), and LungNB of ${order} (0), as nnU-Net plans`,
      ];
}

/** One ONNX file of each fold; the folder of all data counts only where there are no folds. */
async function exportedFolds(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^fold_(\d+|all)$/.test(name)).sort();
  const folds = names.filter((name) => name !== 'fold_all');
  const found = await Promise.all(
    (folds.length ? folds : names).map(async (fold) => {
      const files = (await readdir(join(folder, fold))).filter((name) => name.endsWith('.onnx'));
      const best = files.find((name) => name.includes('final')) ?? files[0];
      return best === undefined ? [] : [`${fold}/${best}`];
    }),
  );
  return found.flat();
}

function mirrorOf(folder: string, told: readonly number[] | undefined, dimensions: number) {
  const axes = told ?? (/NoMirroring/i.test(folder) ? [] : [0, 1, 2].slice(0, dimensions));
  const mirror = axes.flatMap((axis) => AXES[dimensions - 1 - axis] ?? []);
  const remarks =
    told === undefined
      ? [
          `Along which axes the network is mirrored only its checkpoint tells: ${mirror.length ? `all (${mirror.join(', ')})` : 'none'} was taken for granted. LungNB’s own export script notes it.`,
        ]
      : [];
  return { mirror, remarks };
}

function spacingOf(spacing: readonly number[]): ForeignModel['input']['spacingMm'] {
  const [x, y, z] = [...spacing].reverse();
  return [x!, y!, z ?? 'native'];
}

function transposeOf(forward: readonly number[]): [number, number, number] {
  return [forward[0]!, forward[1]!, forward[2]!];
}

function intensityOf(scheme: string, properties: z.infer<typeof intensity> | undefined): Intensity {
  switch (scheme) {
    case 'CTNormalization':
    case 'CT':
      if (!properties)
        throw new UserError(
          'model-import',
          'Its plans.json lacks `foreground_intensity_properties_per_channel`, by which it scales HU.',
        );
      return {
        scale: 'z-score',
        clipHu: [properties.percentile_00_5, properties.percentile_99_5],
        meanHu: properties.mean,
        sdHu: properties.std ?? properties.sd ?? 1,
      };
    case 'ZScoreNormalization':
      return { scale: 'own-z-score' };
    case 'NoNormalization':
      return { scale: 'none' };
    default:
      throw new UserError(
        'model-import',
        `It scales HU by ${scheme}; LungNB knows CTNormalization, ZScoreNormalization and NoNormalization.`,
      );
  }
}

/** By value, from 0 on; values that have no name are left out of account. */
function plainLabels({ labels }: z.infer<typeof datasetFile>): ForeignLabel[] {
  const named = new Map(
    Object.entries(labels).flatMap(([name, value]) => (name === 'ignore' ? [] : [[Number(value), name] as const])),
  );
  const last = Math.max(...named.keys());
  return Array.from({ length: last + 1 }, (_, value) => ({
    name: named.get(value) ?? `value ${value}`,
    isBackground: value === 0 || !named.has(value),
  }));
}

/** Channels of a network of regions, each by the name of the label that it ends up as; undefined where there are none. */
function regionLabels({ labels, regions_class_order: order }: z.infer<typeof datasetFile>): ForeignLabel[] | undefined {
  const entries = Object.entries(labels).filter(([name]) => name !== 'ignore');
  if (!entries.some(([, value]) => Array.isArray(value) && value.length > 1)) return undefined;
  const regions = entries.filter(([, value]) => [value].flat().some((part) => Number(part) !== 0));
  if (!order || order.length !== regions.length)
    throw new UserError(
      'model-import',
      `Its dataset.json has ${regions.length} regions and a regions_class_order of ${order?.length ?? 0}: which region counts where several do is not told.`,
    );
  // What a region is written as may be the name of another entry, where one label has that value by itself.
  return regions.map(([name, value], n) => {
    const single = entries.find(([, other]) => !Array.isArray(other) && Number(other) === order[n]);
    return { name: Array.isArray(value) && value.length > 1 ? (single?.[0] ?? name) : name, isBackground: false };
  });
}

async function readVersion1(folder: string): Promise<ForeignModel> {
  const told = (await readJson(join(folder, EXPORTED), export1File))!;
  const { mirror } = mirrorOf(folder, told.mirrorAxes, told.patch.length);
  return {
    what: 'nnU-Net v1',
    files: told.files,
    labels: plainLabels({
      labels: Object.fromEntries(Object.entries(told.labels).map(([value, name]) => [name, Number(value)])),
    }),
    transpose: transposeOf(told.transposeForward),
    input: {
      name: 'ct',
      dimensions: told.patch.length === 2 ? 2 : 3,
      orientation: undefined,
      spacingMm: spacingOf(told.patch.length === 2 ? told.spacing.slice(-2) : told.spacing),
      intensity: intensityOf(told.modality, told.intensity),
      ...nnunetTiles([...told.patch].reverse(), 'nnunet1', mirror),
    },
    output: { name: 'probabilities', activation: 'none' },
    citation: CITATION,
    remarks: [],
  };
}
