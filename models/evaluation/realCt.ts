/** Real CT whose files only ever evaluated: lungs against contours, lobes against fissures, textures against what is known. */
import { join } from 'node:path';
import { unattended } from '../../src/kernel/base/task.ts';
import { labelledMl, type Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { classifyTextures } from '../../src/kernel/lungs/classifyTextures.ts';
import { crop, type VoxelBox } from '../../src/kernel/lungs/lungBox.ts';
import { onGrid } from '../../src/kernel/lungs/lungVoxels.ts';
import { quantifySeries } from '../../src/kernel/lungs/quantifySeries.ts';
import { segmentLobes } from '../../src/kernel/lungs/segmentLobes.ts';
import { LOBES, sideOf, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { readCt, readLabels } from '../training/volumes.ts';
import { type FissureScore, scoreFissures } from './fissures.ts';
import type { Goal } from './lines.ts';
import { percents } from './metrics.ts';
import type { Models } from './models.ts';
import { writeLobeOverlay, writeOverlays, writeTextureOverlay } from './overlay.ts';
import { healthyRows, lobesRow, lungDice, percent, type RealCase } from './realCase.ts';
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

/** By name: the file in `ct/` that it needs, and how it is measured. */
export const REAL_CASES = {
  [LIDC]: { file: `${LIDC}.zip`, measure: measureLidc },
  [LUNG1]: { file: `${LUNG1}.zip`, measure: measureLung1 },
  'cip-ct-64': { file: 'cip-ct-64.nrrd', measure: measureCip },
  elastix: { file: 'elastix-3DCT_lung.mha', measure: measureElastix },
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
  return [
    lobesRow(LIDC, 'lungs', labelledMl(lobes), 'ml'),
    ...scoreFissures(volume, lobes).flatMap(fissureRows),
    lobesRow(LIDC, 'consolidated right apex counted as lung', percent(inLung.length / apex.length), '%', ['≥', 76]),
    lobesRow(LIDC, 'lung found in the neck alone', await lungMl(neck, models), 'ml', ['≤', 0]),
    ...healthyRows(LIDC, 'of the left lung', left),
    {
      name: LIDC,
      network: 'textures',
      finding: 'of the consolidated apex counted as lung, read as disease',
      value: percent(diseased.length / inLung.length),
      unit: '%',
    },
  ];
}

function fissureRows({ fissure, visibleShare, nearShare, medianMm }: FissureScore): RealCase[] {
  const visible = `${Math.round(visibleShare * 100)} % is visible`;
  const goal = (limits: Goal) => (fissure === 'all' ? limits : undefined);
  return [
    lobesRow(
      LIDC,
      `fissure ${fissure}: peak within 2 mm of the border, of its visible area (${visible})`,
      percent(nearShare),
      '%',
      goal(['≥', 60]),
    ),
    lobesRow(LIDC, `fissure ${fissure}: median distance from the border`, medianMm, 'mm', goal(['≤', 2])),
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
  const lowest = firstSlice - ABDOMEN_MARGIN + 1;
  return [
    lobesRow(LUNG1, 'lungs against contours', lungDice(lungs, lobes.labels), 'Dice', ['≥', 0.95]),
    lobesRow(LUNG1, 'the same outside the tumour', lungDice(lungsWithoutTumour, outsideTumour), 'Dice', ['≥', 0.96]),
    lobesRow(LUNG1, 'fissures (3 mm slices): median distance from the border', fissures.medianMm, 'mm'),
    lobesRow(LUNG1, `lung found in the lowest ${lowest} slices (abdomen) alone`, await lungMl(abdomen, models), 'ml', [
      '≤',
      0,
    ]),
  ];
}

async function measureCip(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(join(folder, 'cip-ct-64.nrrd'));
  const mask = Uint8Array.from((await readLabels(join(folder, 'cip-ct-64.lungs.nrrd'))).values);
  return measureLungs('cip-ct-64', 'lungs against the published mask', volume, mask, models, pictures, ['≥', 0.975]);
}

async function measureElastix(folder: string, models: Models, pictures: string): Promise<RealCase[]> {
  const volume = await readCt(join(folder, 'elastix-3DCT_lung.mha'));
  const mask = Uint8Array.from((await readLabels(join(folder, 'elastix-3DCT_lung.lungs.mha'))).values);
  const finding = "lungs against the mask of the same patient's other image (rough)";
  return measureLungs('elastix', finding, volume, mask, models, pictures);
}

async function measureLungs(
  name: string,
  finding: string,
  volume: Volume,
  mask: Uint8Array,
  models: Models,
  pictures: string,
  goal?: Goal,
): Promise<RealCase[]> {
  const found = await quantifySeries(volume, models, unattended);
  writeOverlays(join(pictures, name), volume, found);
  return [lobesRow(name, finding, lungDice(mask, found.lobes.labels), 'Dice', goal)];
}

async function lungMl(volume: Volume, models: Models): Promise<number> {
  return labelledMl(await segmentLobes(volume, models.lobes, unattended));
}

function indicesIn({ size }: Volume, { low, high }: VoxelBox): number[] {
  const found: number[] = [];
  for (let k = low[2]; k <= high[2]; k++)
    for (let j = low[1]; j <= high[1]; j++)
      for (let i = low[0]; i <= high[0]; i++) found.push((k * size[1] + j) * size[0] + i);
  return found;
}
