/** A real CT whose lobes the annotators of the lobe maps drew: its lungs, lobes and fissures. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CENTRAL_AIRWAY } from '../../samples/phantom/tissues.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { quantifySeries } from '../../src/kernel/lungs/quantifySeries.ts';
import { LOBES } from '../../src/protocol/names.ts';
import { readLobeMap } from '../training/lobeMap.ts';
import { readCt } from '../training/volumes.ts';
import { scoreFissures } from './fissures.ts';
import { mean } from './metrics.ts';
import type { Models } from './models.ts';
import { writeOverlays } from './overlay.ts';
import { lobeScores } from './phantoms.ts';
import { lobesRow, percent, type RealCase } from './realCase.ts';
import { LOBE_MAP_OF } from './seen.ts';

const NAME = 'LIDC-IDRI-0050';

/** The CT with a reference, where it and its map are in the data. */
export function hasLobeReference(data: string): boolean {
  return existsSync(ctFile(data)) && existsSync(mapFile(data));
}

function ctFile(data: string): string {
  return join(data, 'ct', `${NAME}.nrrd`);
}

function mapFile(data: string): string {
  return join(data, 'lobes', `${LOBE_MAP_OF[NAME]}.nrrd`);
}

export async function measureLobeReference(data: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(ctFile(data));
  const reference = await readLobeMap(mapFile(data));
  if (reference.size.join() !== volume.size.join())
    throw new Error(
      `${mapFile(data)}: ${reference.size.join(' × ')} voxels, where its CT has ${volume.size.join(' × ')}.`,
    );
  const found = await quantifySeries(volume, models, unattended);
  writeOverlays(join(pictures, NAME), volume, found);
  const truth = { ...reference, labels: reference.labels.map((label) => (label === CENTRAL_AIRWAY ? 0 : label)) };
  const { lungs, lobes } = lobeScores(truth, found.lobes);
  const fissures = scoreFissures(volume, found.lobes).at(-1)!;
  return [
    lobesRow(NAME, 'lungs', lungs, 'Dice', ['≥', 0.988]),
    lobesRow(NAME, 'mean lobe', mean(lobes.map((lobe) => lobe ?? 0)), 'Dice', ['≥', 0.95]),
    ...LOBES.map((name, n) => lobesRow(NAME, name, lobes[n], 'Dice', name === 'RML' ? ['≥', 0.9] : undefined)),
    lobesRow(NAME, 'fissures: peak within 2 mm of the border, of its visible area', percent(fissures.nearShare), '%'),
    lobesRow(NAME, 'fissures: median distance from the border', fissures.medianMm, 'mm'),
  ];
}
