/** What lies outside the ribs: muscles with fat between them, the axillae, clavicles and humeral heads. */
import { distanceFrom } from './grid.ts';
import type { Point } from './lungShape.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Tissue at a point in mm from the middle of its slice's lungs, `outsideMm` outside the ribs; undefined for muscle. */
export type Shoulders = (x: number, y: number, z: number, outsideMm: number) => number | undefined;

/** Muscle bellies of the chest wall are about as wide as this. */
const BELLY_MM = 20;

/** Draws one patient's shoulders around lungs whose highest point is at `apexZ`. Arms are down or raised. */
export function drawShoulders(random: Random, apexZ: number): Shoulders {
  const bellies = smoothNoise(random, BELLY_MM);
  const fatMm = random.between(0.3, 5);
  const raised = random.chance(0.6);
  const inner: Point = [random.between(14, 20), random.between(-70, -45), apexZ + random.between(-35, -5)];
  const outer: Point = [
    random.between(95, 130),
    random.between(-15, 25),
    apexZ + (raised ? random.between(20, 55) : random.between(-15, 25)),
  ];
  const fromClavicle = distanceFrom(inner, outer);
  const clavicleMm = random.between(5, 7.5);
  const humerus: Point = [
    outer[0] + random.between(0, 15),
    outer[1] + random.between(-5, 12),
    outer[2] - (raised ? -5 : 25),
  ];
  const humerusMm = random.between(20, 26);
  const axilla: Point = [random.between(88, 115), random.between(-15, 20), apexZ + random.between(-85, -45)];
  const axillaMm: Point = [random.between(14, 30), random.between(16, 34), random.between(30, 60)];
  return (rx, y, z, outsideMm) => {
    if (outsideMm < 0) return undefined;
    const x = Math.abs(rx);
    const humerusAt = Math.hypot(x - humerus[0], y - humerus[1], z - humerus[2]);
    if (humerusAt < humerusMm) return humerusAt < humerusMm - 4 ? TISSUE.marrow : TISSUE.bone;
    const clavicleAt = fromClavicle(x, y, z);
    if (clavicleAt < clavicleMm) return clavicleAt < clavicleMm - 3 ? TISSUE.marrow : TISSUE.bone;
    const belly = bellies(rx, y, z);
    const inAxilla = Math.hypot(
      (x - axilla[0]) / axillaMm[0],
      (y - axilla[1]) / axillaMm[1],
      (z - axilla[2]) / axillaMm[2],
    );
    if (inAxilla < 1 + 0.3 * belly) return TISSUE.fat;
    // Between two bellies the noise passes zero, at about one deviation per belly's half width.
    return Math.abs(belly) * (BELLY_MM / 2) < fatMm / 2 ? TISSUE.fat : undefined;
  };
}
