/** The files of a model: only its own folder's, read once, and what was hashed is what ONNX Runtime gets. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, relative, sep } from 'node:path';
import { UserError } from '../base/userError.ts';
import { gigabytes, readWhole } from '../ct/files/regularFile.ts';
import { fileOfModel, MANIFEST } from './fileOfModel.ts';
import { inputChannels } from './fit.ts';
import type { Manifest } from './manifest.ts';
import { NotOnnx, type OnnxParts, onnxParts } from './onnxParts.ts';

export interface ModelFiles {
  readonly onnx: Buffer;
  /** By the `location` that the ONNX file names them with. */
  readonly externalData: readonly { readonly path: string; readonly data: Buffer }[];
}

const FLOAT_BYTES = 4;
/** Values of the smallest type that ONNX has, of 2 bits, in a byte. */
const VALUES_PER_BYTE = 4;

/** Every file that the manifest lists, the ONNX file first. */
export function manifestFiles({
  file,
  sha256,
  externalData = [],
}: Manifest): readonly { file: string; sha256: string }[] {
  return [{ file, sha256 }, ...externalData];
}

/** Throws a UserError where a file is missing, is not the one that the manifest describes, or wants what is not listed. */
export async function readModelFiles(folder: string, manifest: Manifest): Promise<ModelFiles> {
  refuseGiantPatch(folder, manifest);
  const [onnx, ...others] = await readListed(folder, manifest);
  const files = {
    onnx: onnx!,
    externalData: (manifest.externalData ?? []).map(({ file }, n) => ({ path: file, data: others[n]! })),
  };
  refuseOutsiders(fileOfModel(folder, manifest.file), files);
  return files;
}

async function readListed(folder: string, manifest: Manifest): Promise<Buffer[]> {
  const files: Buffer[] = [];
  for (const { file, sha256 } of manifestFiles(manifest)) {
    const path = join(folder, file);
    const called = fileOfModel(folder, file);
    try {
      if (file !== manifest.file) await refuseLeading(folder, file);
      const hash = createHash('sha256');
      files.push(await readWhole(path, called, totalmem(), (part) => hash.update(part)));
      refuseOther(called, hash.digest('hex'), sha256);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
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
async function refuseLeading(folder: string, file: string): Promise<void> {
  const inside = relative(await realpath(folder), await realpath(join(folder, file)));
  if (inside === '..' || inside.startsWith(`..${sep}`))
    throw new UserError(
      'model-files',
      `${fileOfModel(folder, file)} is a link that leads out of the model’s folder. Put the file itself into the folder.`,
    );
}

/** Probabilities of one patch, and the patch itself, have to fit into memory at least. */
function refuseGiantPatch(folder: string, { input, output }: Manifest): void {
  const voxels = input.patch.reduce((product, side) => product * side, 1);
  const bytes = voxels * FLOAT_BYTES * (inputChannels(input) + output.labels.length);
  if (bytes > totalmem())
    throw new UserError(
      'model-too-large',
      `${fileOfModel(folder, MANIFEST)} asks for too much: a patch of ${input.patch.join(' × ')} voxels takes ${gigabytes(bytes)} with its output, and this computer has ${gigabytes(totalmem())}. Write a smaller input.patch.`,
    );
}

/** Whatever the ONNX file wants beside itself has to be listed; ONNX Runtime would look for it in the current folder. */
function refuseOutsiders(called: string, { onnx, externalData }: ModelFiles): void {
  const parts = readOnnxParts(called, onnx);
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
