/** Whole simulated chests that no training saw, measured as `quantify` measures them and held against their exact truth. */
import { chestGrid, lungsOf } from '../../samples/phantom/anatomy.ts';
import { type Chest, drawChest } from '../../samples/phantom/chest.ts';
import type { DiseasePlan } from '../../samples/phantom/disease.ts';
import { boxOf } from '../../samples/phantom/grid.ts';
import type { LungShape } from '../../samples/phantom/lungShape.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom, type Random } from '../../samples/phantom/random.ts';
import type { Scanner } from '../../samples/phantom/scanner.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import type { LabelMap } from '../../src/kernel/ct/geometry/volume.ts';
import type { Quantification, TextureProbabilities } from '../../src/kernel/lungs/quantification.ts';
import { quantifySeries } from '../../src/kernel/lungs/quantifySeries.ts';
import { LOBES, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { confusionMatrix, dice, emptyReliability, percents, RELIABILITY_BINS, type Reliability } from './metrics.ts';
import type { Models } from './models.ts';
import { writeOverlays } from './overlay.ts';

const FIELD_OF_VIEW_MM = 360;
const COLUMNS = 400;
/** Slice spacings in mm of the simulated chests, in turn. */
const SLICE_MM = [3, 5, 2.5, 4, 2];
/** Slices thicker than this are drawn as the mean of two. */
const THICK_MM = 2;

export interface LobeScores {
  readonly lungs: number;
  /** In the order of LOBES; undefined where a lobe is in neither map. */
  readonly lobes: readonly (number | undefined)[];
}

export interface PhantomResult extends LobeScores {
  readonly sliceMm: number;
  /** Percent of the lungs per class in the order of TEXTURE_CLASSES. */
  readonly truth: readonly number[];
  readonly read: readonly number[];
  /** Voxels that are lung in truth and reading: truth by row, reading by column. */
  readonly confusion: readonly (readonly number[])[];
  readonly reliability: Reliability;
}

/** Draws and measures the phantom of an index; writes pictures to `pictures` where given. */
export async function measurePhantom(index: number, models: Models, pictures?: string): Promise<PhantomResult> {
  const seed = `evaluation-${index}`;
  const random = createRandom(`${seed}/plan`);
  const disease = index % 8 === 0 ? {} : drawPlan(random, random.between(0.3, 1), 0.6);
  const sliceMm = SLICE_MM[index % SLICE_MM.length]!;
  const chest = drawScanned(seed, lungsOf(seed), disease, sliceMm, randomScanner(random));
  const quantification = await quantifySeries(chest.volume, models, unattended);
  if (pictures) writeOverlays(pictures, chest.volume, quantification);
  return {
    sliceMm,
    ...lobeScores(chest.lobes, quantification.lobes),
    truth: percents(chest.textures.labels, TEXTURE_CLASSES.length),
    read: percentsOf(quantification),
    confusion: confusionMatrix(chest.textures.labels, quantification.textures.labels, TEXTURE_CLASSES.length),
    reliability: reliabilityOf(quantification.probabilities, chest.textures),
  };
}

export interface RetestResult {
  readonly sliceMm: readonly [number, number];
  /** Reticulation and honeycombing together, percent of the lungs, by either scan. */
  readonly fibrosisPercent: readonly [number, number];
}

/** The same chest on two scanners: other noise, other kernel, other slice thickness (0.6–1.5 mm). */
export async function measureRetest(index: number, models: Models): Promise<RetestResult> {
  const seed = `retest-${index}`;
  const random = createRandom(`${seed}/plan`);
  const disease = drawPlan(random, random.between(0.3, 1), 0.9);
  const lungs = lungsOf(seed);
  const sliceMm = [random.between(0.6, 0.9), random.between(1.1, 1.5)] as const;
  const fibrosis: number[] = [];
  for (const mm of sliceMm) {
    const chest = drawScanned(seed, lungs, disease, mm, randomScanner(random));
    const percent = percentsOf(await quantifySeries(chest.volume, models, unattended));
    fibrosis.push(
      percent[TEXTURE_CLASSES.indexOf('reticulation')]! + percent[TEXTURE_CLASSES.indexOf('honeycombing')]!,
    );
  }
  return { sliceMm, fibrosisPercent: [fibrosis[0]!, fibrosis[1]!] };
}

/** A chest around any lungs on a grid that holds them, through any scanner. */
export function drawScanned(
  seed: string,
  lungs: LungShape,
  disease: DiseasePlan,
  sliceMm: number,
  scanner: Scanner,
): Chest {
  const grid = chestGrid(lungs, FIELD_OF_VIEW_MM, COLUMNS, sliceMm);
  return drawChest({ seed, lungs, grid, disease, scanner, thinSlices: sliceMm > THICK_MM ? 2 : 1 });
}

export function randomScanner(random: Random): Scanner {
  const sharpening = random.chance(0.3) ? 0 : random.between(0.2, 1);
  return {
    convolutionKernel: 'SIM',
    blurMm: random.between(0.42, 0.8),
    sharpening,
    noiseHu: sharpening > 0 ? random.between(15, 50) : random.between(8, 25),
  };
}

export function lobeScores(truth: LabelMap, read: LabelMap): LobeScores {
  return {
    lungs: dice(truth.labels, read.labels, (label) => label > 0) ?? 0,
    lobes: LOBES.map((_, n) => dice(truth.labels, read.labels, (label) => label === n + 1)),
  };
}

function percentsOf({ measurements }: Quantification): number[] {
  return TEXTURE_CLASSES.map(
    (name) => measurements.find((row) => row.region === 'total' && row.class === name)?.percent ?? 0,
  );
}

/** How often the most probable class is right, at the model's own voxels. */
function reliabilityOf({ bytes, ...grid }: TextureProbabilities, truth: LabelMap): Reliability {
  const reliability = emptyReliability();
  const [from, to] = [boxOf(grid), boxOf(truth)];
  const [nx, ny, nz] = grid.size;
  const voxels = nx * ny * nz;
  const nearest = (axis: 0 | 1 | 2) =>
    Array.from({ length: grid.size[axis] }, (_, n) =>
      Math.round((from.origin[axis] + n * from.spacing[axis] - to.origin[axis]) / to.spacing[axis]),
    );
  const [xs, ys, zs] = [nearest(0), nearest(1), nearest(2)];
  for (let k = 0, voxel = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, voxel++) {
        const label = truth.labels[(zs[k]! * truth.size[1] + ys[j]!) * truth.size[0] + xs[i]!];
        if (!label) continue;
        let best = 0;
        let sum = 0;
        for (let c = 0; c < TEXTURE_CLASSES.length; c++) {
          sum += bytes[c * voxels + voxel]!;
          if (bytes[c * voxels + voxel]! > bytes[best * voxels + voxel]!) best = c;
        }
        if (sum === 0) continue;
        const confidence = bytes[best * voxels + voxel]! / sum;
        const bin = Math.min(RELIABILITY_BINS - 1, Math.floor(confidence * RELIABILITY_BINS));
        reliability.count[bin]!++;
        reliability.confidence[bin]! += confidence;
        reliability.correct[bin]! += best + 1 === label ? 1 : 0;
      }
  return reliability;
}
