/** Finds a model by its id, checks that it is what its manifest says, and opens it with ONNX Runtime. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rememberNames } from '../base/fileNames.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { nearest } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { fileState } from '../ct/files/fileState.ts';
import { MANIFEST } from './fileOfModel.ts';
import { mismatches } from './fit.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { manifestFiles, readModelFiles } from './modelFiles.ts';
import { type InferenceSession, onnxRuntime } from './onnxRuntime.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Model extends ModelFolder {
  readonly session: InferenceSession;
}

/** The folder of model `id`, from the first of `folders` that has it; its manifest checked, its weights not yet read. */
export async function findModel(folders: readonly string[], id: string, task: Manifest['task']): Promise<ModelFolder> {
  for (const parent of folders) {
    const file = join(parent, id, MANIFEST);
    if (!(await stat(file).catch(() => undefined))) continue;
    const manifest = await readManifest(file);
    if (manifest.id !== id)
      throw new UserError(
        'model-manifest',
        `The manifest in the folder "${id}" calls its model "${manifest.id}". Give both the same name.`,
      );
    if (manifest.task !== task)
      throw new UserError(
        'model-task',
        `The model "${id}" finds ${manifest.task}, but one that finds ${task} is needed here.`,
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
  const state = await stateOf(model);
  if (matching.get(model.folder) === state) return;
  await readModelFiles(model.folder, model.manifest);
  matching.set(model.folder, state);
}

async function stateOf({ folder, manifest }: ModelFolder): Promise<string> {
  const states = manifestFiles(manifest).map(async ({ file, sha256 }) => [
    file,
    sha256,
    await fileState(join(folder, file)),
  ]);
  return JSON.stringify([manifest.input.patch, await Promise.all(states)]);
}

/**
 * Reads the weights, compares their SHA-256 with the manifest's, and opens a session on `threads` threads. Throws a
 * UserError where file and manifest do not belong or fit together.
 */
export async function openModel({ folder, manifest }: ModelFolder, threads: number): Promise<Model> {
  const file = join(folder, manifest.file);
  const { onnx, externalData } = await readModelFiles(folder, manifest);
  const session = await onnxRuntime.InferenceSession.create(onnx, {
    externalData,
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  }).catch((error: Error) => {
    throw new UserError(
      'model-onnx',
      `The ${called(manifest, file)} cannot be opened by ONNX Runtime: ${reasonOf(error)}.`,
    );
  });
  const reasons = mismatches(manifest, session);
  if (reasons.length)
    throw new UserError(
      'model-onnx',
      `The network of the ${called(manifest, file)} and its manifest do not fit each other:${reasons.map((reason) => `\n• ${reason}`).join('')}`,
    );
  return { folder, manifest, session };
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
