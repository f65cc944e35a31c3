/** Real CT, which no training ever saw: lungs against contours, lobes against fissures, textures against what is known. */
import { join } from 'node:path';
import { unattended } from '../../src/kernel/base/task.ts';
import { labelledMl, type Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { classifyTextures } from '../../src/kernel/lungs/classifyTextures.ts';
import { crop, type VoxelBox } from '../../src/kernel/lungs/lungBox.ts';
import { onGrid } from '../../src/kernel/lungs/lungVoxels.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { LOBES, sideOf, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { readCt, readLabels } from '../training/volumes.ts';
import { scoreFissures } from './fissures.ts';
import { dice, percents } from './metrics.ts';
import type { Models } from './models.ts';
import { writeLobeOverlay, writeTextureOverlay } from './overlay.ts';
import { readContours } from './references.ts';

const LIDC = 'LIDC-IDRI-0314';
const LUNG1 = 'LUNG1-001';
const ABNORMAL_FROM = 2;
/** Left lobes come after the right ones in LOBES. */
const IS_LEFT = [false, ...LOBES.map((lobe) => sideOf(lobe) === 'left')];
/** Denser than this is no aerated lung. */
const DENSE_HU = -300;
/** A box of voxels wholly within the consolidated right apex of LIDC-IDRI-0314, found by eye. */
const APEX: VoxelBox = { low: [145, 262, 202], high: [195, 310, 222] };
/** The first slice of LIDC-IDRI-0314 above both lungs: the neck begins, found by eye. */
const NECK_FROM = 256;
/** Slices between the lowest lung contour of LUNG1-001 and the abdomen that is tried without the chest. */
const ABDOMEN_MARGIN = 3;

export interface RealCase {
  readonly name: string;
  readonly finding: string;
  readonly value: number | undefined;
  readonly unit: 'Dice' | 'ml' | '%' | 'mm';
  /** What was to be reached: at least (≥) or at most (≤) this value. */
  readonly goal?: readonly ['≥' | '≤', number];
}

export const REAL_CASES = {
  [LIDC]: measureLidc,
  [LUNG1]: measureLung1,
  'cip-ct-64': measureCip,
  elastix: measureElastix,
};
export type RealCaseName = keyof typeof REAL_CASES;

async function measureLidc(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(join(folder, `${LIDC}.zip`));
  const lobes = await segmentLobes(volume, models.lobes, unattended);
  const { voxels } = await classifyTextures(volume, lobes, models.textures, unattended);
  const textures = onGrid(voxels, voxels.best);
  writeLobeOverlay(join(pictures, LIDC), volume, lobes.labels);
  writeTextureOverlay(join(pictures, LIDC), volume, textures);
  const left = percents(textures, TEXTURE_CLASSES.length, (v) => IS_LEFT[lobes.labels[v]!]!);
  const apex = indicesIn(volume, APEX).filter((v) => volume.hu[v]! > DENSE_HU);
  const inLung = apex.filter((v) => lobes.labels[v]);
  const diseased = inLung.filter((v) => textures[v]! >= ABNORMAL_FROM);
  const neck = crop(volume, {
    low: [0, 0, NECK_FROM],
    high: [volume.size[0] - 1, volume.size[1] - 1, volume.size[2] - 1],
  });
  const fissures = scoreFissures(volume, lobes).map((score): RealCase[] => [
    {
      name: LIDC,
      finding: `fissure ${score.fissure}: peak within 2 mm of the border, of its visible area (${Math.round(score.visibleShare * 100)} % is visible)`,
      value: percent(score.nearShare),
      unit: '%',
      ...(score.fissure === 'all' && { goal: ['≥', 60] as const }),
    },
    {
      name: LIDC,
      finding: `fissure ${score.fissure}: median distance from the border`,
      value: score.medianMm,
      unit: 'mm',
      ...(score.fissure === 'all' && { goal: ['≤', 2] as const }),
    },
  ]);
  return [
    { name: LIDC, finding: 'lungs', value: labelledMl(lobes), unit: 'ml' },
    ...fissures.flat(),
    { name: LIDC, finding: 'healthy left lung read as normal', value: left[0], unit: '%', goal: ['≥', 95] },
    { name: LIDC, finding: 'healthy left lung read as honeycombing', value: left[4], unit: '%', goal: ['≤', 0.2] },
    {
      name: LIDC,
      finding: 'consolidated right apex counted as lung',
      value: percent(inLung.length / apex.length),
      unit: '%',
    },
    { name: LIDC, finding: 'of that, read as disease', value: percent(diseased.length / inLung.length), unit: '%' },
    {
      name: LIDC,
      finding: 'lung found in the neck alone',
      value: await lungMl(neck, models),
      unit: 'ml',
      goal: ['≤', 0],
    },
  ];
}

async function measureLung1(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const zip = join(folder, `${LUNG1}.zip`);
  const volume = await readCt(zip);
  const structures = 'mask_rtstruct/1-1.dcm';
  const lungs = await readContours(zip, structures, /^lung-/i, volume);
  const tumour = await readContours(zip, structures, /^gtv-1/i, volume);
  const lobes = await segmentLobes(volume, models.lobes, unattended);
  writeLobeOverlay(join(pictures, LUNG1), volume, lobes.labels);
  const { voxels } = await classifyTextures(volume, lobes, models.textures, unattended);
  const textures = onGrid(voxels, voxels.best);
  writeTextureOverlay(join(pictures, LUNG1), volume, textures);
  const outsideTumour = lobes.labels.map((label, v) => (tumour[v] ? 0 : label));
  const lungsWithoutTumour = lungs.map((label, v) => (tumour[v] ? 0 : label));
  const fissures = scoreFissures(volume, lobes).at(-1)!;
  const firstSlice = Math.floor(lungs.findIndex((label) => label > 0) / (volume.size[0] * volume.size[1]));
  const abdomen = crop(volume, {
    low: [0, 0, 0],
    high: [volume.size[0] - 1, volume.size[1] - 1, firstSlice - ABDOMEN_MARGIN],
  });
  return [
    {
      name: LUNG1,
      finding: 'lungs against contours',
      value: lungDice(lungs, lobes.labels),
      unit: 'Dice',
      goal: ['≥', 0.95],
    },
    {
      name: LUNG1,
      finding: 'the same outside the tumour',
      value: lungDice(lungsWithoutTumour, outsideTumour),
      unit: 'Dice',
      goal: ['≥', 0.95],
    },
    {
      name: LUNG1,
      finding: 'fissures (3 mm slices): median distance from the border',
      value: fissures.medianMm,
      unit: 'mm',
    },
    {
      name: LUNG1,
      finding: `lung found in the lowest ${firstSlice - ABDOMEN_MARGIN + 1} slices (abdomen) alone`,
      value: await lungMl(abdomen, models),
      unit: 'ml',
      goal: ['≤', 0],
    },
  ];
}

async function measureCip(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(join(folder, 'cip-ct-64.nrrd'));
  const mask = Uint8Array.from((await readLabels(join(folder, 'cip-ct-64.lungs.nrrd'))).values);
  return measureLungs('cip-ct-64', volume, mask, 'lungs against the published mask', models, pictures, 0.95);
}

async function measureElastix(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(join(folder, 'elastix-3DCT_lung.mha'));
  const mask = Uint8Array.from((await readLabels(join(folder, 'elastix-3DCT_lung.lungs.mha'))).values);
  const finding = "lungs against the mask of the same patient's other image (rough)";
  return measureLungs('elastix', volume, mask, finding, models, pictures);
}

async function measureLungs(
  name: string,
  volume: Volume,
  mask: Uint8Array,
  finding: string,
  models: Models,
  pictures: string,
  goal?: number,
): Promise<RealCase[]> {
  const lobes = await segmentLobes(volume, models.lobes, unattended);
  writeLobeOverlay(join(pictures, name), volume, lobes.labels);
  const value = lungDice(mask, lobes.labels);
  return [{ name, finding, value, unit: 'Dice', ...(goal !== undefined && { goal: ['≥', goal] as const }) }];
}

function lungDice(reference: Uint8Array, labels: Uint8Array): number | undefined {
  return dice(reference, labels, (label) => label > 0);
}

async function lungMl(volume: Volume, models: Models): Promise<number> {
  return labelledMl(await segmentLobes(volume, models.lobes, unattended));
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}

function indicesIn({ size }: Volume, { low, high }: VoxelBox): number[] {
  const found: number[] = [];
  for (let k = low[2]; k <= high[2]; k++)
    for (let j = low[1]; j <= high[1]; j++)
      for (let i = low[0]; i <= high[0]; i++) found.push((k * size[1] + j) * size[0] + i);
  return found;
}
