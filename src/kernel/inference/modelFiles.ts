/** The files of a model: only its own folder's, read once, and what was hashed is what ONNX Runtime gets. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { systemErrorOf } from '../../files/systemError.ts';
import { UserError } from '../base/userError.ts';
import { gigabytes, readWhole } from '../ct/files/regularFile.ts';
import { fileOfModel, MANIFEST } from './fileOfModel.ts';
import { inputChannels } from './fit.ts';
import type { Manifest } from './manifest.ts';
import { NotOnnx, type OnnxParts, onnxParts } from './onnxParts.ts';

/** One network of a model: its ONNX file and what lies beside it. */
export interface NetworkFiles {
  readonly onnx: Buffer;
  /** By the `location` that the ONNX file names them with. */
  readonly externalData: readonly { readonly path: string; readonly data: Buffer }[];
}

const FLOAT_BYTES = 4;
/** Values of the smallest type that ONNX has, of 2 bits, in a byte. */
const VALUES_PER_BYTE = 4;

type Listed = Pick<Manifest, 'file' | 'sha256' | 'externalData'>;

/** The networks of a manifest: one, or the members of an ensemble. */
export function networksOf({ file, sha256, externalData, ensemble = [] }: Manifest): readonly Listed[] {
  return [{ file, sha256, externalData }, ...ensemble];
}

/** Every file that the manifest lists, the ONNX file first. */
export function manifestFiles(manifest: Manifest): readonly { file: string; sha256: string }[] {
  return networksOf(manifest).flatMap(({ file, sha256, externalData = [] }) => [{ file, sha256 }, ...externalData]);
}

/** Where a model's files of weights lie: its folder, or another that the manifest names. */
export function weightsFolder(folder: string, { weightsIn }: Manifest): string {
  return weightsIn === undefined ? folder : resolve(folder, weightsIn);
}

/**
 * The files of each network. Throws a UserError where a file is missing, is not the one that the manifest describes, or
 * wants what is not listed.
 */
export async function readModelFiles(folder: string, manifest: Manifest): Promise<readonly NetworkFiles[]> {
  refuseGiantPatch(folder, manifest);
  const networks: NetworkFiles[] = [];
  for (const network of networksOf(manifest)) {
    const [onnx, ...others] = await readListed({ folder, from: weightsFolder(folder, manifest) }, network);
    const files = {
      onnx: onnx!,
      externalData: (network.externalData ?? []).map(({ file }, n) => ({ path: file, data: others[n]! })),
    };
    const called = fileOfModel(folder, network.file);
    const parts = readOnnxParts(called, files.onnx);
    refuseOutsiders(called, files, parts);
    refuseHungry(called, manifest, parts);
    networks.push(files);
  }
  return networks;
}

/** `folder` is the model's, for messages; files lie in `from`. */
async function readListed(
  { folder, from }: { readonly folder: string; readonly from: string },
  network: Listed,
): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for (const { file, sha256 } of [network, ...(network.externalData ?? [])]) {
    const path = join(from, file);
    const called = fileOfModel(folder, file);
    try {
      if (file !== network.file || file.includes('/')) await refuseLeading(from, file, called);
      const hash = createHash('sha256');
      files.push(await readWhole(path, called, totalmem(), (part) => hash.update(part)));
      refuseOther(called, hash.digest('hex'), sha256);
    } catch (error) {
      if (systemErrorOf(error).code !== 'ENOENT') throw error;
      throw new UserError('model-missing', `${called} is not there. Copy the model again, with all its files.`);
    }
  }
  return files;
}

function refuseOther(called: string, is: string, expected: string): void {
  if (is !== expected)
    throw new UserError(
      'model-hash',
      `${called} is not the file that its manifest describes: its SHA-256 is ${is}, and ${expected.slice(0, 12)}… was expected. Fetch the model again, or write a new version and this hash into its manifest if you changed it.`,
    );
}

/** A link within the folder may lead out of it. */
async function refuseLeading(folder: string, file: string, called: string): Promise<void> {
  const inside = relative(await realpath(folder), await realpath(join(folder, file)));
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new UserError(
      'model-files',
      `${called} is a link that leads out of the model’s folder. Put the file itself into the folder.`,
    );
}

/**
 * Probabilities of one patch, and the patch itself, have to fit into memory at least. What a network keeps in between is
 * looked at by `refuseHungry`.
 */
function refuseGiantPatch(folder: string, { input, output }: Manifest): void {
  const voxels = input.patch.reduce((product, side) => product * side, 1);
  const bytes = voxels * FLOAT_BYTES * (inputChannels(input) + output.labels.length);
  if (bytes > totalmem())
    throw new UserError(
      'model-too-large',
      `${fileOfModel(folder, MANIFEST)} asks for too much: a patch of ${input.patch.join(' × ')} voxels takes ${gigabytes(bytes)} with its output, and this computer has ${gigabytes(totalmem())}. Write a smaller input.patch.`,
    );
}

/** A convolution that keeps the patch's resolution, and what normalises it: no network of this kind needs less at a time. */
function refuseHungry(called: string, { input, output }: Manifest, { fewestChannels }: OnnxParts): void {
  const channels = fewestChannels.get(input.dimensions) ?? 0;
  const voxels = input.patch.reduce((product, side) => product * side, 1);
  const bytes = voxels * FLOAT_BYTES * (inputChannels(input) + output.labels.length + 2 * channels);
  if (bytes > totalmem())
    throw new UserError(
      'model-too-large',
      `${called} needs at least ${gigabytes(bytes)} for one patch of ${input.patch.join(' × ')} voxels with ${channels} channels, and this computer has ${gigabytes(totalmem())}. Export it for a smaller patch, or use a coarser one, such as nnU-Net’s 3d_lowres.`,
    );
}

/** Whatever the ONNX file wants beside itself has to be listed; ONNX Runtime would look for it in the current folder. */
function refuseOutsiders(called: string, { onnx, externalData }: NetworkFiles, parts: OnnxParts): void {
  if (parts.isCompiled)
    throw new UserError(
      'model-onnx',
      `${called} is compiled for one device (EPContext). Export the network itself as ONNX.`,
    );
  const bytes = [onnx, ...externalData.map(({ data }) => data)].reduce((sum, { length }) => sum + length, 0);
  if (parts.mostValues > bytes * VALUES_PER_BYTE || parts.mostUnpacked * FLOAT_BYTES > totalmem())
    throw new UserError(
      'model-too-large',
      `${called} claims a tensor of ${Math.max(parts.mostValues, parts.mostUnpacked).toPrecision(3)} values, more than its files hold or this computer can keep (${gigabytes(totalmem())}). It is damaged, or no honest model.`,
    );
  const sizes = new Map(externalData.map(({ path, data }) => [path, data.length]));
  for (const { name, locations, end, isWeight } of parts.external) {
    const tensor = `its tensor "${name}"`;
    const [location = ''] = locations;
    const size = sizes.get(location);
    if (locations.length !== 1 || size === undefined)
      throw new UserError(
        'model-files',
        `${called} cannot be used: ${tensor} lies in another file, "${locations.join('", "')}", which its manifest does not list. Export the network as one file (in PyTorch with external_data=False), or put the file into the model’s folder and list it with its SHA-256 under \`externalData\`.`,
      );
    if (!isWeight)
      throw new UserError(
        'model-files',
        `${called} cannot be used: ${tensor} lies in "${location}", and only weights of the main graph may lie in a file of their own, not constants, branches or functions. Export the network as one file (in PyTorch with external_data=False).`,
      );
    if (!(end <= size))
      throw new UserError(
        'model-files',
        `${called} cannot be used: ${tensor} ends at byte ${end} of "${location}", which has ${size}. Export the network again.`,
      );
  }
  const used = new Set(parts.external.flatMap(({ locations }) => locations));
  const unused = externalData.filter((one) => !used.has(one.path)).map((one) => one.path);
  if (unused.length)
    throw new UserError(
      'model-files',
      `${called} uses no file "${unused.join('", "')}": take it out of \`externalData\`.`,
    );
}

function readOnnxParts(called: string, onnx: Buffer): OnnxParts {
  try {
    return onnxParts(onnx);
  } catch (error) {
    if (error instanceof NotOnnx)
      throw new UserError('model-onnx', `${called} cannot be used: ${error.message}. Export the network as ONNX.`);
    throw error;
  }
}
