/** How the grid of a mask lies to that of a CT, and both in words. */
import { lpsOrder, reorderGrid } from '../../ct/geometry/orientation.ts';
import { type Affine, type Grid, perAxis, spacingMm } from '../../ct/geometry/volume.ts';
import { inverseOf, productOf } from '../fileGrid.ts';
import { transformed } from './transform.ts';

export interface Relation {
  /** From voxels of the CT to voxels of the mask. */
  readonly toMask: Affine;
  /** Each voxel of one is a voxel of the other, where both have some. */
  readonly isSame: boolean;
  /** Each slice of the CT is one of the mask's, which may lie beside each other as those of a tilted gantry do. */
  readonly sameSlices: boolean;
  /** The angle between their axes, whichever runs along which. */
  readonly degrees: number;
}

/** Voxels of one grid that lie nearer than this to those of the other are the same; numbers in headers are rounded by less. */
const SAME_VOXEL = 0.1;

export function relationOf(mask: Grid, ct: Grid): Relation {
  const toMask = productOf(inverseOf(mask.affine), ct.affine);
  const origin = transformed(toMask, 0, 0, 0);
  const steps = perAxis((a) => [0, 1, 2].map((row) => toMask[row * 4 + a]!));
  const whole = steps.map((step) => step.map(Math.round));
  // Each axis of the one has to be one of the other, and not every second voxel of it.
  const isPermutation = whole.every((step) => step.reduce((sum, value) => sum + Math.abs(value), 0) === 1);
  /** How far off each axis is at its end. */
  const drift = steps.map((step, a) =>
    Math.max(...step.map((value, row) => Math.abs(value - whole[a]![row]!) * (ct.size[a]! - 1))),
  );
  const start = Math.max(...origin.map((value) => Math.abs(value - Math.round(value))));
  const isSame = isPermutation && start + drift.reduce((sum, off) => sum + off, 0) <= SAME_VOXEL;
  return { toMask, isSame, sameSlices: haveSameSlices(toMask, ct), degrees: angleBetween(mask, ct) };
}

/** Columns and rows run alike, and slices are as far apart and at the same heights, however they are shifted. */
function haveSameSlices(toMask: Affine, { size }: Grid): boolean {
  const column = (a: 0 | 1 | 2) => [0, 1, 2].map((row) => toMask[row * 4 + a]!);
  const isUnit = (value: number, count: number) => Math.abs(Math.abs(value) - 1) * (count - 1) <= SAME_VOXEL;
  const isWhole = (value: number, count = 2) => Math.abs(value - Math.round(value)) * (count - 1) <= SAME_VOXEL;
  const inPlane = ([0, 1] as const).map((a) => column(a).findIndex((value) => isUnit(value, size[a])));
  const [x = -1, y = -1] = inPlane;
  if (x < 0 || y < 0 || x === y) return false;
  const across = 3 - x - y;
  const others = ([0, 1] as const).every((a) =>
    column(a).every((value, row) => row === inPlane[a] || Math.abs(value) * (size[a] - 1) <= SAME_VOXEL),
  );
  return others && isUnit(column(2)[across]!, size[2]) && isWhole(toMask[across * 4 + 3]!);
}

function angleBetween(mask: Grid, ct: Grid): number {
  const turned = [mask, ct].map((grid) => reorderGrid(grid, lpsOrder(grid.affine)).affine);
  const direction = (affine: Affine, axis: number) => {
    const column = [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
    const length = Math.hypot(...column);
    return column.map((value) => value / length);
  };
  const cosines = perAxis((axis) => {
    const [a, b] = turned.map((affine) => direction(affine, axis));
    return a!.reduce((sum, value, n) => sum + value * b![n]!, 0);
  });
  return (Math.acos(Math.min(1, Math.max(-1, Math.min(...cosines)))) * 180) / Math.PI;
}

/** "512 × 512 × 139 voxels of 0.78 × 0.78 × 2.5 mm, from 200 mm right, 180 mm in front and 340 mm below to …". */
export function gridInWords(grid: Grid): string {
  const { size, affine } = reorderGrid(grid, lpsOrder(grid.affine));
  const spacing = spacingMm({ size, affine }).map((mm) => Number(mm.toPrecision(3)));
  const from = transformed(affine, 0, 0, 0);
  const to = transformed(affine, size[0] - 1, size[1] - 1, size[2] - 1);
  return `${size.join(' × ')} voxels of ${spacing.join(' × ')} mm, the first ${placeInWords(from)} and the last ${placeInWords(to)} of the origin${turnInWords(affine)}`;
}

const SIDES = [
  ['right', 'left'],
  ['in front', 'behind'],
  ['below', 'above'],
] as const;

function placeInWords(point: readonly [number, number, number]): string {
  const [x, y, z] = perAxis((a) => `${Math.abs(point[a]).toFixed(1)} mm ${SIDES[a][point[a] < 0 ? 0 : 1]}`);
  return `${x}, ${y} and ${z}`;
}

function turnInWords(affine: Affine): string {
  const straight = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const degrees = angleBetween({ size: [1, 1, 1], affine }, { size: [1, 1, 1], affine: straight });
  return degrees < 0.5 ? '' : `, turned by ${degrees.toFixed(0)}° from the patient’s axes`;
}
