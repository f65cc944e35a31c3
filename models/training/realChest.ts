/** Real chests at 3 mm beside what is known of their lungs: NAME.nrrd in HU, NAME.lungs.nrrd with the labels of KNOWN. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { boxOf } from '../../samples/phantom/grid.ts';
import { leftTraining } from './heldOut.ts';
import { readCt, readLabels } from './volumes.ts';

/** "Not known" is the hilum, and whatever is dense beside diseased lung: no loss is taken there. */
export const KNOWN = { noLung: 0, right: 1, left: 2, notKnown: 3 } as const;

const MASK = '.lungs.nrrd';
const SPACING_MM = 3;

/** The masks of a folder whose chests may train. */
export function realChestFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(MASK) && !leftTraining(file, 'lobes'))
    .sort()
    .map((file) => join(folder, file));
}

/** HU and the labels of KNOWN, z, y, x, of a chest by its mask's file. */
export async function readRealChest(
  mask: string,
): Promise<{ size: readonly number[]; hu: Int16Array; lungs: Uint8Array }> {
  const ct = await readCt(mask.replace(MASK, '.nrrd'));
  const known = await readLabels(mask);
  const { spacing } = boxOf(ct);
  if (spacing.some((mm) => Math.abs(mm - SPACING_MM) > 0.01))
    throw new Error(
      `${mask}: voxels of ${spacing.join(' × ')} mm, where training takes ${SPACING_MM} mm. Resample the chest.`,
    );
  if (known.size.join() !== ct.size.join())
    throw new Error(`${mask}: ${known.size.join(' × ')} voxels, where its CT has ${ct.size.join(' × ')}.`);
  if (known.values.some((label) => label < KNOWN.noLung || label > KNOWN.notKnown))
    throw new Error(`${mask}: holds other labels than 0 no lung, 1 right, 2 left and 3 not known.`);
  return { size: ct.size, hu: ct.hu, lungs: Uint8Array.from(known.values) };
}
