/**
 * What the drawing in torch (parenchyma.py, synthetic_ct.py) takes from the phantom: the codes and densities of its
 * tissues, the ranges of its parameters by name, and a small chest painted by it, which the drawing in torch must paint alike.
 */
import { CONTRAST_TISSUES, LUNG_VESSEL_SHARE, PHASES, PLAIN_BLOOD_HU } from '../../samples/phantom/contrast.ts';
import { gridAround } from '../../samples/phantom/grid.ts';
import { paintHu } from '../../samples/phantom/paint.ts';
import { createRandom, type Random } from '../../samples/phantom/random.ts';
import { type Anatomy, TISSUE } from '../../samples/phantom/tissues.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { type Draw, recordRandom } from './recordRandom.ts';

/** The parameters of each part of the painting, in the order in which the phantom draws them. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  '': ['ggoEdgeMm', 'fissures', 'fissureHu', 'missing', 'vesselHu'],
  contrast: ['plain', 'phase', ...CONTRAST_TISSUES],
  parenchyma: ['fineMm', 'mediumMm', 'broadMm'],
  'parenchyma/normal': ['frontHu', 'gravity', 'dependent', 'fineHu', 'mediumHu', 'broadHu'],
  'parenchyma/reticulation': [
    ...['netMm', 'septaMm', 'bronchiMm', 'bend', 'lineMm', 'lineHu', 'groundHu', 'gaps', 'lumenMm'],
  ],
  'parenchyma/honeycombing': ['cellMm', 'wallMm', 'wallHu', 'cystHu', 'filled', 'round'],
  'parenchyma/centrilobular': ['form', 'cellMm', 'holeHu', 'radius', 'softMm'],
  'parenchyma/confluent': ['form', 'holesMm', 'holeHu', 'strandMm', 'strand', 'septa', 'septumHu'],
  'parenchyma/consolidation': ['hu', 'spread', 'fineHu', 'bronchiMm', 'bronchi', 'lumenMm'],
  'parenchyma/groundGlass': ['addedHu', 'spread', 'fineSpread', 'paving', 'netMm', 'lineMm', 'lineHu'],
};
/** Draws that fill noise.ts's lattices, or place them: no parameters. */
const LATTICE = [
  [0.1, 0.9],
  [0, 32],
] as const;
/** Enough seeds that every branch of the drawing (form of emphysema, septa, bronchi, fissures) is met. */
const SEEDS = 40;

export interface Drawing {
  readonly textures: readonly string[];
  readonly tissues: Readonly<Record<string, number>>;
  /** HU of the tissues outside the parenchyma, by name; of those that take up contrast agent, without it. */
  readonly tissueHu: Readonly<Record<string, number>>;
  /** HU of the tissues that take up contrast agent in each phase, and what the lung's vessels show of it. */
  readonly contrast: {
    readonly phases: readonly Readonly<Record<string, readonly [number, number]>>[];
    readonly lungVesselShare: number;
    readonly plainBloodHu: number;
  };
  /** [low, high] or [probability], by part and parameter. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly examples: readonly Example[];
}

/** A small chest as arrays of one value a voxel, z, y, x. */
export interface Example {
  readonly seed: string;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly tissues: readonly number[];
  readonly lobes: readonly number[];
  readonly vessels: readonly number[];
  readonly textures: readonly number[];
  /** HU by the phantom, rounded to tenths. */
  readonly hu: readonly number[];
}

export function phantomDrawing(): Drawing {
  return {
    textures: TEXTURE_CLASSES,
    tissues: TISSUE,
    tissueHu: tissueDensities(),
    contrast: { phases: PHASES, lungVesselShare: LUNG_VESSEL_SHARE, plainBloodHu: PLAIN_BLOOD_HU },
    parameters: parameterRanges(),
    // One has confluent emphysema and no contrast agent, the others contrast agent, centrilobular emphysema, and ground glass with fine lines.
    examples: ['alike-0', 'alike-5', 'alike-11'].map(paintExample),
  };
}

/** The phantom's densities, from one voxel of each tissue painted without grain. */
function tissueDensities(): Record<string, number> {
  const still: Random = Object.assign(() => 0.5, {
    between: (low: number, high: number) => (low + high) / 2,
    normal: () => 0,
    chance: () => true,
    fork: () => still,
  });
  const names = Object.entries(TISSUE).filter(([name]) => name !== 'lung' && name !== 'vessel');
  const voxels = Uint8Array.from(names, ([, code]) => code);
  const none = new Uint8Array(names.length);
  const anatomy: Anatomy = {
    ...gridAround([0, 0, 0], [names.length, 1, 1], [1, 1, 1]),
    tissues: voxels,
    lobes: none,
    vesselShare: none,
  };
  const hu = paintHu(anatomy, none, still);
  return Object.fromEntries(names.map(([name], index) => [name, hu[index]!]));
}

/** The longest record of each part over some seeds, by the names above; it throws where the phantom draws other parameters. */
function parameterRanges(): Record<string, Record<string, readonly number[]>> {
  const longest = new Map<string, Draw[]>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const [random, draws] = recordRandom(`ranges-${seed}`, LATTICE);
    paintHu(emptyAnatomy(), new Uint8Array(1), random);
    for (const [part, ofPart] of draws) {
      const name = part === 'parenchyma/emphysema' ? formOfEmphysema(ofPart) : part;
      if (ofPart.length > (longest.get(name)?.length ?? 0)) longest.set(name, ofPart);
    }
  }
  return Object.fromEntries(
    Object.entries(PARAMETERS).map(([part, names]) => {
      const draws = longest.get(part) ?? [];
      if (draws.length !== names.length)
        throw new Error(
          `the phantom draws ${draws.length} parameters for "${part}", where models/training/drawing.ts names ${names.length}: name them there and follow in parenchyma.py`,
        );
      return [part, Object.fromEntries(names.map((name, index) => [name, draws[index]!.slice(1) as number[]]))];
    }),
  );
}

/** After the choice of the form, centrilobular emphysema draws ranges alone, and confluent emphysema a second chance. */
function formOfEmphysema(draws: readonly Draw[]): string {
  return draws.filter(([kind]) => kind === 'chance').length > 1 ? 'parenchyma/confluent' : 'parenchyma/centrilobular';
}

function emptyAnatomy(): Anatomy {
  const one = new Uint8Array(1);
  return { ...gridAround([0, 0, 0], [1, 1, 1], [1, 1, 1]), tissues: one, lobes: one, vesselShare: one };
}

/** Every tissue and texture, two lobes and vessels in little room; the parts are as thick as a few voxels. */
function paintExample(seed: string): Example {
  const size = [22, 16, 6] as const;
  const spacing = [0.8, 0.8, 1] as const;
  const grid = gridAround([-31, 52, 17], size, spacing);
  const random = createRandom(seed);
  const count = size[0] * size[1] * size[2];
  const codes = Object.values(TISSUE).filter((code) => code !== TISSUE.lung);
  const tissues = new Uint8Array(count);
  const lobes = new Uint8Array(count);
  const textures = new Uint8Array(count);
  const vesselShare = new Uint8Array(count);
  for (let voxel = 0; voxel < count; voxel++) {
    const x = voxel % size[0];
    const y = Math.floor(voxel / size[0]) % size[1];
    // Beyond the last row a fissure would be looked for in the next slice.
    const inLung = x >= 2 && y < size[1] - 1;
    tissues[voxel] = inLung ? TISSUE.lung : codes[(y + x) % codes.length]!;
    if (!inLung) continue;
    lobes[voxel] = y < size[1] / 2 ? 1 : 2;
    textures[voxel] = 1 + Math.min(TEXTURE_CLASSES.length - 1, Math.floor((x - 2) / 3));
    if (random.chance(0.1)) vesselShare[voxel] = random.between(0, 256);
    if (random.chance(0.03)) tissues[voxel] = TISSUE.airwayLumen;
    if (random.chance(0.03)) tissues[voxel] = TISSUE.vessel;
  }
  const hu = paintHu({ ...grid, tissues, lobes, vesselShare }, textures, createRandom(seed));
  const origin = [0, 1, 2].map((axis) => grid.affine[4 * axis + 3]!);
  return {
    ...{ seed, size, spacing, origin },
    tissues: [...tissues],
    lobes: [...lobes],
    vessels: [...vesselShare],
    textures: [...textures],
    hu: Array.from(hu, (value) => Math.round(value * 10) / 10),
  };
}
