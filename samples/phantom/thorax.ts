/**
 * The thorax per slice: a convex outline around both lungs, so that ribs and muscle lie on the lungs as they do in a
 * patient. An outline is held as its support function: how far it reaches along each of `DIRECTIONS`. Outlines then
 * blend by their mean, and grow by a sum.
 */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { boxOf } from './grid.ts';
import { CENTRAL_AIRWAY } from './tissues.ts';

const STEPS = 64;
const angles = Float64Array.from({ length: STEPS }, (_, n) => (2 * Math.PI * n) / STEPS);
/** Unit vectors all around, from the patient's left over the back to the right and the front. */
export const DIRECTIONS = { x: angles.map(Math.cos), y: angles.map(Math.sin) } as const;

/** Reach in mm along each of DIRECTIONS, from the grid's own x = y = 0. */
export type Outline = Float64Array;

/** Centre and half-axes of an outline along x and y, in mm. */
export interface Axes {
  readonly cx: number;
  readonly cy: number;
  readonly hx: number;
  readonly hy: number;
}

export interface Thorax {
  /** One per slice. */
  readonly outlines: readonly Outline[];
  readonly firstLungZ: number;
  readonly lastLungZ: number;
}

/** With fewer voxels of lung than this a slice says nothing about the thorax. */
const MIN_VOXELS = 12;
/** What a thorax narrows by per mm downwards, at most: the wall goes on where the lungs end at the diaphragm. */
const NARROWING = 0.08;
/** Slices are blended over this many mm to either side: ribs are smooth, lungs on a grid have steps. */
const BLENDED_MM = 6;

/** The thorax around the lungs of a lobe map; undefined without lung. Above the apices it keeps the last outline. */
export function thoraxAround(grid: Grid, lobes: Uint8Array): Thorax | undefined {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const own = Array.from({ length: size[2] }, (_, k) => lungOutline(grid, lobes, k));
  const first = own.findIndex(Boolean);
  if (first < 0) return undefined;
  const last = own.findLastIndex(Boolean);
  const filled = own.map((outline) => outline ?? own[last]!);
  for (let k = last - 1; k >= 0; k--) {
    const least = k < first ? 0 : NARROWING * spacing[2];
    const lungs = own[k];
    filled[k] = filled[k + 1]!.map((above, n) => Math.max(lungs?.[n] ?? Number.NEGATIVE_INFINITY, above - least));
  }
  const reach = Math.round(BLENDED_MM / spacing[2]);
  const outlines = filled.map((_, k) => mean(filled.slice(Math.max(0, k - reach), k + reach + 1)));
  return { outlines, firstLungZ: origin[2] + first * spacing[2], lastLungZ: origin[2] + last * spacing[2] };
}

/** How far a point lies outside an outline in mm; negative within it. */
export function distanceOutside(outline: Outline, x: number, y: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < STEPS; n++) {
    const reach = x * DIRECTIONS.x[n]! + y * DIRECTIONS.y[n]! - outline[n]!;
    if (reach > most) most = reach;
  }
  return most;
}

export function semiAxes(outline: Outline): Axes {
  const [left, back, right, front] = [0, 1, 2, 3].map((quarter) => outline[(quarter * STEPS) / 4]!) as [
    number,
    number,
    number,
    number,
  ];
  return { cx: (left - right) / 2, cy: (back - front) / 2, hx: (left + right) / 2, hy: (back + front) / 2 };
}

function mean(outlines: readonly Outline[]): Outline {
  return outlines[0]!.map((_, n) => outlines.reduce((sum, outline) => sum + outline[n]!, 0) / outlines.length);
}

/** The outline of one slice's lungs, along x to the outer side of their voxels; undefined where there are too few. */
function lungOutline(grid: Grid, lobes: Uint8Array, k: number): Outline | undefined {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny] = size;
  const outline = new Float64Array(STEPS).fill(Number.NEGATIVE_INFINITY);
  const isLung = (i: number, j: number) => {
    const label = lobes[(k * ny + j) * nx + i]!;
    return label > 0 && label !== CENTRAL_AIRWAY;
  };
  let voxels = 0;
  for (let j = 0; j < ny; j++) {
    // Only the ends of a row can lie on a convex outline.
    let [first, last] = [-1, -1];
    for (let i = 0; i < nx; i++) {
      if (!isLung(i, j)) continue;
      if (first < 0) first = i;
      last = i;
      voxels++;
    }
    if (first < 0) continue;
    const y = origin[1] + j * spacing[1];
    for (const x of [origin[0] + (first - 0.5) * spacing[0], origin[0] + (last + 0.5) * spacing[0]])
      for (let n = 0; n < STEPS; n++) outline[n] = Math.max(outline[n]!, x * DIRECTIONS.x[n]! + y * DIRECTIONS.y[n]!);
  }
  return voxels < MIN_VOXELS ? undefined : outline;
}
