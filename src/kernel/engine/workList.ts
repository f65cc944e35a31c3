/** The list of CTs that a task of a job measures, with the models or masks that measure each. */
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Device } from '../../protocol/devices.ts';
import { isTelling } from '../ct/cohort/identities.ts';
import { findModel, type ModelFolder } from '../inference/model.ts';
import { isModel, type Measuring } from '../lungs/means.ts';
import type { GivenMasks } from '../masks/givenMasks.ts';
import type { CtToMeasure } from '../values/engine.ts';

export interface WorkList {
  readonly lungnbWork: 3;
  /** Where the models are looked for, in order. */
  readonly modelFolders: readonly string[];
  /** With their places in the list of all tasks, by which their results are called. */
  readonly cts: readonly ListedCt[];
}

interface ListedCt extends CtToMeasure {
  readonly place: number;
  readonly means: WrittenMeans;
}

/** Models by their names; masks with what is needed to lay them over the CT. */
interface WrittenMeans {
  readonly lobes: WrittenBy;
  readonly textures: WrittenBy;
  readonly beside?: Measuring['beside'];
  readonly device?: Device;
}
type WrittenBy = { readonly model: string } | { readonly masks: GivenMasks };

export function workListOf(
  cts: readonly (CtToMeasure & { readonly place: number })[],
  meansOf: (ct: CtToMeasure) => Measuring,
  modelFolders: readonly string[],
): WorkList {
  const written = createWriting();
  return {
    lungnbWork: 3,
    modelFolders,
    cts: cts.map((ct) => ({ ...ct, means: written(meansOf(ct)) })),
  };
}

/**
 * Identifiers by which masks are told to be of the same patient are compared and never read: in the list stand digests of
 * them, made with a key that nobody keeps.
 */
function createWriting(): (means: Measuring) => WrittenMeans {
  const key = randomBytes(32);
  const hidden = (identifier: string | undefined) =>
    identifier === undefined ? undefined : createHmac('sha256', key).update(identifier).digest('hex');
  const hiddenPatient = (patientId: string | undefined) => (isTelling(patientId) ? hidden(patientId) : undefined);
  const masksOf = ({ patientId, frameOfReferenceUid, files, ...masks }: GivenMasks): GivenMasks => ({
    ...masks,
    patientId: hiddenPatient(patientId),
    frameOfReferenceUid: hidden(frameOfReferenceUid),
    files: files.map(({ owner, ...file }) => ({
      ...file,
      owner: {
        label: owner.label,
        path: [],
        patientId: hiddenPatient(owner.patientId),
        frameOfReferenceUid: hidden(owner.frameOfReferenceUid),
      },
    })),
  });
  const by = (one: ModelFolder | GivenMasks): WrittenBy =>
    isModel(one) ? { model: one.manifest.id } : { masks: masksOf(one) };
  return ({ lobes, textures, beside, device }) => ({
    lobes: by(lobes),
    textures: by(textures),
    ...(beside && { beside: { ...beside, masks: beside.masks.map(masksOf) } }),
    ...(device && { device }),
  });
}

/** Undefined where the file is something else, such as a list of paths. */
export async function readWorkList(path: string): Promise<WorkList | undefined> {
  const text = await readFile(path, 'utf8');
  if (!text.startsWith('{"lungnbWork":3')) return undefined;
  // SAFETY: LungNB wrote it, as it begins.
  return JSON.parse(text) as WorkList;
}

/** What measures each CT of a list. Throws a UserError where a model is not there. */
export async function meansOfList({ cts, modelFolders }: WorkList): Promise<(ct: CtToMeasure) => Measuring> {
  const models = new Map<string, Promise<ModelFolder>>();
  const read = async (by: WrittenBy, task: 'lobes' | 'textures') => {
    if ('masks' in by) return by.masks;
    const key = `${task} ${by.model}`;
    if (!models.has(key)) models.set(key, findModel(modelFolders, by.model, task));
    return models.get(key)!;
  };
  const all = new Map<CtToMeasure['series'], Measuring>();
  for (const { series, means } of cts) {
    const [lobes, textures] = [await read(means.lobes, 'lobes'), await read(means.textures, 'textures')];
    const { beside, device } = means;
    all.set(series, { lobes, textures, ...(beside && { beside }), ...(device && { device }) });
  }
  return ({ series }) => all.get(series)!;
}
