/** Finds a model by its id, checks that it is what its manifest says, and opens it with ONNX Runtime. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rememberNames } from '../base/fileNames.ts';
import { nearest } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { fileState } from '../ct/files/fileState.ts';
import { type Device, type OpenSession, openSession, type UsedDevice } from './device.ts';
import { MANIFEST } from './fileOfModel.ts';
import { mismatches } from './fit.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { manifestFiles, networksOf, readModelFiles, weightsFolder } from './modelFiles.ts';
import type { NetworkSession } from './networkSession.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The model that finds the part of a CT that this one is given, where its manifest names one. */
  readonly first?: ModelFolder;
}

export interface Model extends ModelFolder {
  /** One, or those of an ensemble. */
  readonly sessions: readonly NetworkSession[];
  readonly first?: Model;
  /** What the networks run on. */
  readonly device: UsedDevice;
}

/**
 * The folder of model `id`, from the first of `folders` that has it, with that of the model that it asks for; manifests
 * checked, weights not yet read.
 */
export async function findModel(folders: readonly string[], id: string, task: Manifest['task']): Promise<ModelFolder> {
  const found = await findOne(folders, id, [task]);
  const { cropTo } = found.manifest.input;
  if (!cropTo) return found;
  const first = await findOne(folders, cropTo.model, ['lungs', 'lobes']);
  if (first.manifest.input.cropTo)
    throw new UserError(
      'model-manifest',
      `The model "${id}" is given the part of the CT that "${cropTo.model}" finds, which itself asks for another model. Name one that takes the whole CT.`,
    );
  return { ...found, first };
}

async function findOne(
  folders: readonly string[],
  id: string,
  tasks: readonly Manifest['task'][],
): Promise<ModelFolder> {
  for (const parent of folders) {
    const file = join(parent, id, MANIFEST);
    if (!(await stat(file).catch(() => undefined))) continue;
    const manifest = await readManifest(file);
    if (manifest.id !== id)
      throw new UserError(
        'model-manifest',
        `The manifest in the folder "${id}" calls its model "${manifest.id}". Give both the same name.`,
      );
    if (!tasks.includes(manifest.task))
      throw new UserError(
        'model-task',
        `The model "${id}" finds ${manifest.task}, but one that finds ${tasks.join(' or ')} is needed here.${manifest.task === 'lungs' ? ' Name it as `input.cropTo` in the manifest of a model of lobes or textures.' : ''}`,
      );
    return { folder: join(parent, id), manifest };
  }
  const known = [...new Set((await Promise.all(folders.map(modelIds))).flat())];
  const near = nearest(id, known);
  const available = known.length
    ? `${near ? `Did you mean \`${near}\`? ` : ''}Available: ${known.join(', ')}.`
    : 'No model was found there.';
  const words = `There is no model "${id}"`;
  rememberNames(
    words,
    folders.map((folder) => `looked for in ${folder}`),
  );
  throw new UserError(
    'model-missing',
    `${words} in the folder \`models\` beside the notebook, in those that you named, or among LungNB’s own. ${available}`,
  );
}

/** Folders of models whose files were found to be what their manifests say, each as it was then. */
const matching = new Map<string, string>();

/**
 * Throws a UserError where the file of weights is not the one that the manifest describes, so that no kept result stands
 * for a network that was exchanged. A file that has not changed since is not read again.
 */
export async function checkWeights(model: ModelFolder): Promise<void> {
  if (model.first) await checkWeights(model.first);
  const state = await stateOf(model);
  if (matching.get(model.folder) === state) return;
  await readModelFiles(model.folder, model.manifest);
  matching.set(model.folder, state);
}

async function stateOf({ folder, manifest }: ModelFolder): Promise<string> {
  const states = manifestFiles(manifest).map(async ({ file, sha256 }) => [
    file,
    sha256,
    await fileState(join(weightsFolder(folder, manifest), file)),
  ]);
  return JSON.stringify([manifest.input.patch, await Promise.all(states)]);
}

/**
 * Reads the weights, compares their SHA-256 with the manifest's, and opens a session for each network on `threads`
 * threads, by `open`, which says where it runs: in this thread unless said. Throws a UserError where files and manifest do
 * not belong or fit together.
 */
export async function openModel(
  model: ModelFolder,
  threads: number,
  device: Device = 'cpu',
  open: OpenSession = openSession,
): Promise<Model> {
  const { folder, manifest } = model;
  const networks = await readModelFiles(folder, manifest);
  const sessions: NetworkSession[] = [];
  let used: UsedDevice = { name: 'cpu' };
  for (const [n, network] of networks.entries()) {
    const file = networksOf(manifest)[n]!.file;
    const path = join(weightsFolder(folder, manifest), file);
    const opened = await open(network, { threads, device }, called(manifest, path));
    sessions.push(opened.session);
    used = opened.device;
    const reasons = mismatches(manifest, opened.session);
    if (reasons.length)
      throw new UserError(
        'model-onnx',
        `The network${n ? ` ${n + 1}` : ''} of the ${called(manifest, path)} and its manifest do not fit each other:${reasons.map((reason) => `\n• ${reason}`).join('')}`,
      );
  }
  const first = model.first && (await openModel(model.first, threads, device, open));
  return { folder, manifest, sessions, device: used, ...(first && { first }) };
}

async function modelIds(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => ((await stat(join(parent, name, MANIFEST)).catch(() => undefined)) ? [name] : [])),
  );
  return found.flat();
}

/** How messages call a model: by its id, and not by its folder, which may say whose computer it is. */
function called({ id }: Manifest, file: string): string {
  const words = `model "${id}"`;
  rememberNames(words, [file]);
  return words;
}
