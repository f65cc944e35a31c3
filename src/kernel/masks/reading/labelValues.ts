/** Which values the voxels of a volume file have, and whether it can be a mask by them. */
import { counted } from '../../base/counted.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { nameOfSource, type SourceReader } from '../../ct/files/sources.ts';
import type { VolumeFile } from '../../ct/formats/volumeFile.ts';
import { voxelBlocks } from '../../ct/formats/voxelStream.ts';

/** Maps of the whole body have some hundred labels, atlases of the brain a few thousand; images have more. */
const MAX_VALUES = 4096;
const HIGHEST_VALUE = 32767;

/** How often each value but 0 occurs, by layer. Throws a UserError where the voxels are those of an image, or of probabilities. */
export async function labelValues(file: VolumeFile, reader: SourceReader, task: Task): Promise<Map<number, number>[]> {
  const { header, parts, source } = file;
  const { slope, intercept, layers = 1 } = header;
  const name = nameOfSource(source);
  const counts = Array.from({ length: layers }, () => new Map<number, number>());
  const refuse = (what: string) => new UserError('mask-values', `${name} is no mask: ${what}`);
  let at = 0;
  const total = header.size[0] * header.size[1] * header.size[2] * layers;
  const add = (layer: number, value: number, voxels: number) => {
    if (value === 0) return;
    const own = counts[layer]!;
    if (!own.has(value)) {
      checkValue(value, refuse);
      if (own.size === MAX_VALUES)
        throw refuse(`it has more than ${MAX_VALUES} different values, as images have. Load the map of labels.`);
    }
    own.set(value, (own.get(value) ?? 0) + voxels);
  };
  for await (const block of voxelBlocks(total, header.layout, parts, reader)) {
    task.signal.throwIfAborted();
    task.progress(at / total, `reading ${name}`);
    // Neighbours are mostly alike.
    for (let n = 0; n < block.length; ) {
      const begin = n++;
      if (layers === 1) while (n < block.length && block[n] === block[begin]) n++;
      add((at + begin) % layers, block[begin]! * slope + intercept, n - begin);
    }
    at += block.length;
  }
  if (at < total)
    throw new UserError('mask-values', `${name} is cut short: ${counted(total, 'voxel')} expected, ${at} found.`);
  return counts;
}

function checkValue(value: number, refuse: (what: string) => UserError): void {
  if (Number.isNaN(value)) throw refuse('it has voxels that are no number (NaN). Save it with whole numbers.');
  if (!Number.isInteger(value))
    throw refuse(
      value > 0 && value < 1
        ? `it has fractions between 0 and 1, such as ${Number(value.toPrecision(3))}: probabilities. Cut them at a threshold of yours, and save 0 and 1.`
        : `it has fractions, such as ${Number(value.toPrecision(4))}, and labels are whole numbers. Save it as a label map.`,
    );
  if (value < 0) throw refuse(`it has values below 0, such as ${value}, as CTs have. Load the map of labels.`);
  if (value > HIGHEST_VALUE)
    throw refuse(`it has labels up to ${value}, and LungNB reads them up to ${HIGHEST_VALUE}.`);
}
