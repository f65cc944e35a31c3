/** The exact truth of a simulated chest: volume and percent per region and class, counted on its label maps. */
import { voxelMl } from '../../src/kernel/ct/geometry/volume.ts';
import {
  LOBAR_REGIONS,
  LOBES,
  type LobarRegion,
  TEXTURE_CLASSES,
  type TextureClass,
} from '../../src/protocol/names.ts';
import type { Chest } from './chest.ts';

export interface TruthRow {
  readonly patient: string;
  readonly region: LobarRegion;
  readonly class: TextureClass;
  readonly volumeMl: number;
  readonly percent: number;
}

export function measureTruth(patient: string, chest: Pick<Chest, 'lobes' | 'textures'>): TruthRow[] {
  const counts = LOBES.map(() => TEXTURE_CLASSES.map(() => 0));
  for (const [index, lobe] of chest.lobes.labels.entries()) {
    const texture = chest.textures.labels[index]!;
    if (lobe && texture) counts[lobe - 1]![texture - 1]!++;
  }
  const ml = voxelMl(chest.lobes);
  return LOBAR_REGIONS.flatMap((region) => {
    const lobes = region === 'total' ? counts : [counts[LOBES.indexOf(region)]!];
    const perClass = TEXTURE_CLASSES.map((_, c) => lobes.reduce((sum, lobe) => sum + lobe[c]!, 0));
    const all = perClass.reduce((a, b) => a + b);
    return TEXTURE_CLASSES.map((name, c) => ({
      patient,
      region,
      class: name,
      volumeMl: round(perClass[c]! * ml),
      percent: round((perClass[c]! / all) * 100),
    }));
  });
}

export function truthCsv(rows: readonly TruthRow[]): string {
  const lines = rows.map((row) => [row.patient, row.region, row.class, row.volumeMl, row.percent].join(','));
  return `patient,region,class,volume_ml,percent\n${lines.join('\n')}\n`;
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
