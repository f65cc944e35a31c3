/** What fills the room between the lungs around heart and vessels: heart, abdomen under the diaphragm, fat, and the hila of mapped lungs. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { drawAbdomen } from './abdomen.ts';
import { boxOf } from './grid.ts';
import { drawHeart } from './heart.ts';
import type { Landmarks } from './landmarks.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { CENTRAL_AIRWAY, TISSUE } from './tissues.ts';

/** A gap in the hilum between lung and lung is at most this wide. */
const HILAR_GAP_MM = 24;
/** What lies farther than this from the spine at the hilum, with lung to either side, is no mediastinum. */
const HILAR_FROM_SPINE_MM = 24;
/** The diaphragm is a little higher than the lowest lung at a place, at most at its dome. */
const ABOVE_DOME_MM = 4;

/** Tissue of a voxel within the thorax and outside the lungs, at (x, y, z). */
export type BetweenLungs = (index: number, x: number, y: number, z: number) => number;

export function fillBetweenLungs(grid: Grid, lobes: Uint8Array, marks: Landmarks, random: Random): BetweenLungs {
  const { sizeVoxels, spacing } = boxOf(grid);
  const [nx, ny] = sizeVoxels;
  const heart = drawHeart(marks, random.fork('heart'));
  const abdomen = drawAbdomen(marks, random.fork('abdomen'));
  const lowest = lowestLung(grid, lobes);
  const fatty = smoothNoise(random, 14);
  const vesselKind = smoothNoise(random, 12);
  // Between thin patients with little fat in the mediastinum and stout ones, where there is nothing else.
  const fatFrom = random.between(-1.6, 0.9);
  const { at, spine, domeZ } = marks;
  const [hilarLow, hilarHigh] = [at(0, 0, -85)[2], at(0, 0, 24)[2]];
  const [hilarFront, hilarBack] = [at(0, -34, 0)[1], at(0, 42, 0)[1]];
  const besideHeartZ = at(0, 0, -35)[2];
  const steps = [Math.round(HILAR_GAP_MM / 2 / spacing[0]), Math.round(HILAR_GAP_MM / 2 / spacing[1])] as const;

  return (index, x, y, z) => {
    const [spineX, spineY] = spine(z);
    if (y > spineY + 4) return TISSUE.muscle;
    const inHeart = heart(x, y, z);
    if (inHeart !== undefined) return inHeart;
    const side = x < spineX ? 0 : 1;
    const column = index % (nx * ny);
    const plane = domeZ[side] - 8;
    if (z < Math.min(lowest[column]! === Infinity ? plane : lowest[column]!, domeZ[side] + ABOVE_DOME_MM))
      return abdomen(x, y, z) ?? TISSUE.fat;
    if (z > hilarLow && z < hilarHigh && y > hilarFront && y < hilarBack && Math.abs(x - spineX) > HILAR_FROM_SPINE_MM)
      if (enclosed(index)) return hilarTissue(x, y, z);
    // Beside and in front of the heart there is fat in thin patients too.
    const besideHeart = z < besideHeartZ && y < spineY - 50;
    return fatty(x, y, z) > (besideHeart ? Math.min(fatFrom, -1.2) : fatFrom) ? TISSUE.fat : TISSUE.mediastinum;
  };

  /** Gaps in the hila of a lobe map hold what its authors took out of the lungs: mostly vessels. */
  function hilarTissue(x: number, y: number, z: number): number {
    const kind = vesselKind(x, y, z);
    if (Math.abs(kind) < 0.25) return TISSUE.fat;
    return kind > 0 ? TISSUE.pulmonaryBlood : TISSUE.aorticBlood;
  }

  /** True with lung near to both sides along x or along y. */
  function enclosed(index: number): boolean {
    return (
      (lungNear(index, 1, steps[0]) && lungNear(index, -1, steps[0])) ||
      (lungNear(index, nx, steps[1]) && lungNear(index, -nx, steps[1]))
    );
  }

  function lungNear(index: number, step: number, count: number): boolean {
    for (let n = 1; n <= count; n++) {
      const lobe = lobes[index + n * step] ?? 0;
      if (lobe > 0 && lobe !== CENTRAL_AIRWAY) return true;
    }
    return false;
  }
}

/** z of the lowest lung of each column, Infinity where there is none. */
function lowestLung(grid: Grid, lobes: Uint8Array): Float32Array {
  const { sizeVoxels, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = sizeVoxels;
  const lowest = new Float32Array(nx * ny).fill(Infinity);
  for (let k = nz - 1; k >= 0; k--)
    for (let column = 0; column < nx * ny; column++) {
      const lobe = lobes[k * nx * ny + column]!;
      if (lobe > 0 && lobe !== CENTRAL_AIRWAY) lowest[column] = origin[2] + k * spacing[2];
    }
  return lowest;
}
