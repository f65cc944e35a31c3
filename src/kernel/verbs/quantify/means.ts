/** The clauses of `quantify` that say what measures: models, or masks in their place, and structures beside the lungs. */
import type { Device } from '../../../protocol/devices.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { UserError } from '../../base/userError.ts';
import { checkWeights, findModel, type ModelFolder } from '../../inference/model.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { type Placed, placed, unwritten } from '../../language/clauses/placed.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { text } from '../../language/clauses/text.ts';
import { type ArgumentsOf, optional, withDefault } from '../../language/declaration.ts';
import type { Measuring } from '../../lungs/means.ts';
import type { GivenMasks } from '../../masks/givenMasks.ts';
import { lobeOf, textureOf } from '../../masks/reading/structures.ts';
import { type CtOfPatient, type MasksOfCts, masksOfCts } from '../../values/masks.ts';
import type { Named } from '../../values/named.ts';
import { STRUCTURE } from '../names.ts';
import { pointingAt } from '../pointingAt.ts';
import type { VerbContext } from '../verb.ts';

export const LOBE_MODEL = 'lung-lobes';
export const TEXTURE_MODEL = 'lung-texture';

const FROM_MASKS = sequence(oneOf('from'), name('masks'));
/** With what measures the CTs that the masks know nothing of. */
const FROM_MASKS_ELSE = (noun: 'lobe model' | 'texture model') =>
  sequence(oneOf('from'), name('masks'), maybe(sequence(oneOf('else'), text(noun))));

export const MEANS = {
  with: withDefault(
    placed(text('texture model')),
    unwritten(TEXTURE_MODEL),
    'The texture model: the name of its folder in `models` beside the notebook, in a folder of the setting `lungnb.modelFolders` (`--models` on the command line), or among those that come with LungNB. Of a class that it does not know there is no row.',
  ),
  lobes: withDefault(
    placed(either(text('lobe model'), FROM_MASKS_ELSE('lobe model'))),
    unwritten(LOBE_MODEL),
    'The lobe model: the name of its folder, found in the same places. Or `from` masks that `load` read, which have all five lobes: no network draws them, and none is blamed for them. `from edited else "lung-lobes"` draws those of CTs that have no such mask by a model.',
  ),
  textures: optional(
    placed(FROM_MASKS_ELSE('texture model')),
    'Textures `from` masks, in the place of the texture model. Lung that the masks give no class counts in its lobe and in no class. `from edited else "lung-texture"` takes a model for the CTs that have no such mask.',
  ),
  without: optional(
    placed(sequence(list(STRUCTURE), maybe(FROM_MASKS))),
    'Structures of masks that are taken away from the lungs before they are measured: `without vessels, airways`, of the masks that the lobes or textures are from, or `from` others.',
  ),
  regions: optional(
    placed(sequence(list(STRUCTURE), FROM_MASKS)),
    'Structures of masks that are measured beside the lobes: `regions nodules from other`. Airways, vessels, nodules and the like of the masks that lobes or textures are from are measured unasked.',
  ),
};

export type MeansAsked = Omit<ArgumentsOf<unknown, typeof MEANS>, 'subject'>;

export interface MeansOfCts {
  /** What measures a CT. Throws a UserError where it has no mask. */
  readonly of: (ct: CtOfPatient) => Measuring;
  /** The texture model, where there is one. */
  readonly textureModel: ModelFolder | undefined;
  /** Of both, those that are models. */
  readonly models: readonly ModelFolder[];
  /** What the models are wanted to run on, where that is not the processor. */
  readonly device: Device | undefined;
  /** For the record. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly remarks: readonly Remark[];
}

type NamedMasks = Named<'masks'>;

/** Throws a UserError at a model that is not there, or at clauses that cannot go together. */
export async function meansOfCts(
  asked: MeansAsked,
  cts: readonly CtOfPatient[],
  { options, task }: VerbContext,
): Promise<MeansOfCts> {
  refuseBoth(asked);
  const from = fromMasks(asked);
  const lobeModel = await modelOf(modelNamed(asked.lobes), 'lobes', options.modelFolders);
  const textureModel = await modelOf(modelNamed(asked.textures ?? asked.with), 'textures', options.modelFolders);
  const models = [lobeModel, textureModel].filter((model) => model !== undefined);
  await Promise.all(models.map(checkWeights));
  const device = models.length > 0 && options.device !== 'cpu' ? options.device : undefined;
  const running = device && { device };
  const matched = new Map<string, MasksOfCts>();
  for (const masks of [from.lobes, from.textures, ...from.beside])
    if (masks && !matched.has(masks.name)) matched.set(masks.name, await masksOfCts(masks, cts, task.signal));
  const maskOf = (masks: NamedMasks, ct: CtOfPatient): GivenMasks => {
    const found = matched.get(masks.name)!.of(ct);
    if (found) return found;
    throw new UserError('mask-missing', `\`${masks.name}\` has no mask of ${ct.patient}.`);
  };
  /** The mask, unless a model is named for CTs of which it has nothing of the kind. */
  const maskOrModel = (
    masks: NamedMasks | undefined,
    model: ModelFolder | undefined,
    isOfKind: (structure: string) => boolean,
    ct: CtOfPatient,
  ): GivenMasks | ModelFolder => {
    if (!masks) return model!;
    const known = matched.get(masks.name)!.of(ct);
    const isThere = known?.files.some(({ segments }) => segments.some(({ structure }) => isOfKind(structure)));
    return model && !isThere ? model : maskOf(masks, ct);
  };
  const subtracted = asked.without?.value[0] ?? [];
  const names = [...new Set([...subtracted, ...(asked.regions?.value[0] ?? [])])];
  return {
    of: (ct) => ({
      lobes: maskOrModel(from.lobes, lobeModel, (structure) => lobeOf(structure) !== undefined, ct),
      textures: maskOrModel(from.textures, textureModel, (structure) => textureOf(structure) !== undefined, ct),
      ...(names.length > 0 && {
        beside: { names, subtracted, masks: from.beside.map((masks) => maskOf(masks, ct)) },
      }),
      ...running,
    }),
    textureModel: from.textures ? undefined : textureModel,
    models,
    device,
    parameters: {
      ...(from.lobes && { lobesFrom: from.lobes.name }),
      ...(from.textures && { texturesFrom: from.textures.name }),
      ...(subtracted.length > 0 && { without: [...subtracted] }),
      ...(asked.regions && { besideLobes: [...asked.regions.value[0]] }),
    },
    remarks: [...matched.values()].flatMap(({ remarks }) => remarks),
  };
}

interface FromMasks {
  readonly lobes: NamedMasks | undefined;
  readonly textures: NamedMasks | undefined;
  readonly beside: readonly NamedMasks[];
}

/** Throws a UserError where structures are to be taken away, and nothing says from which masks. */
function fromMasks({ lobes, textures, without, regions }: MeansAsked): FromMasks {
  const from: FromMasks = {
    lobes: typeof lobes.value === 'string' ? undefined : lobes.value[1],
    textures: textures?.value[1],
    beside: [without?.value[1]?.[1], regions?.value[1][1]].filter((masks) => masks !== undefined),
  };
  if (without && !without.value[1] && !from.lobes && !from.textures)
    throw new UserError(
      'mask-missing',
      `\`without ${without.value[0].join(', ')}\` takes structures of masks, and none are named. Write which: \`without ${without.value[0].join(', ')} from masks\`.`,
      without.span,
    );
  return from;
}

function refuseBoth(asked: MeansAsked): void {
  if (asked.textures && asked.with.span)
    throw new UserError(
      'idle-clause',
      '`with` names a texture model, and `textures from` takes its place. Leave one of both out.',
      asked.with.span,
    );
}

/** The model that a clause names, by itself or for what masks lack; undefined where masks alone are asked for. */
function modelNamed({
  value,
  span,
}: MeansAsked['with' | 'lobes'] | NonNullable<MeansAsked['textures']>): Placed<string> | undefined {
  const written = typeof value === 'string' ? value : value[2]?.[1];
  return written === undefined ? undefined : { value: written, span };
}

/** Throws a UserError at the name of a model that is not there, or does not fit its manifest. */
async function modelOf(
  named: Placed<string> | undefined,
  task: 'lobes' | 'textures',
  folders: readonly string[],
): Promise<ModelFolder | undefined> {
  return named && pointingAt(named, () => findModel(folders, named.value, task));
}
