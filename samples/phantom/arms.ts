/** Arms beside the chest or raised beside the head, with their bones. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import type { Point } from './lungShape.ts';
import type { Random } from './random.ts';
import { beads, visitStrand } from './strand.ts';
import { TISSUE } from './tissues.ts';

export interface Shoulder {
  /** The middle between the shoulders. */
  readonly middle: Point;
  /** From there to the skin at the side. */
  readonly halfWidthMm: number;
}

const BONE_MM = 10.5;
const MARROW_MM = 6;

/** Draws arms into what is outside the body, in place. Raised arms are often beyond the field of view, or held apart. */
export function drawArms(grid: Grid, tissues: Uint8Array, shoulder: Shoulder, down: boolean, random: Random): void {
  const upper = random.between(34, 46);
  const fatMm = random.between(4, 13);
  const spread = random.between(0, 30);
  const forward = random.between(-70, 10);
  const { middle, halfWidthMm } = shoulder;
  if (!down && random.chance(0.2)) return;
  for (const side of [-1, 1]) {
    const point = (x: number, y: number, z: number): Point => [middle[0] + side * x, middle[1] + y, middle[2] + z];
    const joints = down
      ? [
          point(halfWidthMm + upper - 6, 6, -30),
          point(halfWidthMm + upper + 4 + spread * 0.4, 12, -300),
          point(halfWidthMm + spread * 0.5, forward, -540),
        ]
      : [point(halfWidthMm - 26, 0, 6), point(halfWidthMm + spread, -14, 130), point(70 + spread, -30, 300)];
    const limb = [
      ...beads(joints.slice(0, 2), upper, upper * 0.85),
      ...beads(joints.slice(1), upper * 0.8, upper * 0.5).slice(1),
    ];
    visitStrand(grid, limb, 0, (index, outsideMm) => {
      if (tissues[index] !== TISSUE.outside && tissues[index] !== TISSUE.clothing) return;
      // Half way between the joints a limb is about as wide as there.
      const fromAxis = outsideMm + upper * 0.8;
      if (fromAxis < BONE_MM) tissues[index] = fromAxis < MARROW_MM ? TISSUE.marrow : TISSUE.bone;
      else tissues[index] = outsideMm > -fatMm ? TISSUE.fat : TISSUE.muscle;
    });
  }
}
