/** Real chests with what is known of their lungs at 3 mm, and the lungs of some of them at native pixels. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unattended } from '../../src/kernel/base/task.ts';
import { type LabelMap, type Volume, voxelMl } from '../../src/kernel/ct/geometry/volume.ts';
import { forNeighbours } from '../../src/kernel/lungs/components.ts';
import { quantifySeries } from '../../src/kernel/lungs/quantifySeries.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { sourceName } from '../training/heldOut.ts';
import { KNOWN } from '../training/realChest.ts';
import { readCt, readLabels } from '../training/volumes.ts';
import { bodyOf } from './body.ts';
import type { Goal } from './lines.ts';
import { dice, percents } from './metrics.ts';
import type { Models } from './models.ts';
import { writeLobeOverlay, writeOverlays } from './overlay.ts';
import { healthyRows, lobesRow, type RealCase, readingRows } from './realCase.ts';

const MASK = '.lungs.nrrd';
const FINE = '.fine.nrrd';
/** Denser than this is no aerated lung. */
const DENSE_HU = -300;
/** Healthy or nearly so, by eye: what is read there as disease is mostly wrong. */
const HEALTHY: ReadonlySet<string> = new Set([
  'LIDC-IDRI-0001',
  'LIDC-IDRI-0002',
  'LIDC-IDRI-0003',
  'CPTAC-C3N-00249',
  'TCGA-DE-A4MA',
]);

/** Lungs that no training of lung-lobes may see, and all of which is known but for the hila. */
const JUDGED: ReadonlySet<string> = new Set(['LIDC-IDRI-0003', 'CPTAC-C3N-00249', 'TCGA-DE-A4MA']);

/** Files of a folder of chests, each measured by `measureChest`: masks at 3 mm, and lungs at native pixels. */
export function chestFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).sort();
  return files.filter((file) => file.endsWith(MASK) || file.endsWith(FINE)).map((file) => join(folder, file));
}

export function measureChest(file: string, models: Models, pictures: string): Promise<RealCase[]> {
  return file.endsWith(FINE) ? measureTextures(file, models, pictures) : measureChestLungs(file, models, pictures);
}

/** Lungs and nothing else, but for a healthy chest of which there are no native pixels. */
async function measureChestLungs(file: string, models: Models, pictures: string): Promise<RealCase[]> {
  const name = sourceName(file);
  const volume = await readCt(file.replace(MASK, '.nrrd'));
  const known = Uint8Array.from((await readLabels(file)).values);
  const coarseOnly = HEALTHY.has(name) && !existsSync(file.replace(MASK, FINE));
  const found = coarseOnly ? await quantifySeries(volume, models, unattended) : undefined;
  const lobes = found?.lobes ?? (await segmentLobes(volume, models.lobes, unattended));
  if (found) writeOverlays(join(pictures, name), volume, found);
  else writeLobeOverlay(join(pictures, name), volume, lobes.labels);
  return [
    ...lungRows(name, volume, lobes, known),
    // The network wants 0.8 mm: goals are for native pixels.
    ...(found ? readingRows(name, 'of lungs in pixels of 3 mm', classPercents(found.textures.labels)) : []),
  ];
}

function lungRows(name: string, volume: Volume, lobes: LabelMap, known: Uint8Array): RealCase[] {
  const { dense, apart, outside, lungs } = compareLungs(volume, lobes.labels, known);
  const goal = (limits: Goal) => (JUDGED.has(name) ? limits : undefined);
  return [
    lobesRow(name, 'lungs on known voxels', lungs, 'Dice', goal(['≥', 0.985])),
    lobesRow(name, 'dense false lung', dense, 'ml', goal(['≤', 10])),
    lobesRow(name, 'of it, not beside known lung or what is not known', apart, 'ml'),
    lobesRow(name, 'lung outside the body', outside, 'ml', goal(['≤', 0])),
  ];
}

export interface LungComparison {
  /** Dice on the voxels that are known. */
  readonly lungs: number | undefined;
  /** Called lung, known to be none, and denser than aerated lung, ml. */
  readonly dense: number;
  /** Of these, what shares no face with lung or with what is not known: no partial volume of the lungs' outermost layer, ml. */
  readonly apart: number;
  /** Called lung outside the body, ml. */
  readonly outside: number;
}

/** `known` has the labels of KNOWN, on the CT's grid of about 3 mm. */
export function compareLungs(volume: Volume, labels: Uint8Array, known: Uint8Array): LungComparison {
  const body = bodyOf(volume.hu, volume.size, known);
  let [dense, apart, outside] = [0, 0, 0];
  for (let v = 0; v < labels.length; v++) {
    if (!labels[v]) continue;
    if (!body[v]) outside++;
    if (known[v] !== KNOWN.noLung || volume.hu[v]! <= DENSE_HU) continue;
    dense++;
    if (!isBeside(v)) apart++;
  }
  const ml = voxelMl(volume);
  const where = known.map((label) => (label === KNOWN.notKnown ? 0 : 1));
  const lungs = dice(
    known.map((label, v) => (where[v] ? label : 0)),
    labels.map((label, v) => (where[v] ? label : 0)),
    (label) => label > 0,
  );
  return { lungs, dense: dense * ml, apart: apart * ml, outside: outside * ml };

  function isBeside(voxel: number): boolean {
    let beside = false;
    forNeighbours(voxel, volume.size, (near) => {
      if (known[near] !== KNOWN.noLung) beside = true;
    });
    return beside;
  }
}

/** As `quantify` reads the crop around the lungs. */
async function measureTextures(file: string, models: Models, pictures: string): Promise<RealCase[]> {
  const name = sourceName(file);
  const volume = await readCt(file);
  const found = await quantifySeries(volume, models, unattended);
  writeOverlays(join(pictures, `${name}-fine`), volume, found);
  const read = classPercents(found.textures.labels);
  return HEALTHY.has(name) ? healthyRows(name, 'of the lungs', read) : readingRows(name, 'of the lungs', read);
}

function classPercents(textures: Uint8Array): number[] {
  return percents(textures, TEXTURE_CLASSES.length);
}
