/** Ways in which CTs differ or go wrong, done to a real one: turned without its tags, cut, filled with contrast agent, put on another couch. */
import { createRandom } from '../../../src/kernel/base/random.ts';
import {
  type GridSize,
  type LabelMap,
  perAxis,
  spacingMm,
  type Volume,
} from '../../../src/kernel/ct/geometry/volume.ts';
import { largestBody } from '../../../src/kernel/lungs/bodyAround.ts';
import { crop, labelledBox, type VoxelBox } from '../../../src/kernel/lungs/lungBox.ts';
import { LOBES, sideOf } from '../../../src/protocol/names.ts';
import type { RemarkCode } from '../../../src/protocol/remarkCodes.ts';

/** A real CT at the spacing of the network, with the lobes that were found in it. */
export interface Whole {
  readonly volume: Volume;
  readonly lobes: LabelMap;
}

export interface Spoiling {
  readonly name: string;
  readonly spoil: (whole: Whole) => Volume;
  /** One of these is to be said. */
  readonly deserves?: RemarkCode;
  /** These may be said. */
  readonly allows?: readonly RemarkCode[];
  /** Axes along which the CT is turned, and all that is in it. */
  readonly turned?: Axes;
}

type Axes = readonly [x: boolean, y: boolean, z: boolean];

const [AIR, FOAM, SHELL, MUSCLE, BONE, CONTRAST, METAL] = [-1000, -890, 120, 40, 700, 350, 3000];
const PARTS_OF_LUNGS = ['cut-off', 'asymmetry', 'lobe-missing', 'implausible-volume'] as const;
/**
 * Where pixels are turned or stretched, the lobes' network sees what it never learned, and draws what is no lung, up to
 * the picture's edge and beyond the body.
 */
const LOST_LOBES = [...PARTS_OF_LUNGS, 'sides-swapped', 'lobes-upended', 'lung-outside-body'] as const;

export const SPOILINGS: readonly Spoiling[] = [
  { name: 'as it is', spoil: ({ volume }) => volume },
  { name: 'prone: the couch in front', spoil: withCouchInFront },
  {
    name: 'contrast agent: heart and great vessels at 350 HU',
    spoil: withContrast,
    allows: ['vessel-as-lung'],
  },
  { name: 'low dose: noise of 80 HU in voxels of 3 mm', spoil: withNoise },
  { name: 'metal: wires in the sternum and a pacemaker', spoil: withMetal },
  { name: 'arms down', spoil: withArms },
  { name: 'on foam of 6 cm', spoil: onFoam },
  {
    name: 'left lung filled with fluid',
    spoil: withFluid,
    deserves: 'asymmetry',
    allows: ['lobe-missing', 'implausible-volume', 'sides-swapped', 'vessel-as-lung'],
  },
  { name: 'upper half', spoil: (whole) => part(whole, 2, [0.5, 1.2]), deserves: 'cut-off', allows: PARTS_OF_LUNGS },
  { name: 'lower half', spoil: (whole) => part(whole, 2, [-0.5, 0.5]), deserves: 'cut-off', allows: PARTS_OF_LUNGS },
  { name: 'right half', spoil: (whole) => part(whole, 0, [-0.5, 0.45]), allows: PARTS_OF_LUNGS },
  { name: 'left half', spoil: (whole) => part(whole, 0, [0.55, 1.5]), allows: PARTS_OF_LUNGS },
  {
    name: 'close field of view: the sides cut off',
    spoil: (whole) => part(whole, 0, [0.12, 0.88]),
    deserves: 'cut-off',
    allows: PARTS_OF_LUNGS,
  },
  turning('mirrored', 'mirrored', [true, false, false]),
  turning('back to front', 'back-to-front', [false, true, false]),
  turning('slices in reverse order', 'upside-down', [false, false, true]),
  turning('prone and called supine', 'back-to-front', [true, true, false]),
  turning('feet first and called head first', 'upside-down', [true, false, true]),
  withSlicesApart('slices said to lie twice as far apart', 2),
  withSlicesApart('slices said to lie half as far apart', 0.5),
];

function copy(volume: Volume): Volume & { readonly hu: Int16Array } {
  return { ...volume, hu: volume.hu.slice() };
}

/** Values of a grid's voxels, turned about its middle along some of its axes. */
export function flipped<T extends Int16Array | Uint8Array>(values: T, size: GridSize, axes: Axes): T {
  // SAFETY: `slice` of a typed array gives one of the same type.
  const turned = values.slice() as T;
  const at = (axis: 0 | 1 | 2, index: number) => (axes[axis] ? size[axis] - 1 - index : index);
  forEachVoxel(size, (index, i, j, k) => {
    turned[index] = values[(at(2, k) * size[1] + at(1, j)) * size[0] + at(0, i)]!;
  });
  return turned;
}

/** A CT that is turned without its affine. */
function turning(name: string, deserves: RemarkCode, turned: Axes): Spoiling {
  const spoil = ({ volume }: Whole) => ({ ...volume, hu: flipped(volume.hu, volume.size, turned) });
  return { name, spoil, deserves, allows: LOST_LOBES, turned };
}

/** A CT whose file says another distance between slices. */
function withSlicesApart(name: string, times: number): Spoiling {
  const spoil = ({ volume }: Whole) => ({
    ...volume,
    affine: volume.affine.map((value, n) => (n % 4 === 2 ? value * times : value)),
  });
  return { name, spoil, deserves: 'implausible-shape', allows: [...LOST_LOBES, 'vessel-as-lung'] };
}

/** The part between two places of the lungs' extent along an axis, whole along the others. */
function part({ volume, lobes }: Whole, axis: 0 | 1 | 2, [from, to]: readonly [number, number]): Volume {
  const { low, high } = boxOfLungs(lobes);
  const place = (share: number) =>
    Math.min(volume.size[axis] - 1, Math.max(0, Math.round(low[axis] + share * (high[axis] - low[axis]))));
  return crop(volume, {
    low: perAxis((a) => (a === axis ? place(from) : 0)),
    high: perAxis((a) => (a === axis ? place(to) : volume.size[a] - 1)),
  });
}

/** Harsher than any injection: all soft tissue between the lungs, but for the hindmost fifth, where the spine lies. */
function withContrast({ volume, lobes }: Whole): Volume {
  const { hu, ...grid } = copy(volume);
  const { low, high } = boxOfLungs(lobes);
  const [nx, ny] = grid.size;
  const isRight = [false, ...LOBES.map((lobe) => sideOf(lobe) === 'right')];
  for (let k = low[2]; k <= high[2]; k++)
    for (let j = low[1]; j <= high[1] - 0.2 * (high[1] - low[1]); j++) {
      const start = (k * ny + j) * nx;
      let [right, left] = [-1, nx];
      for (let i = 0; i < nx; i++) {
        const label = lobes.labels[start + i]!;
        if (label && isRight[label]) right = i;
        if (label && !isRight[label] && left === nx) left = i;
      }
      if (right < 0 || left === nx) continue;
      for (let i = right + 1; i < left; i++) if (hu[start + i]! > -20 && hu[start + i]! < 150) hu[start + i] = CONTRAST;
    }
  return { ...grid, hu };
}

function withNoise({ volume }: Whole): Volume {
  const random = createRandom(80);
  return { ...volume, hu: volume.hu.map((value) => Math.max(-1024, value + 80 * random.normal())) };
}

function withMetal({ volume, lobes }: Whole): Volume {
  const spoilt = copy(volume);
  const { low, high } = boxOfLungs(lobes);
  const at = (axis: 0 | 1 | 2, share: number) => low[axis] + share * (high[axis] - low[axis]);
  for (const height of [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    fill(spoilt, METAL, {
      x: [at(0, 0.47), at(0, 0.53)],
      y: [at(1, -0.03), at(1, 0.02)],
      z: [at(2, height), at(2, height) + 1],
    });
  fill(spoilt, METAL, { x: [at(0, 0.75), at(0, 0.9)], y: [at(1, -0.05), at(1, 0)], z: [at(2, 0.8), at(2, 0.95)] });
  return spoilt;
}

/** An arm on either side of the trunk, cut by the field of view where there is no room. */
function withArms({ volume }: Whole): Volume {
  const spoilt = copy(volume);
  const body = boxOfBody(volume);
  const [dx, dy] = spacingMm(volume);
  const middle = (body.low[1] + body.high[1]) / 2;
  for (const centre of [body.low[0] - 50 / dx, body.high[0] + 50 / dx])
    forEachVoxel(volume.size, (index, i, j) => {
      const mm = Math.hypot((i - centre) * dx, (j - middle) * dy);
      if (mm < 42) spoilt.hu[index] = mm < 12 ? BONE : MUSCLE;
    });
  return spoilt;
}

function onFoam({ volume }: Whole): Volume {
  const room = Math.ceil(90 / spacingMm(volume)[1]);
  const spoilt = extended(volume, room);
  const { high, low } = boxOfBody(volume);
  const [nx, , nz] = volume.size;
  const first = high[1] + 3;
  const foam = Math.round(60 / spacingMm(volume)[1]);
  const x: [number, number] = [Math.max(0, low[0]), Math.min(nx - 1, high[0])];
  fill(spoilt, AIR, { x: [0, nx - 1], y: [first - 2, spoilt.size[1] - 1], z: [0, nz - 1] });
  fill(spoilt, SHELL, { x, y: [first, first + foam + 1], z: [0, nz - 1] });
  fill(spoilt, FOAM, { x: [x[0] + 1, x[1] - 1], y: [first + 1, first + foam], z: [0, nz - 1] });
  return spoilt;
}

function withFluid({ volume, lobes }: Whole): Volume {
  const isLeft = [false, ...LOBES.map((lobe) => sideOf(lobe) === 'left')];
  return { ...volume, hu: volume.hu.map((value, v) => (isLeft[lobes.labels[v]!] ? 15 : value)) };
}

/** What lies outside the body, turned about the body's middle from back to front. */
function withCouchInFront({ volume }: Whole): Volume {
  const body = largestBody(floats(volume));
  if (!body) return volume;
  const { low, high } = boxOfBody(volume);
  const spoilt = copy(volume);
  const [nx, ny, nz] = volume.size;
  const clear = Math.round(6 / spacingMm(volume)[1]);
  for (let k = 0; k < nz; k++)
    for (let i = 0; i < nx; i++) {
      const at = (j: number) => (k * ny + j) * nx + i;
      let [first, last] = [ny, -1];
      for (let j = 0; j < ny; j++)
        if (body[at(j)]) {
          first = Math.min(first, j);
          last = j;
        }
      const outside = (j: number) => j < first - clear || j > last + clear;
      for (let j = 0; j < ny; j++) if (outside(j)) spoilt.hu[at(j)] = AIR;
      for (let j = Math.max(0, last + clear + 1); j < ny; j++) {
        const other = low[1] + high[1] - j;
        if (other >= 0 && outside(other)) spoilt.hu[at(other)] = volume.hu[at(j)]!;
      }
    }
  return spoilt;
}

/** A copy with more rows of air behind. */
function extended(volume: Volume, rows: number): Volume {
  const [nx, ny, nz] = volume.size;
  const size: GridSize = [nx, ny + rows, nz];
  const hu = new Int16Array(nx * (ny + rows) * nz).fill(AIR);
  for (let k = 0; k < nz; k++) hu.set(volume.hu.subarray(k * nx * ny, (k + 1) * nx * ny), k * nx * (ny + rows));
  return { ...volume, size, hu };
}

interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly z: readonly [number, number];
}

function fill({ hu, size }: Volume, value: number, { x, y, z }: Box): void {
  forEachVoxel(size, (index, i, j, k) => {
    if (i >= x[0] && i <= x[1] && j >= y[0] && j <= y[1] && k >= z[0] && k <= z[1]) hu[index] = value;
  });
}

function boxOfLungs(lobes: LabelMap): VoxelBox {
  const box = labelledBox(lobes, 0);
  if (!box) throw new Error('no lobe is labelled');
  return box;
}

function boxOfBody(volume: Volume): VoxelBox {
  const labels = largestBody(floats(volume)) ?? new Uint8Array(volume.hu.length).fill(1);
  return labelledBox({ ...volume, labels }, 0)!;
}

function floats({ hu, ...grid }: Volume) {
  return { ...grid, hu: Float32Array.from(hu) };
}

function forEachVoxel([nx, ny, nz]: GridSize, visit: (index: number, i: number, j: number, k: number) => void): void {
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, index++) visit(index, i, j, k);
}
