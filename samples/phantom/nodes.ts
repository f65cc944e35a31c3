/** Lymph nodes of mediastinum and hila, sometimes enlarged, sometimes calcified. */
import type { Landmarks } from './landmarks.ts';
import type { Point } from './lungShape.ts';
import type { Random } from './random.ts';
import { visitEllipsoid } from './strand.ts';
import { type Anatomy, TISSUE } from './tissues.ts';

/** Stations of the IASLC map (Rusch et al., J Thorac Oncol 2009), from the carina and the spine. */
const STATIONS: readonly Point[] = [
  [-16, -14, 30],
  [14, -14, 30],
  [-18, -10, 14],
  [22, -6, 16],
  [26, -28, 14],
  [2, 6, -16],
  [4, 12, -30],
  [10, 22, -60],
  [-38, 2, -16],
  [-42, 10, -36],
  [38, 4, -16],
  [42, 12, -40],
  [-6, -50, 40],
];
/** Short axis of a node in health up to 10 mm; sarcoidosis, infection and cancer reach 30. */
const HEALTHY_MM = [3, 8] as const;
const ENLARGED_MM = [10, 28] as const;

const SOFT: ReadonlySet<number> = new Set([TISSUE.fat, TISSUE.mediastinum]);

export function drawNodes({ at }: Landmarks, anatomy: Anatomy, random: Random): void {
  const { tissues, lobes } = anatomy;
  const enlarged = random.chance(0.2);
  const calcified = random.chance(0.12);
  for (const station of STATIONS)
    for (let node = 0; node < 2; node++) {
      const [x, y, z] = at(...station);
      const centre: Point = [x + random.between(-6, 6), y + random.between(-6, 6), z + random.between(-8, 8)];
      const short = enlarged && random.chance(0.5) ? random.between(...ENLARGED_MM) : random.between(...HEALTHY_MM);
      const half: Point = [(short / 2) * random.between(1, 1.5), short / 2, (short / 2) * random.between(1, 1.8)];
      const chalk = calcified && random.chance(0.5) ? random.between(0.3, 1) : 0;
      visitEllipsoid(anatomy, centre, half, (index, outwards) => {
        if (lobes[index]! > 0 || !SOFT.has(tissues[index]!)) return;
        tissues[index] = outwards < chalk ? TISSUE.calcification : TISSUE.node;
      });
    }
}
