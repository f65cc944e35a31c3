/** Breasts of fat and glandular tissue on the chest wall, some with implants. */
import type { Organ } from './heart.ts';
import type { Landmarks } from './landmarks.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Gland makes up 5–60 % of a breast (Yaffe et al., Med Phys 2009); implants hold 200–450 ml. */
const IMPLANT_MM = [42, 58] as const;

/** Tissue at a point outside the muscles, undefined outside the breasts; they lie `wallMm` in front of the lungs. */
export function drawBreasts({ spine, frontY, baseZ, apexZ }: Landmarks, wallMm: number, random: Random): Organ {
  const has = random.chance(0.5);
  const hasImplants = random.chance(0.15);
  const z0 = baseZ + random.between(0.34, 0.46) * (apexZ - baseZ);
  const [spineX] = spine(z0);
  const apart = random.between(68, 90);
  const half = [random.between(50, 72), random.between(22, 75), random.between(50, 75)] as const;
  const backY = frontY(z0) - wallMm + random.between(0, 12);
  const glandFrom = random.between(-0.6, 1.4);
  const glands = smoothNoise(random, 13);
  const implantMm = random.between(...IMPLANT_MM);
  const deep = Math.max(half[1], hasImplants ? 45 : 0);
  return (x, y, z) => {
    if (!has || y > backY || y < backY - deep) return undefined;
    const u = (Math.abs(x - spineX) - apart) / half[0];
    const w = (z - z0) / half[2];
    const outwards = u * u + w * w + ((backY - y) / deep) ** 2;
    if (outwards > 1) return undefined;
    if (hasImplants) {
      const [iu, iw] = [(u * half[0]) / implantMm, (w * half[2]) / implantMm];
      if (iu * iu + iw * iw + ((backY - y - 4) / (0.5 * implantMm)) ** 2 < 1 && y < backY - 3) return TISSUE.implant;
    }
    return outwards < 0.72 && glands(x, y, z) > glandFrom ? TISSUE.gland : TISSUE.fat;
  };
}
