/** Finds a model by its id, checks that it is what its manifest says, and opens it with ONNX Runtime. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { rememberNames } from '../base/fileNames.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { nearest } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { fileState } from '../ct/files/fileState.ts';
import { misfits } from './fit.ts';
import { type Manifest, readManifest } from './manifest.ts';

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
    const file = join(parent, id, 'manifest.json');
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

/** Files of weights that were found to be what their manifests say, each as it was then. */
const matching = new Map<string, string>();

/**
 * Throws a UserError where the file of weights is not the one that the manifest describes, so that no kept result stands
 * for a network that was exchanged. A file that has not changed since is not read again.
 */
export async function checkWeights(model: ModelFolder): Promise<void> {
  const file = join(model.folder, model.manifest.file);
  const state = `${model.manifest.sha256} ${await fileState(file)}`;
  if (matching.get(file) === state) return;
  await readWeights(model);
  matching.set(file, state);
}

async function readWeights({ folder, manifest }: ModelFolder): Promise<Buffer> {
  const file = join(folder, manifest.file);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UserError(
      'model-missing',
      `The weights of the ${called(manifest, file)}, which its manifest names, cannot be read: ${reasonOf(error)}.`,
    );
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.sha256)
    throw new UserError(
      'model-hash',
      `The file of weights of the ${called(manifest, file)} is not the one that its manifest describes: its SHA-256 is ${sha256}, and ${manifest.sha256.slice(0, 12)}… was expected. Fetch the model again, or write a new version and this hash into its manifest if you changed it.`,
    );
  return bytes;
}

/**
 * Reads the weights, compares their SHA-256 with the manifest's, and opens a session on `threads` threads. Throws a
 * UserError where file and manifest do not belong or fit together.
 */
export async function openModel({ folder, manifest }: ModelFolder, threads: number): Promise<Model> {
  const file = join(folder, manifest.file);
  const bytes = await readWeights({ folder, manifest });
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  }).catch((error: Error) => {
    const hint = /external data/i.test(error.message)
      ? ' Its weights are in a second file: export the network as one (in PyTorch with external_data=False).'
      : '';
    throw new UserError(
      'model-onnx',
      `The ${called(manifest, file)} cannot be opened by ONNX Runtime: ${reasonOf(error)}.${hint}`,
    );
  });
  const reasons = misfits(manifest, session);
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
    names.map(async (name) => ((await stat(join(parent, name, 'manifest.json')).catch(() => undefined)) ? [name] : [])),
  );
  return found.flat();
}

/** How messages call a model: by its id, and not by its folder, which may say whose computer it is. */
function called({ id }: Manifest, file: string): string {
  const words = `model "${id}"`;
  rememberNames(words, [file]);
  return words;
}
