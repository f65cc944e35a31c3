/** Cloth around the patient: thin folds of clothes, and blankets that enclose air between them, the skin and the couch. */
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Tissue at a point `offSkinMm` outside the skin; undefined where there is no cloth. */
export type Cloth = (x: number, y: number, z: number, offSkinMm: number) => number | undefined;

export function drawCloth(random: Random): Cloth {
  const folds = drawFolds(random.fork('folds'));
  const blanket = drawBlanket(random.fork('blanket'));
  return (x, y, z, off) => (folds(x, y, z, off) || blanket(x, y, z, off) ? TISSUE.clothing : undefined);
}

/** Thin folds just off the skin. */
function drawFolds(random: Random): (x: number, y: number, z: number, offSkinMm: number) => boolean {
  if (random.chance(0.4)) return () => false;
  const [a, b, c, phase] = [
    random.between(0.01, 0.05),
    random.between(0.01, 0.05),
    random.between(0, 0.02),
    random.between(0, 6),
  ];
  const reachMm = random.between(8, 45);
  return (x, y, z, offSkinMm) =>
    offSkinMm < reachMm && Math.abs(Math.sin(x * a + y * b + z * c + phase) * 38 - offSkinMm) < 2;
}

/** One to three layers that follow the patient at some distance, over part of the body. */
function drawBlanket(random: Random): (x: number, y: number, z: number, offSkinMm: number) => boolean {
  if (random.chance(0.55)) return () => false;
  const layers = Math.floor(random.between(1, 4));
  const gapMm = random.between(4, 40);
  const waveMm = random.between(2, 13);
  const thickMm = random.chance(0.7) ? random.between(2, 5) : random.between(6, 18);
  const apartMm = thickMm + random.between(3, 12);
  const wave = smoothNoise(random, random.between(30, 80));
  const endZ = random.chance(0.5) ? Infinity : random.between(-50, 250);
  const furthestMm = gapMm + layers * apartMm + 3 * waveMm;
  return (x, y, z, offSkinMm) => {
    if (offSkinMm > furthestMm || z > endZ) return false;
    const depth = offSkinMm - gapMm - waveMm * wave(x, y, z);
    if (depth < -thickMm / 2) return false;
    const layer = Math.round(depth / apartMm);
    return layer < layers && Math.abs(depth - layer * apartMm) < thickMm / 2;
  };
}
