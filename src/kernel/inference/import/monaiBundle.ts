/** Bundles of MONAI: configs/metadata.json says what goes in and comes out, configs/inference.json how. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../base/userError.ts';
import { ORIENTATIONS } from '../../ct/geometry/orientation.ts';
import type { ExportNeeded, ForeignModel } from './foreignModel.ts';
import { readJson } from './jsonFile.ts';

const metadataFile = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  task: z.string().optional(),
  copyright: z.string().optional(),
  network_data_format: z.looseObject({
    inputs: z.looseObject({
      image: z.looseObject({ num_channels: z.number().optional(), spatial_shape: z.array(z.unknown()).optional() }),
    }),
    outputs: z.looseObject({ pred: z.looseObject({ channel_def: z.record(z.string(), z.string()).optional() }) }),
  }),
});

/** Undefined where the folder is no bundle. Throws a UserError where its preprocessing is not one that LungNB does. */
export async function readMonaiBundle(folder: string): Promise<ForeignModel | ExportNeeded | undefined> {
  const metadata = await readJson(join(folder, 'configs', 'metadata.json'), metadataFile);
  if (!metadata) return undefined;
  const what = `the MONAI bundle ${metadata.name ?? ''}`.trim();
  const inference = await readJson(join(folder, 'configs', 'inference.json'), z.unknown());
  if (inference === undefined)
    throw new UserError('model-import', `${what} has no configs/inference.json, which says how it prepares a CT.`);
  const { image } = metadata.network_data_format.inputs;
  const { channel_def: channels } = metadata.network_data_format.outputs.pred;
  const values = numbersUnder(inference);
  const find = (target: string) => partsOf(inference, target)[0];
  const spacing = lengthsOf(values, find('Spacingd')?.pixdim);
  const window = find('ScaleIntensityRanged');
  const [low, high, first, last] = ['a_min', 'a_max', 'b_min', 'b_max'].map((key) => numberOf(values, window?.[key]));
  const inferer = find('SlidingWindowInferer') ?? find('SlidingWindowInfererAdapt');
  const patch = lengthsOf(values, inferer?.roi_size) ?? lengthsOf(values, image.spatial_shape);
  const axes = find('Orientationd')?.axcodes;
  const lacking = [
    ...((image.num_channels ?? 1) === 1 ? [] : [`it takes ${image.num_channels} images, and LungNB has the CT`]),
    ...(channels ? [] : ['its metadata has no `channel_def` of what it gives']),
    ...(spacing ? [] : ['its inference has no `Spacingd` with three numbers']),
    ...(low === undefined || high === undefined
      ? ['its inference has no `ScaleIntensityRanged` with `a_min` and `a_max`']
      : []),
    ...(patch ? [] : ['its inference has no `SlidingWindowInferer` with a `roi_size` of three numbers']),
  ];
  if (lacking.length)
    throw new UserError(
      'model-import',
      `${what} cannot be imported:${lacking.map((reason) => `\n• ${reason}.`).join('')}\nWrite its manifest by hand: docs/models.md.`,
    );
  const files = (await readdir(join(folder, 'models')).catch(() => [])).filter((name) => name.endsWith('.onnx'));
  if (files.length === 0) return { what, script: undefined, command: exportCommand(folder, await weightsIn(folder)) };
  const ax = typeof axes === 'string' && ORIENTATIONS.includes(axes) ? axes : undefined;
  const mode = inferer?.mode === 'gaussian' ? 'gaussian' : 'linear';
  return {
    what,
    files: [`models/${files.find((name) => name === 'model.onnx') ?? files[0]}`],
    labels: Object.entries(channels!)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([index, name]) => ({ name, isBackground: Number(index) === 0 })),
    transpose: [0, 1, 2],
    input: {
      name: 'image',
      dimensions: 3,
      // MONAI's arrays are x, y, z, so that z is the last axis of the tensor and comes first here.
      orientation: [...(ax ?? 'RAS')].reverse().join(''),
      spacingMm: reversed(spacing!),
      intensity: { scale: 'window', clipHu: [low!, high!], to: [first ?? 0, last ?? 1] },
      resampling: 'average',
      tileWeights: mode,
      mirror: [],
      patch: reversed(patch!),
      overlap: Math.min(0.9, numberOf(values, inferer?.overlap) ?? 0.25),
      paddingHu: low!,
    },
    output: {
      name: 'pred',
      activation: partsOf(inference, 'Activationsd').some((part) => part.sigmoid === true) ? 'sigmoid' : 'softmax',
    },
    citation: metadata.copyright ?? what,
    remarks: ax
      ? []
      : ['Its inference does not say which way its axes run (`Orientationd`): RAS was taken for granted.'],
  };
}

function exportCommand(folder: string, weights: string): string {
  const at = (...names: string[]) => `"${join(folder, ...names)}"`;
  return `python -m monai.bundle onnx_export network_def --filepath ${at('models', 'model.onnx')} --ckpt_file ${at('models', weights)} --meta_file ${at('configs', 'metadata.json')} --config_file ${at('configs', 'inference.json')}`;
}

async function weightsIn(folder: string): Promise<string> {
  return (await stat(join(folder, 'models', 'model.pt')).catch(() => undefined)) ? 'model.pt' : 'model.ts';
}

type Part = Readonly<Record<string, unknown>>;

/** Every object of the configuration whose `_target_` is the named class. */
function partsOf(value: unknown, target: string): Part[] {
  if (Array.isArray(value)) return value.flatMap((one) => partsOf(one, target));
  if (typeof value !== 'object' || value === null) return [];
  // SAFETY: what JSON calls an object.
  const part = value as Part;
  const own = typeof part._target_ === 'string' && part._target_.split('.').at(-1) === target ? [part] : [];
  return [...own, ...Object.values(part).flatMap((inner) => partsOf(inner, target))];
}

/** What `@name` stands for. */
function numbersUnder(inference: unknown): Part {
  // SAFETY: what JSON calls an object; of an array no name is asked for.
  return typeof inference === 'object' && inference !== null ? (inference as Part) : {};
}

function meant(values: Part, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('@') ? values[value.slice(1)] : value;
}

function numberOf(values: Part, value: unknown): number | undefined {
  const given = meant(values, value);
  return typeof given === 'number' ? given : undefined;
}

function lengthsOf(values: Part, value: unknown): [number, number, number] | undefined {
  const given = meant(values, value);
  if (!Array.isArray(given) || given.length !== 3) return undefined;
  const [x, y, z] = given.map((one) => numberOf(values, one));
  return x && y && z ? [x, y, z] : undefined;
}

function reversed([x, y, z]: readonly [number, number, number]): [number, number, number] {
  return [z, y, x];
}
