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
  return { toMask, isSame, degrees: angleBetween(mask, ct) };
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
