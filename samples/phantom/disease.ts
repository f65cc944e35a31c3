/**
 * Puts the six textures into the lobes of a chest, each where it is usually found (Fleischner Society glossary,
 * Hansell et al. 2008; Bankier et al. 2024), in exactly the wanted amounts.
 */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { LOBES, type Lobe, TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { depthInside } from './distance.ts';
import { boxOf, gridAround } from './grid.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';

/** Wanted share of each lobe's volume (0–1) per class; what is left is normal. */
export type DiseasePlan = Readonly<
  Partial<Record<Lobe, Readonly<Partial<Record<Exclude<TextureClass, 'normal'>, number>>>>>
>;

/** The order in which classes take their place: the more bound to the pleura or solid a class is, the earlier. */
const PLACING_ORDER = ['consolidation', 'honeycombing', 'reticulation', 'emphysema', 'ggo'] as const;
const COARSE_MM = 3;
/** Share of the patients whose consolidation has a rim of ground glass. */
const HALO = 0.3;

/** Texture labels (0 outside, 1–6 in the order of TEXTURE_CLASSES) for all voxels of the lobes. */
export function placeDisease(grid: Grid, lobes: Uint8Array, plan: DiseasePlan, random: Random): Uint8Array {
  const coarse = coarseLungs(grid, lobes);
  const textures = new Uint8Array(lobes.length);
  for (let index = 0; index < lobes.length; index++) if (lobes[index]! >= 1 && lobes[index]! <= 5) textures[index] = 1;
  const halo = random.fork('halo').chance(HALO);
  let around: Float32Array | undefined;
  for (const name of PLACING_ORDER) {
    const wanted = LOBES.map((lobe) => plan[lobe]?.[name] ?? 0);
    if (wanted.every((share) => share === 0)) continue;
    let field = affinityOf(name, coarse, random.fork(name));
    if (name === 'consolidation') around = field;
    // What attracts consolidation next most lies around it.
    if (name === 'ggo' && halo && around) field = around;
    assign(grid, lobes, textures, TEXTURE_CLASSES.indexOf(name) + 1, wanted, coarse, field);
  }
  return textures;
}

interface CoarseLungs {
  readonly grid: Grid;
  readonly lobes: Uint8Array;
  /** mm from the pleura. */
  readonly depth: Float32Array;
  readonly lowZ: number;
  readonly highZ: number;
  readonly halfDepthMm: number;
}

function coarseLungs(grid: Grid, lobes: Uint8Array): CoarseLungs {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const coarseSize = size.map((n, a) => Math.max(2, Math.ceil((n * spacing[a]!) / COARSE_MM))) as [
    number,
    number,
    number,
  ];
  const centre = size.map((n, a) => origin[a]! + ((n - 1) * spacing[a]!) / 2) as [number, number, number];
  const coarse = gridAround(centre, coarseSize, [COARSE_MM, COARSE_MM, COARSE_MM]);
  const from = boxOf(coarse);
  const values = new Uint8Array(coarseSize[0] * coarseSize[1] * coarseSize[2]);
  let lowZ = Infinity;
  let highZ = -Infinity;
  const nearest = (axis: 0 | 1 | 2, index: number) =>
    Math.min(
      size[axis] - 1,
      Math.max(0, Math.round((from.origin[axis] + index * COARSE_MM - origin[axis]) / spacing[axis])),
    );
  for (let k = 0, index = 0; k < coarseSize[2]; k++)
    for (let j = 0; j < coarseSize[1]; j++)
      for (let i = 0; i < coarseSize[0]; i++, index++) {
        const lobe = lobes[(nearest(2, k) * size[1] + nearest(1, j)) * size[0] + nearest(0, i)]!;
        if (lobe < 1 || lobe > 5) continue;
        values[index] = lobe;
        lowZ = Math.min(lowZ, from.origin[2] + k * COARSE_MM);
        highZ = Math.max(highZ, from.origin[2] + k * COARSE_MM);
      }
  return { grid: coarse, lobes: values, depth: depthInside(coarse, values), lowZ, highZ, halfDepthMm: 90 };
}

/** True where one of the coarse voxel's neighbours lies in the lungs. */
function touchesLung(lungs: CoarseLungs, i: number, j: number, k: number): boolean {
  const [nx, ny, nz] = lungs.grid.size;
  for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k + 1); z++)
    for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j + 1); y++)
      for (let x = Math.max(0, i - 1); x <= Math.min(nx - 1, i + 1); x++)
        if (lungs.lobes[(z * ny + y) * nx + x]) return true;
  return false;
}

/** How much each coarse voxel attracts a class; only the order of the values matters. One voxel beyond the lungs too, so that interpolation at the pleura holds. */
function affinityOf(name: (typeof PLACING_ORDER)[number], lungs: CoarseLungs, random: Random): Float32Array {
  const { sizeVoxels: size, origin } = boxOf(lungs.grid);
  const fine = smoothNoise(random, random.between(7, 12));
  const broad = smoothNoise(random, random.between(22, 45));
  const upperLobe = random.chance(0.7);
  const paraseptal = random.chance(0.35);
  const peripheral = random.between(0.15, 0.7);
  const field = new Float32Array(lungs.lobes.length);
  for (let k = 0, index = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, index++) {
        const x = origin[0] + i * COARSE_MM;
        const y = origin[1] + j * COARSE_MM;
        const z = origin[2] + k * COARSE_MM;
        const height = (z - lungs.lowZ) / Math.max(1, lungs.highZ - lungs.lowZ);
        const back = y / lungs.halfDepthMm;
        const rim = Math.exp(-(lungs.depth[index]! - COARSE_MM) / 14);
        const basal = 1 - height;
        if (lungs.depth[index] === 0 && !touchesLung(lungs, i, j, k)) continue;
        const noise = fine(x, y, z);
        const patch = broad(x, y, z);
        switch (name) {
          case 'honeycombing':
            field[index] =
              1.8 * Math.exp(-(lungs.depth[index]! - COARSE_MM) / 9) +
              1.1 * basal +
              0.6 * back +
              0.8 * patch +
              0.1 * noise;
            break;
          case 'reticulation':
            field[index] = 1.3 * rim + basal + 0.4 * back + 0.8 * patch + 0.12 * noise;
            break;
          case 'ggo':
            field[index] = peripheral * 2 * rim + 0.7 * basal + 0.3 * back + 0.8 * patch + 0.3 * noise;
            break;
          case 'consolidation':
            field[index] = 0.7 * rim + 0.5 * basal + 0.4 * back + 1.1 * patch + 0.25 * noise;
            break;
          case 'emphysema':
            field[index] = (upperLobe ? 1 : 0.2) * height + (paraseptal ? 1.3 * rim : 0) + 0.9 * patch + 0.2 * noise;
            break;
        }
      }
  return field;
}

/** Gives `label` to the still normal voxels of each lobe with the highest affinity, as many as wanted. */
function assign(
  grid: Grid,
  lobes: Uint8Array,
  textures: Uint8Array,
  label: number,
  wanted: readonly number[],
  coarse: CoarseLungs,
  field: Float32Array,
): void {
  const sample = trilinearSampler(grid, coarse, field);
  const totals = wanted.map(() => 0);
  const [nx, ny, nz] = grid.size;
  const ranks = new Uint16Array(lobes.length);
  const counts = wanted.map(() => new Uint32Array(RANKS));
  const [low, high] = rangeOf(field);
  const scale = (RANKS - 1) / Math.max(1e-9, high - low);
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) {
        const lobe = lobes[index]!;
        if (lobe < 1 || lobe > 5) continue;
        totals[lobe - 1]!++;
        if (wanted[lobe - 1] === 0 || textures[index] !== 1) continue;
        const rank = Math.round((sample(i, j, k) - low) * scale);
        ranks[index] = rank;
        counts[lobe - 1]![rank]!++;
      }
  const least = wanted.map((share, lobe) => leastRank(counts[lobe]!, Math.round(share * totals[lobe]!)));
  for (let index = 0; index < lobes.length; index++) {
    const lobe = lobes[index]!;
    if (lobe < 1 || lobe > 5 || textures[index] !== 1) continue;
    if (ranks[index]! >= least[lobe - 1]!) textures[index] = label;
  }
}

/** The affinities are compared by this many ranks. */
const RANKS = 1 << 16;

function rangeOf(field: Float32Array): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of field) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** The rank from which on upwards about `count` voxels lie; above all ranks for none. */
function leastRank(counts: Uint32Array, count: number): number {
  if (count <= 0) return RANKS;
  let sum = 0;
  for (let rank = RANKS - 1; rank >= 0; rank--) {
    sum += counts[rank]!;
    if (sum >= count) return rank;
  }
  return 0;
}

function trilinearSampler(grid: Grid, coarse: CoarseLungs, field: Float32Array) {
  const fine = boxOf(grid);
  const from = boxOf(coarse.grid);
  const [nx, ny] = from.sizeVoxels;
  const axis = (a: 0 | 1 | 2) =>
    Array.from({ length: grid.size[a] }, (_, index) => {
      const p = (fine.origin[a] + index * fine.spacing[a] - from.origin[a]) / COARSE_MM;
      const low = Math.min(from.sizeVoxels[a] - 2, Math.max(0, Math.floor(p)));
      return { low, share: Math.min(1, Math.max(0, p - low)) };
    });
  const [xs, ys, zs] = [axis(0), axis(1), axis(2)];
  return (i: number, j: number, k: number): number => {
    const [x, y, z] = [xs[i]!, ys[j]!, zs[k]!];
    const row = (from: number) => field[from]! + x.share * (field[from + 1]! - field[from]!);
    const layer = (from: number) => row(from) + y.share * (row(from + nx) - row(from));
    const first = (z.low * ny + y.low) * nx + x.low;
    return layer(first) + z.share * (layer(first + nx * ny) - layer(first));
  };
}
