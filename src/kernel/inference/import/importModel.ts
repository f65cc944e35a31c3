/** `lungnb import-model`: a model folder for a network of another program, whose files stay where they are. */
import { createHash } from 'node:crypto';
import { realpath, rm, rmdir, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { makeFolder } from '../../../files/makeFolder.ts';
import { systemErrorOf } from '../../../files/systemError.ts';
import { writeAtomically } from '../../../files/writeAtomically.ts';
import { UserError } from '../../base/userError.ts';
import { readWhole } from '../../ct/files/regularFile.ts';
import { openSession } from '../device.ts';
import { MANIFEST } from '../fileOfModel.ts';
import { type Manifest, readManifest } from '../manifest.ts';
import { openModel } from '../model.ts';
import { readModelFiles } from '../modelFiles.ts';
import type { ExportNeeded, ForeignModel } from './foreignModel.ts';
import { namedLabels } from './labelNames.ts';
import { readLungmask } from './lungmask.ts';
import { readMonaiBundle } from './monaiBundle.ts';
import { readNnunet } from './nnunet.ts';

export interface ImportRequest {
  /** The other program's folder. */
  readonly folder: string;
  /** Where the model folder is made: a folder of models. */
  readonly into: string;
  /** Left out, made of the folder's name. */
  readonly id?: string | undefined;
  readonly task?: Manifest['task'] | undefined;
  /** Names for labels, by the other program's names. */
  readonly labels: ReadonlyMap<string, string>;
  /** The sides that x, y and z of the training images run towards, where their program does not tell. */
  readonly orientation?: string | undefined;
  /** Leaves out the mirroring that the network was trained for, which takes several times as long. */
  readonly withoutMirroring?: boolean | undefined;
}

export interface Imported {
  readonly kind: 'imported';
  readonly manifest: Manifest;
  readonly what: string;
  /** The model folder. */
  readonly made: string;
  readonly remarks: readonly string[];
}

export type ImportResult = Imported | (ExportNeeded & { readonly kind: 'export' });

const READERS = [readNnunet, readLungmask, readMonaiBundle];

/** Throws a UserError where the folder is of no known program, or its network cannot be run as its files say. */
export async function importModel(request: ImportRequest): Promise<ImportResult> {
  const found = await readForeign(request.folder);
  if ('command' in found) return { kind: 'export', ...found };
  const { task, labels, left } = namedLabels(found.labels, { task: request.task, own: request.labels });
  const id = request.id ?? idOf(request.folder, found.what);
  const made = join(request.into, id);
  if (await stat(join(made, MANIFEST)).catch(() => undefined))
    throw new UserError(
      'model-import',
      `There is a model "${id}" already. Give this one another name with --as, or remove the folder first.`,
    );
  const manifest = await manifestOf(found, { request, id, made, named: { task, labels } });
  const read = await written(made, manifest);
  const remarks = [
    ...found.remarks,
    ...(left.length
      ? [`Not counted: ${left.join(', ')}. Give a label a name of ours with --label "THEIRS=OURS".`]
      : []),
    ...(found.input.orientation === undefined && request.orientation === undefined
      ? [
          'Which way the axes of its training images run is told nowhere: LPS was taken for granted, as in DICOM. Compare one CT with the other program; where its images were NIfTI by dcm2niix, write --orientation LAS.',
        ]
      : []),
  ];
  return { kind: 'imported', manifest: read, what: found.what, made, remarks };
}

/** Writes the manifest, and takes it away again where the network does not fit it: that is told now, and not when a cohort is to be measured. */
async function written(made: string, manifest: ManifestJson): Promise<Manifest> {
  await makeFolder(made);
  const file = join(made, MANIFEST);
  const write = async (own: object) => {
    await writeAtomically(file, `${JSON.stringify(own, null, 2)}\n`);
    return readManifest(file);
  };
  try {
    const read = await write(manifest);
    const named = await write(await withOwnNames(made, manifest, read));
    await openModel({ folder: made, manifest: named }, 1);
    return named;
  } catch (error) {
    await rm(file, { force: true });
    // What else lies in the folder is the user's.
    await rmdir(made).catch(() => undefined);
    throw error;
  }
}

/** With the names that the ONNX file has for its one input and its output: exports by other hands call them anything. */
async function withOwnNames(made: string, manifest: ManifestJson, read: Manifest): Promise<object> {
  const [network] = await readModelFiles(made, read);
  const { session } = await openSession(network!, { threads: 1, device: 'cpu' }, `model "${read.id}"`);
  const [input, ...others] = session.inputNames;
  const output = session.outputNames.includes(read.output.name) ? read.output.name : session.outputNames[0];
  await session.release();
  return {
    ...manifest,
    input: { ...manifest.input, name: others.length ? read.input.name : (input ?? read.input.name) },
    output: { ...manifest.output, name: output ?? read.output.name },
  };
}

async function readForeign(folder: string): Promise<ForeignModel | ExportNeeded> {
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) throw new UserError('model-import', `There is no folder "${basename(folder)}".`);
  for (const read of READERS) {
    const found = await read(folder);
    if (found) return found;
  }
  throw new UserError(
    'model-import',
    `"${basename(folder)}" holds no network that LungNB knows: nnU-Net’s results (plans.json or plans.pkl), lungmask’s weights, or a MONAI bundle (configs/metadata.json). For any other write a manifest: docs/models.md.`,
  );
}

interface Making {
  readonly request: ImportRequest;
  readonly id: string;
  readonly made: string;
  readonly named: { readonly task: Manifest['task']; readonly labels: readonly (string | null)[] };
}

/** As it is written. */
interface ManifestJson {
  readonly [field: string]: unknown;
  readonly input: object;
  readonly output: object;
}

async function manifestOf(found: ForeignModel, { request, id, made, named }: Making): Promise<ManifestJson> {
  const { dimensions, orientation, ...input } = found.input;
  const own = transposed(orientation ?? request.orientation ?? 'LPS', found.transpose);
  const [first, ...others] = await Promise.all(
    found.files.map(async (file) => ({ file, sha256: await sha256Of(request.folder, file) })),
  );
  return {
    lungnbModel: 1,
    id,
    version: '1',
    title: found.what,
    task: named.task,
    weightsIn:
      relative(await realpath(request.folder), resolve(made)) === '' ? undefined : await realpath(request.folder),
    ...first,
    ...(others.length && { ensemble: others }),
    licence: 'as its authors say',
    citation: found.citation,
    trainedOn: 'as its authors say',
    input: {
      ...input,
      dimensions,
      orientation: own,
      patch: dimensions === 2 ? input.patch.slice(0, 2) : input.patch,
      ...(request.withoutMirroring && { mirror: [] }),
    },
    output: { ...found.output, labels: named.labels },
  };
}

/** The orientation after nnU-Net's transposition of the array's axes z, y, x. */
function transposed(orientation: string, transpose: readonly number[]): string {
  const letters = [...orientation].reverse();
  return transpose
    .map((axis) => letters[axis]!)
    .reverse()
    .join('');
}

async function sha256Of(folder: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const path = await realpath(join(folder, file));
    const inside = relative(await realpath(folder), path);
    if (inside.startsWith(`..${sep}`))
      throw new UserError('model-files', `"${file}" is a link that leads out of the folder.`);
    await readWhole(path, `"${file}"`, totalmem(), (part) => hash.update(part));
  } catch (error) {
    if (systemErrorOf(error).code !== 'ENOENT') throw error;
    throw new UserError('model-import', `"${file}" is listed and not there. Export the network again.`);
  }
  return hash.digest('hex');
}

/** Of the data set and the configuration of nnU-Net's folders, or of the folder's own name. */
function idOf(folder: string, what: string): string {
  const name = /of (\S+)$/.exec(what)?.[1] ?? basename(folder);
  const configuration = /, (\S+) of /.exec(what)?.[1];
  const id = [name, configuration]
    .filter(Boolean)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '');
  return id || 'imported';
}
