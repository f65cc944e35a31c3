/** Chests drawn around real lobe maps that no training saw: how well lobes of real shape are found. */
import { basename } from 'node:path';
import { deformLungs, mappedLungs } from '../../samples/phantom/mappedLungs.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { isHeldOutMap } from '../training/heldOut.ts';
import { lobeMapFiles, readLobeMap } from '../training/lobeMap.ts';
import type { Models } from './models.ts';
import { writeLobeOverlay } from './overlay.ts';
import { drawScanned, type LobeScores, lobeScores, randomScanner } from './phantoms.ts';

const SLICE_MM = 2.5;

export interface LobeMapResult extends LobeScores {
  readonly map: string;
  /** The map as it is, or bent; without and with disease. */
  readonly deformed: boolean;
}

export function heldOutMaps(folder: string): string[] {
  return lobeMapFiles(folder).filter(isHeldOutMap);
}

/** The last digits of a map's name, by which it is told from the others. */
export function mapName(file: string): string {
  return basename(file, '.nrrd').slice(-6);
}

export async function measureLobeMap(
  file: string,
  deformed: boolean,
  models: Models,
  pictures?: string,
): Promise<LobeMapResult> {
  const map = mapName(file);
  const seed = `map-${map}-${deformed}`;
  const random = createRandom(seed);
  const shape = mappedLungs(await readLobeMap(file));
  const lungs = deformed ? deformLungs(shape, random) : shape;
  const disease = deformed ? drawPlan(random, random.between(0.3, 1), 0.6) : {};
  const chest = drawScanned(seed, lungs, disease, SLICE_MM, randomScanner(random));
  const lobes = await segmentLobes(chest.volume, models.lobes, unattended);
  if (pictures) writeLobeOverlay(pictures, chest.volume, lobes.labels);
  return { map, deformed, ...lobeScores(chest.lobes, lobes) };
}
