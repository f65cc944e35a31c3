/** A LUNA16 lobe label map, whose values are in its authors' coding, as lobes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CENTRAL_AIRWAY } from '../../samples/phantom/tissues.ts';
import type { LabelMap } from '../../src/kernel/ct/geometry/volume.ts';
import { readLabels } from './volumes.ts';

/** The maps of a folder, in the order of their names. */
export function lobeMapFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.nrrd'))
    .sort()
    .map((file) => join(folder, file));
}

/** Lobe 1–5 in the order of LOBES, CENTRAL_AIRWAY, or 0, from the map's own values; airways inside a lobe belong to the lobe. */
export function lobeOfValue(value: number): number {
  if (value >= 4 && value <= 8) return value - 3;
  if (value === 512) return CENTRAL_AIRWAY;
  return value >= 516 && value <= 520 ? value - 515 : 0;
}

export async function readLobeMap(file: string): Promise<LabelMap> {
  const { values, ...grid } = await readLabels(file);
  const labels = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) labels[index] = lobeOfValue(values[index]!);
  return { ...grid, labels };
}
