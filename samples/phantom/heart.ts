/** The heart between any lungs: four chambers with their muscle, and the fat around them. */
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Tissue at a point, undefined outside the heart. */
export type Organ = (x: number, y: number, z: number) => number | undefined;

interface Chamber {
  readonly centre: Point;
  /** Half axes of its blood in mm. */
  readonly half: Point;
  readonly wallMm: number;
  readonly blood: number;
}

/** How far the heart's borders lie from the spine to the right and to the left in the usual adult of the chambers below. */
const USUAL_RIGHT_MM = 47;
const USUAL_LEFT_MM = 86;

/**
 * Chambers by their usual places from the carina and the spine. Sizes: left ventricle 42–58 mm wide with a wall of
 * 8–11 mm, right ventricle's wall 3–5 mm, left atrium 30–40 mm deep (Lang et al., J Am Soc Echocardiogr 2015).
 */
export function drawHeart(marks: Landmarks, random: Random): Organ {
  const { at, edges, spine, domeZ, carina } = marks;
  const level = at(0, 0, -85)[2];
  const [spineX] = spine(level);
  const size = random.between(0.9, 1.12);
  const [rightScale, leftScale] = roomScales(marks, spineX);
  const place = (x: number, y: number, z: number): Point => at(x * (x < 0 ? rightScale : leftScale), y, z);
  const chamber = (centre: Point, half: Point, wallMm: number, blood: number): Chamber => ({
    ...{ centre, wallMm, blood },
    half: half.map((mm) => mm * size * random.between(0.92, 1.08)) as unknown as Point,
  });
  const septalMm = random.between(8, 12);
  const chambers = [
    chamber(place(50, -26, -96), [24 * leftScale, 25, 38], septalMm, TISSUE.aorticBlood),
    chamber(place(20, -62, -92), [34 * leftScale, 19, 36], 4, TISSUE.pulmonaryBlood),
    chamber(place(15, -60, -62), [17, 15, 24], 3.5, TISSUE.pulmonaryBlood),
    chamber(place(-22, -36, -76), [22 * rightScale, 26, 34], 3, TISSUE.pulmonaryBlood),
    chamber(place(2, 7, -53), [33, 17, 22], 3, TISSUE.aorticBlood),
    chamber(place(27, -33, -70), [26, 13, 14], 4, TISSUE.aorticBlood),
    chamber(place(34, -14, -46), [11, 16, 11], 3, TISSUE.aorticBlood),
  ];
  const fatMm = random.between(1.5, 9);
  const ripple = smoothNoise(random, 22);
  const grooves = smoothNoise(random, 12);
  const sac = { centre: place(20, -34, -82), half: [70 * leftScale * size, 56 * size, 62 * size] as const };
  const [floorRight, floorLeft] = [domeZ[0] - 14, domeZ[1] - 12];
  return (x, y, z) => {
    if (z > carina[2]) return undefined;
    const slope = Math.min(1, Math.max(0, (x - spineX + 30) / 90));
    if (z < floorRight + (floorLeft - floorRight) * slope) return undefined;
    const u = (x - sac.centre[0]) / sac.half[0];
    const v = (y - sac.centre[1]) / sac.half[1];
    const w = (z - sac.centre[2]) / sac.half[2];
    if (u * u + v * v + w * w > 1) return undefined;
    const [right, left] = edges(y, z);
    const free = Math.min(x - right, left - x) - fatMm - 1.5 * ripple(x, y, z);
    if (free < 0) return TISSUE.fat;
    let wall = false;
    for (const { centre, half, wallMm, blood } of chambers) {
      const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
      const inside = (dx / half[0]) ** 2 + (dy / half[1]) ** 2 + (dz / half[2]) ** 2;
      if (inside < 1 && free > wallMm) return blood;
      const outer = (dx / (half[0] + wallMm)) ** 2 + (dy / (half[1] + wallMm)) ** 2 + (dz / (half[2] + wallMm)) ** 2;
      if (outer < 1) wall = true;
    }
    // Fat lies in the grooves between the chambers and on the heart's outside.
    return wall || (free > 6 && grooves(x, y, z) < 0.6) ? TISSUE.heart : TISSUE.fat;
  };
}

/** The room to the right and left of the spine at the heart's level, against the usual. */
function roomScales({ at, edges }: Landmarks, spineX: number): [number, number] {
  let [right, left] = [0, 0];
  for (const y of [-60, -45, -30, -15])
    for (const z of [-100, -88, -76]) {
      const point = at(0, y, z);
      const [r, l] = edges(point[1], point[2]);
      right = Math.max(right, spineX - r);
      left = Math.max(left, l - spineX);
    }
  const scale = (room: number, usual: number) => Math.min(1.2, Math.max(0.72, room / usual));
  return [scale(right, USUAL_RIGHT_MM), scale(left, USUAL_LEFT_MM)];
}
