/** Two readings of one CT voxel by voxel: lobes, textures and other structures, each with its overlap and surface distances. */
import { LOBAR_REGIONS, LUNG_PARTS, sideOf, TEXTURE_CLASSES, WHOLE_LUNGS } from '../../protocol/names.ts';
import { type SurfaceDistances, surfaceDistances } from '../agreement/voxels/surfaceDistances.ts';
import type { Task } from '../base/task.ts';
import { type Grid, type GridSize, spacingMm, voxelMl } from '../ct/geometry/volume.ts';
import type { VoxelBox } from '../lungs/lungBox.ts';
import { hasWholeLungs } from '../lungs/lungParts.ts';
import { forEachVoxel, type Runs } from './runs.ts';

/** One reading, on the grid of the CT. */
export interface VoxelReading {
  /** In the order of LUNG_PARTS, from 1 on. */
  readonly lobes: Uint8Array | undefined;
  /** 1–6 in the order of TEXTURE_CLASSES, then `ownClasses`. */
  readonly textures: Uint8Array | undefined;
  /** Names of classes that a model brings beside the six. */
  readonly ownClasses?: readonly string[];
  readonly others: readonly { readonly name: string; readonly runs: Runs }[];
}

export interface VoxelComparison {
  /** A lobe, `total`, or another structure. */
  readonly region: string;
  /** Undefined for the region itself. */
  readonly class: string | undefined;
  readonly leftMl: number;
  readonly rightMl: number;
  /** 2 · |A ∩ B| / (|A| + |B|); undefined where both are empty. */
  readonly dice: number | undefined;
  /** Undefined where one of both is empty. */
  readonly meanMm: number | undefined;
  readonly hd95Mm: number | undefined;
  /** The axial slice in which most voxels differ, from 0 at the feet; undefined where none does. */
  readonly worstSlice: number | undefined;
}

export interface ComparedParts {
  readonly byRegion: boolean;
  readonly classes: readonly string[];
}

/** All regions that both readings have, then all classes. */
export function compareMaps(
  { left, right, grid }: { readonly left: VoxelReading; readonly right: VoxelReading; readonly grid: Grid },
  { byRegion, classes }: ComparedParts,
  task: Task,
): VoxelComparison[] {
  const parts = partsOf(left, right, { byRegion, classes });
  return parts.flatMap(({ region, class: name, inLeft, inRight }, n) => {
    task.signal.throwIfAborted();
    task.progress(n / parts.length, `comparing ${[name, region].filter(Boolean).join(', ')}`);
    const compared = compare(inLeft, inRight, grid);
    // A class that neither reading has says nothing.
    if (name !== undefined && compared.leftMl === 0 && compared.rightMl === 0) return [];
    return [{ region, class: name, ...compared }];
  });
}

type Inside = (voxel: number) => boolean;

interface Part {
  readonly region: string;
  readonly class: string | undefined;
  readonly inLeft: Inside;
  readonly inRight: Inside;
}

function partsOf(left: VoxelReading, right: VoxelReading, { byRegion, classes }: ComparedParts): Part[] {
  const regions = byRegion ? LOBAR_REGIONS : LOBAR_REGIONS.slice(0, 1);
  const parts: Part[] = [];
  const both = (of: (reading: VoxelReading) => Inside | undefined, region: string, name?: string) => {
    const [inLeft, inRight] = [of(left), of(right)];
    if (inLeft && inRight) parts.push({ region, class: name, inLeft, inRight });
  };
  for (const region of regions) both((reading) => inRegion(reading, region), region);
  const isWhole = [left, right].some(({ lobes }) => lobes && hasWholeLungs(lobes));
  const names = new Set([
    ...(byRegion && isWhole ? WHOLE_LUNGS : []),
    ...[...left.others, ...right.others].map(({ name }) => name),
  ]);
  for (const name of names) if (name !== 'lungs') both((reading) => inOther(reading, name), name);
  for (const name of classes)
    for (const region of regions) both((reading) => inClass(reading, name, region), region, name);
  return parts;
}

function inRegion(reading: VoxelReading, region: string): Inside | undefined {
  const { lobes } = reading;
  if (!lobes) return region === 'total' ? inLungs(reading) : undefined;
  if (region === 'total') return (v) => lobes[v] !== 0;
  // Of whole lungs nothing is known of a lobe.
  if (hasWholeLungs(lobes)) return undefined;
  const label = labelOf(LUNG_PARTS, region);
  return (v) => lobes[v] === label;
}

/** Of a reading without lobes, a class is known of the whole alone. */
function inClass(reading: VoxelReading, name: string, region: string): Inside | undefined {
  // What is a texture to a model is a structure of its own to masks.
  const inside = inTexture(reading, name) ?? inRuns(reading, name);
  if (!inside || region === 'total') return inside;
  const within = reading.lobes && inRegion(reading, region);
  return within && ((v) => inside(v) && within(v));
}

function inTexture({ textures, ownClasses = [] }: VoxelReading, name: string): Inside | undefined {
  const label = labelOf([...TEXTURE_CLASSES, ...ownClasses], name);
  return textures && label > 0 ? (v) => textures[v] === label : undefined;
}

/** 0 where it is none of them. */
function labelOf(names: readonly string[], name: string): number {
  return names.indexOf(name) + 1;
}

/** Of a reading that knows lungs alone. */
function inLungs(reading: VoxelReading): Inside | undefined {
  const whole = inRuns(reading, 'lungs');
  const [right, left] = [inRuns(reading, 'right-lung'), inRuns(reading, 'left-lung')];
  return whole ?? (right && left && ((v) => right(v) || left(v)));
}

/** Where one reading has a lung, the other's lobes are that lung. */
function inOther(reading: VoxelReading, name: string): Inside | undefined {
  const { lobes } = reading;
  const side = name === 'right-lung' ? 'right' : name === 'left-lung' ? 'left' : undefined;
  if (!side || !lobes) return inRuns(reading, name);
  const isOfSide = Uint8Array.from([0, ...LUNG_PARTS.map((part) => (sideOf(part) === side ? 1 : 0))]);
  return (v) => isOfSide[lobes[v]!] === 1;
}

function inRuns({ others }: VoxelReading, name: string): Inside | undefined {
  const own = others.find((other) => other.name === name);
  if (!own) return undefined;
  const end = own.runs.length ? own.runs.at(-2)! + own.runs.at(-1)! : 0;
  const marked = new Uint8Array(end);
  forEachVoxel(own.runs, (v) => {
    marked[v] = 1;
  });
  return (v) => marked[v] === 1;
}

function compare(inLeft: Inside, inRight: Inside, grid: Grid): Omit<VoxelComparison, 'region' | 'class'> {
  const [nx, ny, nz] = grid.size;
  const counts = { left: 0, right: 0, both: 0 };
  const differing = new Int32Array(nz);
  const low: [number, number, number] = [nx, ny, nz];
  const high: [number, number, number] = [-1, -1, -1];
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const [a, b] = [inLeft(v), inRight(v)];
        if (!a && !b) continue;
        if (a) counts.left++;
        if (b) counts.right++;
        if (a && b) counts.both++;
        else differing[k]!++;
        if (i < low[0]) low[0] = i;
        if (i > high[0]) high[0] = i;
        if (j < low[1]) low[1] = j;
        if (j > high[1]) high[1] = j;
        if (k < low[2]) low[2] = k;
        high[2] = k;
      }
  const ml = voxelMl(grid);
  const most = differing.reduce((best, count, k) => (count > differing[best]! ? k : best), 0);
  const distances = counts.left && counts.right ? distancesIn(inLeft, inRight, grid, { low, high }) : undefined;
  return {
    leftMl: counts.left * ml,
    rightMl: counts.right * ml,
    dice: counts.left + counts.right ? (2 * counts.both) / (counts.left + counts.right) : undefined,
    meanMm: distances?.meanMm,
    hd95Mm: distances?.hd95Mm,
    worstSlice: differing[most] ? most : undefined,
  };
}

/** Within the box of both. */
function distancesIn(
  inLeft: Inside,
  inRight: Inside,
  grid: Grid,
  { low, high }: VoxelBox,
): SurfaceDistances | undefined {
  const [x0, y0, z0] = low;
  const size: GridSize = [high[0] - x0 + 1, high[1] - y0 + 1, high[2] - z0 + 1];
  const [a, b] = [new Uint8Array(size[0] * size[1] * size[2]), new Uint8Array(size[0] * size[1] * size[2])];
  for (let k = 0, to = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) {
      let from = ((k + z0) * grid.size[1] + j + y0) * grid.size[0] + x0;
      for (let i = 0; i < size[0]; i++, to++, from++) {
        a[to] = inLeft(from) ? 1 : 0;
        b[to] = inRight(from) ? 1 : 0;
      }
    }
  return surfaceDistances(a, b, size, spacingMm(grid));
}
