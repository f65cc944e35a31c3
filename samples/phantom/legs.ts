/** Pelvis and legs below any lungs. */
import type { Organ } from './heart.ts';
import type { Landmarks } from './landmarks.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** From the lungs' bases, which lie at the first lumbar vertebra, to iliac crests, hip joints and crotch. */
const CREST_BELOW_MM = 95;
const HIP_BELOW_MM = 215;
const CROTCH_BELOW_MM = 285;
/** Femoral heads are 44–52 mm wide, shafts 27–30 mm (Gray's Anatomy). */
const HEAD_MM = 23.5;
const SHAFT_MM = 14;

export interface LowerBody {
  /** Below this, there are two legs and no trunk. */
  readonly crotchZ: number;
  /** Bones, muscles and bladder within the trunk; undefined elsewhere. */
  readonly pelvis: Organ;
  /** The legs below the crotch; undefined beside them. */
  readonly legs: Organ;
}

export function drawLowerBody({ spine, baseZ }: Landmarks, fatMm: number, random: Random): LowerBody {
  const [hipZ, crestZ, crotchZ] = [HIP_BELOW_MM, CREST_BELOW_MM, CROTCH_BELOW_MM].map((mm) => baseZ - mm) as [
    number,
    number,
    number,
  ];
  const [spineX, spineY] = spine(hipZ);
  const hipX = random.between(84, 94);
  const thighMm = random.between(66, 88);
  const bladderMm = random.between(18, 48);
  const bone = (outwards: number, inner: number) => (outwards < inner ? TISSUE.marrow : TISSUE.bone);
  const pelvis: Organ = (px, y, z) => {
    if (z > crestZ + 5) return undefined;
    const x = Math.abs(px - spineX);
    const sacrum = Math.hypot(x / 52, (y - spineY - 8 - 0.25 * (hipZ + 55 - z)) / 20, (z - hipZ - 55) / 62);
    if (sacrum < 1) return bone(sacrum, 0.85);
    const head = Math.hypot(x - hipX, y - spineY + 42, z - hipZ);
    if (head < HEAD_MM) return bone(head, HEAD_MM - 4);
    if (head < HEAD_MM + 7 && head > HEAD_MM + 2 && x < hipX + 8) return TISSUE.bone;
    const neck = Math.hypot(x - hipX - 14 - 0.7 * (hipZ - z), y - spineY + 34);
    if (z < hipZ + 8 && z > hipZ - 40 && neck < 15) return bone(neck, 11);
    const wing = Math.hypot((x - 58) / 66, (y - spineY + 48) / 78, (z - hipZ - 48) / 82);
    if (wing > 0.9 && wing < 1.02 && x > 30 && y > spineY - 105 && z > hipZ - 12)
      return bone(Math.abs(wing - 0.96), 0.03);
    const pubis = Math.hypot((x - 26) / 38, (y - spineY + 92) / 11, (z - hipZ + 28) / 15);
    if (pubis < 1) return bone(pubis, 0.75);
    if (Math.hypot(x / bladderMm, (y - spineY + 72) / bladderMm, (z - hipZ - 8) / bladderMm) < 1) return TISSUE.abdomen;
    // Buttocks and the muscles outside the hip bones.
    return wing > 1.02 && z < crestZ - 20 && (y > spineY - 20 || x > 95) ? TISSUE.muscle : undefined;
  };
  const legs: Organ = (px, py, z) => {
    const below = crotchZ - z;
    const radius = thighMm * Math.max(0.55, 1 - below / 900);
    const x = Math.abs(px - spineX) - Math.max(radius + 1, hipX - 0.06 * below);
    const y = py - spineY + 38;
    const fromAxis = Math.hypot(x, y);
    if (fromAxis > radius) return undefined;
    const shaft = Math.hypot(x - 8, y + 8);
    if (shaft < SHAFT_MM) return bone(shaft, 7);
    return fromAxis > radius - Math.max(5, fatMm * 0.8) ? TISSUE.fat : TISSUE.muscle;
  };
  return { crotchZ, pelvis, legs };
}
