/**
 * What running networks takes of memory, as far as their size and their tiles tell. U-Nets of 8, 16 and 32 channels at full
 * size, as nnU-Net plans them, were run by ONNX Runtime on tiles of 96³ and 128³ voxels: their weights took 1.4 times their
 * files, and a voxel of the tile 72 to 79 bytes for each root of a megabyte of weights, since weights grow with the square of
 * the channels, and what a voxel takes with the channels.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from './manifest.ts';
import type { ModelFolder } from './model.ts';
import { manifestFiles, networksOf, weightsFolder } from './modelFiles.ts';

const BYTES_PER_WEIGHT_BYTE = 1.4;
const BYTES_PER_VOXEL_AND_ROOT_MB = 83;

/** Of all that are open at once, one of which runs at a time. A manifest may say what was measured of it. */
export async function networkBytes(models: readonly ModelFolder[]): Promise<number> {
  const all = models.flatMap((model) => [model, ...(model.first ? [model.first] : [])]);
  const costs = await Promise.all(all.map(costOf));
  return costs.reduce((sum, { weights }) => sum + weights, 0) + Math.max(0, ...costs.map(({ running }) => running));
}

interface Cost {
  readonly weights: number;
  readonly running: number;
}

async function costOf({ folder, manifest }: ModelFolder): Promise<Cost> {
  const { memoryMb } = manifest;
  const files = await Promise.all(
    manifestFiles(manifest).map(({ file }) =>
      // A file that is missing is told when it is opened.
      stat(join(weightsFolder(folder, manifest), file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const bytes = files.reduce((sum, size) => sum + size, 0);
  if (memoryMb !== undefined) return { weights: 0, running: memoryMb * 1e6 };
  const ofOne = bytes / networksOf(manifest).length;
  return {
    weights: BYTES_PER_WEIGHT_BYTE * bytes,
    running: tileVoxels(manifest) * BYTES_PER_VOXEL_AND_ROOT_MB * Math.sqrt(ofOne / 1e6),
  };
}

function tileVoxels({ input }: Manifest): number {
  return input.patch.reduce((voxels: number, side) => voxels * side, 1);
}
