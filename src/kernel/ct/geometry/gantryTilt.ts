/**
 * Slices of a tilted gantry lie one above the other along the table, and not along their own normal: each is moved
 * within its plane until they do, by linear interpolation. Where the stack is sheared is told from positions alone; the
 * tag Gantry/Detector Tilt may be 0 or missing.
 */

import { UserError } from '../../base/userError.ts';
import { cross, dot } from './vector.ts';
import { type Grid, PADDING_HU, spacingMm } from './volume.ts';

/** A drift of less than this many pixels over the whole stack is rounding, and changes no volume. */
const TOLERANCE_PIXELS = 0.5;

/** No gantry tilts by more than 45°; beyond, positions are wrong. */
const MAX_TILT = 1;
/** A chest that was scanned at 45° becomes not even twice as wide. */
const MAX_WIDENING = 2;
/** Pictures of so few pixels cost nothing, however much wider they become. */
const SMALL_PIXELS = 128;

/** How far each slice lies beside the one below, in mm along the grid's x and y axes. */
interface Shear {
  readonly x: number;
  readonly y: number;
  /** Distance between slices along their normal in mm. */
  readonly step: number;
}

/** The angle in degrees between the stack and the slices' normal; 0 where the slices lie upon each other. */
export function tiltDegrees(grid: Grid): number {
  const shear = shearOf(grid);
  return shear ? (Math.atan2(Math.hypot(shear.x, shear.y), shear.step) * 180) / Math.PI : 0;
}

/** The grid of the upright stack, wide enough for all slices; the same grid where nothing is tilted. */
export function uprightGrid(grid: Grid): Grid {
  const shear = shearOf(grid);
  if (!shear) return grid;
  const { size, affine } = grid;
  const [dx, dy] = spacingMm(grid);
  const [nx, ny, nz] = size;
  const wider = extraPixels(shear, grid);
  const [first, second] = [unit(affine, 0), unit(affine, 1)];
  const normal = cross(first, second);
  const sign = dot(normal, column(affine, 2)) < 0 ? -1 : 1;
  // Negative drift moves the first column or row out of the first slice.
  const startX = Math.min(0, shear.x * (nz - 1));
  const startY = Math.min(0, shear.y * (nz - 1));
  const upright = [0, 1, 2].flatMap((row) => [
    first[row]! * dx,
    second[row]! * dy,
    normal[row]! * sign * shear.step,
    affine[row * 4 + 3]! + first[row]! * startX + second[row]! * startY,
  ]);
  return { size: [nx + wider[0], ny + wider[1], nz], affine: [...upright, 0, 0, 0, 1] };
}

/** Hounsfield units of a tilted `grid` on its upright one; the same array where nothing is tilted. */
export function correctTilt(grid: Grid, hu: Int16Array): Int16Array {
  const shear = shearOf(grid);
  if (!shear) return hu;
  const [nx, ny, nz] = grid.size;
  const [dx, dy] = spacingMm(grid);
  const [mx, my] = uprightGrid(grid).size;
  const result = new Int16Array(mx * my * nz).fill(PADDING_HU);
  const start = [Math.min(0, (shear.x * (nz - 1)) / dx), Math.min(0, (shear.y * (nz - 1)) / dy)] as const;
  for (let k = 0; k < nz; k++) {
    // Where the slice's own first pixel lies on the upright grid.
    const atX = (shear.x * k) / dx - start[0];
    const atY = (shear.y * k) / dy - start[1];
    shiftSlice(hu.subarray(k * nx * ny, (k + 1) * nx * ny), [nx, ny], [atX, atY], result, k * mx * my, [mx, my]);
  }
  return result;
}

function shiftSlice(
  slice: Int16Array,
  [nx, ny]: readonly [number, number],
  [atX, atY]: readonly [number, number],
  target: Int16Array,
  offset: number,
  [mx, my]: readonly [number, number],
): void {
  const valueAt = (i: number, j: number) => (i < 0 || j < 0 || i >= nx || j >= ny ? PADDING_HU : slice[j * nx + i]!);
  const [wholeX, wholeY] = [Math.ceil(atX), Math.ceil(atY)];
  const [shareX, shareY] = [wholeX - atX, wholeY - atY];
  for (let j = Math.max(0, wholeY - 1); j < Math.min(my, wholeY + ny); j++)
    for (let i = Math.max(0, wholeX - 1); i < Math.min(mx, wholeX + nx); i++) {
      const [x, y] = [i - wholeX, j - wholeY];
      const low = (1 - shareX) * valueAt(x, y) + shareX * valueAt(x + 1, y);
      const high = shareY === 0 ? low : (1 - shareX) * valueAt(x, y + 1) + shareX * valueAt(x + 1, y + 1);
      target[offset + j * mx + i] = Math.round((1 - shareY) * low + shareY * high);
    }
}

function shearOf(grid: Grid): Shear | undefined {
  const { affine, size } = grid;
  const step = column(affine, 2);
  const [first, second] = [unit(affine, 0), unit(affine, 1)];
  const shear = { x: dot(step, first), y: dot(step, second), step: Math.abs(dot(step, cross(first, second))) };
  const [dx, dy] = spacingMm(grid);
  const drift = Math.max(Math.abs(shear.x) / dx, Math.abs(shear.y) / dy) * (size[2] - 1);
  if (!(drift > TOLERANCE_PIXELS)) return undefined;
  if (!(Math.hypot(shear.x, shear.y) <= MAX_TILT * shear.step))
    throw new UserError(
      'geometry',
      'The slices lie beside each other rather than upon each other: their positions are damaged, or they are no stack.',
    );
  return shear;
}

function extraPixels(shear: Shear, grid: Grid): readonly [number, number] {
  const [dx, dy] = spacingMm(grid);
  const [nx, ny, nz] = grid.size;
  const extra = [
    Math.ceil((Math.abs(shear.x) * (nz - 1)) / dx),
    Math.ceil((Math.abs(shear.y) * (nz - 1)) / dy),
  ] as const;
  if (extra[0] > Math.max(MAX_WIDENING * nx, SMALL_PIXELS) || extra[1] > Math.max(MAX_WIDENING * ny, SMALL_PIXELS))
    throw new UserError(
      'geometry',
      'The slices lean so far that most of the straightened volume would be empty: their positions or their pixel spacing are damaged.',
    );
  return extra;
}

function column(affine: Grid['affine'], axis: number): [number, number, number] {
  return [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
}

function unit(affine: Grid['affine'], axis: number): [number, number, number] {
  const [x, y, z] = column(affine, axis);
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
