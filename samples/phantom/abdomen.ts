/** What lies under the diaphragm: liver, spleen, stomach and bowel with their gas, kidneys, muscles beside the spine, fat. */
import type { Organ } from './heart.ts';
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

interface Ball {
  readonly centre: Point;
  readonly half: Point;
}

interface Loop extends Ball {
  readonly filling: number;
}

/** Organs at a point that is known to lie under the diaphragm and within the trunk. */
export function drawAbdomen({ spine, domeZ }: Landmarks, random: Random): Organ {
  const [rightZ, leftZ] = domeZ;
  const [sx, sy] = spine(leftZ);
  const liverLowZ = rightZ - random.between(115, 175);
  const leftLobeX = sx + random.between(10, 60);
  const fat = smoothNoise(random, 16);
  const visceralFat = random.between(-0.8, 0.9);
  const spleen: Ball = {
    centre: [sx + random.between(82, 100), sy - random.between(20, 40), leftZ - random.between(38, 55)],
    half: [random.between(20, 30), random.between(38, 52), random.between(40, 58)],
  };
  const stomach: Ball = {
    centre: [sx + random.between(45, 65), sy - random.between(70, 92), leftZ - random.between(28, 48)],
    half: [random.between(26, 42), random.between(30, 46), random.between(24, 44)],
  };
  // Gas rises to the front of a patient who lies on the back.
  const gasBelowY = stomach.centre[1] + stomach.half[1] * random.between(-0.8, 0.5);
  const stomachFilling = random.chance(0.5) ? TISSUE.bowelContent : TISSUE.abdomen;
  const loops = [...flexures(random, [sx, sy], rightZ, leftZ), ...bowel(random, [sx, sy], leftZ)];
  const kidneys = [-1, 1].map(
    (side): Ball => ({
      centre: [
        sx + side * random.between(52, 62),
        sy - random.between(2, 18),
        (side < 0 ? rightZ : leftZ) - random.between(115, 140),
      ],
      half: [random.between(23, 29), random.between(24, 30), random.between(46, 60)],
    }),
  );
  const psoasMm = random.between(14, 24);
  return (x, y, z) => {
    const spineDistance = Math.abs(x - sx);
    if (z < leftZ - 105 && Math.hypot(spineDistance - 38, y - sy + 4) < psoasMm) return TISSUE.muscle;
    for (const kidney of kidneys) {
      const outwards = outwardsOf(kidney, x, y, z);
      if (outwards < 1) return TISSUE.kidney;
      if (outwards < 1.7) return TISSUE.fat;
    }
    // The crura hold aorta and oesophagus.
    if (spineDistance < 26 && y > sy - 46) return y > sy - 24 || fat(x, y, z) < -0.3 ? TISSUE.muscle : TISSUE.fat;
    for (const loop of loops) {
      const outwards = outwardsOf(loop, x, y, z);
      if (outwards < 1) return outwards < 0.72 ? loop.filling : TISSUE.abdomen;
    }
    if (outwardsOf(stomach, x, y, z) < 1) {
      if (outwardsOf(stomach, x, y, z) > 0.82) return TISSUE.abdomen;
      return y < gasBelowY ? TISSUE.bowelGas : stomachFilling;
    }
    if (outwardsOf(spleen, x, y, z) < 1) return TISSUE.liver;
    if (isLiver(x, y, z)) return TISSUE.liver;
    return fat(x, y, z) > visceralFat && z < leftZ - 60 ? TISSUE.abdomen : TISSUE.fat;
  };

  /** The liver fills the room under the right dome, and reaches over to the left in front. */
  function isLiver(x: number, y: number, z: number): boolean {
    if (x < sx - 8) return z > liverLowZ + 0.5 * Math.max(0, x - sx + 90) + 0.3 * Math.max(0, sy - 60 - y);
    return x < leftLobeX + 6 * fat(x, y, z) && y < sy - 58 && z > rightZ - 85 + 0.6 * (x - sx);
  }
}

function outwardsOf({ centre, half }: Ball, x: number, y: number, z: number): number {
  return ((x - centre[0]) / half[0]) ** 2 + ((y - centre[1]) / half[1]) ** 2 + ((z - centre[2]) / half[2]) ** 2;
}

/** The colon's bends, with gas high under the left dome, and now and then between liver and right dome (Chilaiditi). */
function flexures(random: Random, [sx, sy]: readonly [number, number], rightZ: number, leftZ: number): Loop[] {
  const gas = (centre: Point, half: Point): Loop => ({ centre, half, filling: TISSUE.bowelGas });
  const loops: Loop[] = [];
  if (random.chance(0.55))
    loops.push(
      gas(
        [sx + random.between(70, 105), sy - random.between(70, 110), leftZ - random.between(12, 40)],
        [random.between(18, 32), random.between(20, 40), random.between(14, 26)],
      ),
    );
  if (random.chance(0.1))
    loops.push(
      gas(
        [sx - random.between(50, 100), sy - random.between(100, 130), rightZ - random.between(10, 30)],
        [random.between(20, 40), random.between(16, 30), random.between(12, 22)],
      ),
    );
  return loops;
}

function bowel(random: Random, [sx, sy]: readonly [number, number], leftZ: number): Loop[] {
  const contrast = random.chance(0.2);
  return Array.from({ length: 16 }, () => {
    const radius = random.between(10, 30);
    const gas = random.chance(0.5);
    return {
      centre: [sx + random.between(-95, 95), sy - random.between(55, 150), leftZ - random.between(75, 300)] as const,
      half: [radius, radius * random.between(0.7, 1.1), radius * random.between(0.8, 1.6)] as const,
      filling: gas ? TISSUE.bowelGas : contrast ? TISSUE.bowelContent : TISSUE.abdomen,
    };
  });
}
