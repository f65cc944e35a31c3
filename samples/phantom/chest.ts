/** One whole phantom: a chest with its textures, scanned, and the exact truth of every voxel. */
import type { Grid, LabelMap, Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';
import { clearCentralAirways, drawAnatomy } from './anatomy.ts';
import { type DiseasePlan, placeDisease } from './disease.ts';
import { boxOf } from './grid.ts';
import type { LungShape } from './lungShape.ts';
import { paintHu } from './paint.ts';
import { createRandom } from './random.ts';
import { averageSlices, type Scanner, scan } from './scanner.ts';

export interface ChestOptions {
  readonly seed: number | string;
  /** The lungs to draw the chest around; the seed's own where none are given. */
  readonly lungs?: LungShape;
  readonly grid: Grid;
  readonly disease: DiseasePlan;
  readonly scanner: Scanner;
  /** How many thin slices are averaged into each; the labels are those of the middle one. */
  readonly thinSlices: number;
}

export interface Chest {
  readonly volume: Volume;
  /** 1–5 in the order of LOBES; airways and everything outside are 0. */
  readonly lobes: LabelMap;
  /** 1–6 in the order of TEXTURE_CLASSES. */
  readonly textures: LabelMap;
}

export function drawChest(options: ChestOptions): Chest {
  const { grid, thinSlices } = options;
  const perfect = drawPerfectChest(options, thinSlices);
  const random = createRandom(options.seed).fork('scanner');
  return { volume: scan(grid, perfect.hu, options.scanner, random), lobes: perfect.lobes, textures: perfect.textures };
}

/** The chest before the scanner. */
export function drawPerfectChest(
  { seed, lungs, grid, disease }: Pick<ChestOptions, 'seed' | 'lungs' | 'grid' | 'disease'>,
  thinSlices: number,
): { hu: Float32Array; lobes: LabelMap; textures: LabelMap } {
  const random = createRandom(seed);
  const { spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = grid.size;
  const thinSpacing = spacing[2] / thinSlices;
  const thin: Grid = {
    size: [nx, ny, nz * thinSlices],
    affine: axisAlignedAffine(
      [spacing[0], spacing[1], thinSpacing],
      [origin[0], origin[1], origin[2] - ((thinSlices - 1) / 2) * thinSpacing],
    ),
  };
  const anatomy = drawAnatomy({ seed, ...(lungs && { lungs }) }, thin);
  clearCentralAirways(anatomy);
  const textures = placeDisease(thin, anatomy.lobes, disease, random.fork('disease'));
  const hu = averageSlices(paintHu(anatomy, textures, random.fork('paint')), nx, ny, thinSlices);
  const middle = Math.floor(thinSlices / 2);
  const pick = (labels: Uint8Array): LabelMap => {
    const picked = new Uint8Array(nx * ny * nz);
    for (let k = 0; k < nz; k++) {
      const from = (k * thinSlices + middle) * nx * ny;
      picked.set(labels.subarray(from, from + nx * ny), k * nx * ny);
    }
    return { ...grid, labels: picked };
  };
  return { hu, lobes: pick(anatomy.lobes), textures: pick(textures) };
}
