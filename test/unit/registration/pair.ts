/** Two drawn lungs of which the second is the first bent by a known field: small, so that registering them takes a second. */
import { axisAlignedAffine, type Grid, type LabelMap, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';

type Point = readonly [number, number, number];

/** 84 × 66 × 84 mm at 3 mm. */
const GRID: Grid = { size: [44, 34, 40], affine: axisAlignedAffine([3, 3, 3], [-66, -50, -60]) };

/** Two ellipsoids, the right one of lobes 1 and 3, the left one of 4 and 5. */
function lobeAt([x, y, z]: Point): number {
  const inside = (middle: number) => ((x - middle) / 24) ** 2 + (y / 36) ** 2 + (z / 46) ** 2 < 1;
  if (inside(-28)) return z > 0 ? 1 : 3;
  if (inside(28)) return z > 0 ? 4 : 5;
  return 0;
}

/** Lung with waves in the place of vessels, denser by the factor that it is squeezed by. */
function huAt(point: Point, squeezed = 1): number {
  if (lobeAt(point) === 0) return 40;
  const [x, y, z] = point;
  const waves = Math.sin(x / 4) * Math.sin(y / 5 + 1) * Math.sin(z / 4.5 + 2);
  return Math.round((150 + 110 * waves) * squeezed - 1000);
}

/** Where a point of the first CT is in the second, in mm: its base lies lower by `mm`, and all is shifted and turned a little. */
export function bent(mm: number): (point: Point) => Point {
  return ([x, y, z]) => {
    const depth = Math.min(1, Math.max(0, (46 - z) / 92));
    return [x + 4 + 0.03 * y, y - 3 - 0.03 * x, z + 2 - mm * depth ** 1.5];
  };
}

export interface DrawnCt {
  readonly ct: Volume;
  readonly lobes: LabelMap;
}

/** The second CT as it is, and the first, of which each point shows what the second has at `place` of it. */
export function drawnPair(
  place: (point: Point) => Point,
  squeezed = 1,
): { readonly first: DrawnCt; readonly second: DrawnCt } {
  return { first: drawn((point) => place(point), squeezed), second: drawn((point) => point) };
}

function drawn(place: (point: Point) => Point, squeezed = 1): DrawnCt {
  const { size, affine } = GRID;
  const hu = new Int16Array(size[0] * size[1] * size[2]);
  const labels = new Uint8Array(hu.length);
  forEachPoint((point, v) => {
    hu[v] = huAt(place(point), squeezed);
    labels[v] = lobeAt(place(point));
  });
  return { ct: { size, affine, hu }, lobes: { size, affine, labels } };
}

/** Of the grid, in mm. */
export function forEachPoint(visit: (point: Point, voxel: number) => void): void {
  const { size, affine } = GRID;
  for (let k = 0, v = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, v++) visit([affine[3]! + 3 * i, affine[7]! + 3 * j, affine[11]! + 3 * k], v);
}
