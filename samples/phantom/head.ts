/** Skull, brain and face with the air in nose, sinuses, mouth and pharynx, above any lungs. */
import type { Organ } from './heart.ts';
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Half a head's width, depth and height in adults, skin included (Farkas, Anthropometry of the Head and Face, 1994). */
const HALF_MM = [76, 96, 112] as const;
const SKIN_MM = 5;
const SKULL_MM = 6.5;
/** From the lungs' apices to the middle of the head, and to the lower jaw, below which there is the neck. */
const MIDDLE_ABOVE_APEX_MM = 178;
export const JAW_ABOVE_APEX_MM = 66;
/** From here on nothing of the neck is seen beside the head. */
export const NECK_ENDS_ABOVE_APEX_MM = 140;

/** The skull's base rises to the front. */
function base(y: number): number {
  return -34 - 0.25 * y;
}

/** Tissue at a point, undefined outside the head. */
export function drawHead({ spine, apexZ }: Landmarks, random: Random): Organ {
  const size = random.between(0.93, 1.06);
  const [spineX, spineY] = spine(apexZ);
  const centre: Point = [spineX, spineY - 48, apexZ + MIDDLE_ABOVE_APEX_MM];
  const noise = smoothNoise(random, 9);
  const mouthOpen = random.between(0, 9);
  const fillings = random.chance(0.35);
  return (px, py, pz) => {
    const [x, y, z] = [(px - centre[0]) / size, (py - centre[1]) / size, (pz - centre[2]) / size];
    const radius = Math.hypot(x / HALF_MM[0], y / HALF_MM[1], z / HALF_MM[2]);
    if (radius > 1) return undefined;
    const depth = (1 - radius) * HALF_MM[0];
    // Below the skull's base lie the face in front and the neck's muscles behind.
    const baseZ = base(y);
    if (z < baseZ) return y < 28 ? face(x, y, z, depth) : nape(x, y, z, depth);
    if (depth < SKIN_MM) return TISSUE.fat;
    if (depth < SKIN_MM + SKULL_MM || z < baseZ + 6)
      return mastoid(x, y, z) ?? (noise(x, y, z) > 0.9 ? TISSUE.marrow : TISSUE.bone);
    if (Math.hypot((y + 72) / 12, (z + 18) / 16) < 1 && Math.abs(x) < 24) return TISSUE.bowelGas;
    return TISSUE.brain;
  };

  function face(x: number, y: number, z: number, depth: number): number {
    if (depth < SKIN_MM && y < -20) return TISSUE.fat;
    // Nasopharynx down to the larynx, behind nose and tongue.
    if (Math.hypot(x / 11, (y - 2) / 7) < 1) return TISSUE.bowelGas;
    const nose = Math.hypot(x / 17, (y + 46) / 44, (z + 50) / 17);
    if (nose < 1) return Math.abs(x) < 1.6 || noise(x, y, z) > 0.8 ? TISSUE.muscle : TISSUE.bowelGas;
    const sinus = Math.hypot((Math.abs(x) - 32) / 15, (y + 52) / 17, (z + 50) / 17);
    if (sinus < 1) return TISSUE.bowelGas;
    if (sinus < 1.16 || nose < 1.1) return TISSUE.bone;
    if (Math.abs(z + 74) < mouthOpen / 2 && Math.hypot(x / 24, (y + 50) / 34) < 1) return TISSUE.bowelGas;
    const arch = Math.hypot(x / 42, (y + 38) / 48);
    if (arch > 0.82 && arch < 1.02 && y < 8 && z > -100 && z < -62) {
      if (Math.abs(z + 76) < 10 && y < -30) return fillings && noise(x, y, z) > 1.5 ? TISSUE.metal : TISSUE.bone;
      return TISSUE.bone;
    }
    return noise(x, y, z) > 0.5 ? TISSUE.fat : TISSUE.muscle;
  }

  /** The neck's muscles reach up to the skull's base, around the spine. */
  function nape(x: number, y: number, z: number, depth: number): number | undefined {
    if (z < base(y) - 30) return undefined;
    return depth < SKIN_MM ? TISSUE.fat : noise(x, y, z) > 1.2 ? TISSUE.fat : TISSUE.muscle;
  }

  /** Air cells behind the ears. */
  function mastoid(x: number, y: number, z: number): number | undefined {
    const near = Math.hypot((Math.abs(x) - 54) / 15, (y - 22) / 18, (z + 30) / 16) < 1;
    return near && noise(x * 2, y * 2, z * 2) > -0.2 ? TISSUE.bowelGas : undefined;
  }
}
