/** Everything around the lungs, drawn around any lobe map, real or made up: chest wall, ribs, spine, heart, abdomen, table, clothes. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { fillBetweenLungs } from './betweenLungs.ts';
import { boxOf } from './grid.ts';
import type { Landmarks } from './landmarks.ts';
import type { Random } from './random.ts';
import { drawShoulders } from './shoulders.ts';
import { type Axes, DIRECTIONS, distanceOutside, type Outline, semiAxes, thoraxAround } from './thorax.ts';
import { CENTRAL_AIRWAY, TISSUE } from './tissues.ts';

/** What lies between lung and ribs is fat where it is thicker than this. */
const FATTY_PLEURA_MM = 2.5;

export interface BodyOptions {
  /** Arms beside the chest, as when they cannot be raised. */
  readonly arms?: boolean;
}

/**
 * Tissues of the whole field of view. Voxels of `lobes` stay lung; everything else gets a body around it: pleura and the
 * fat behind it on the lungs, ribs with muscle between them, and a coat of muscle and fat.
 */
export function drawBody(
  grid: Grid,
  lobes: Uint8Array,
  marks: Landmarks,
  random: Random,
  options: BodyOptions = {},
): Uint8Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = size;
  const tissues = new Uint8Array(nx * ny * nz);
  const thorax = thoraxAround(grid, lobes);
  if (!thorax) return tissues;
  const { outlines, firstLungZ, lastLungZ } = thorax;
  const axes = outlines.map(semiAxes);
  const pleuraMm = random.between(0.5, 3.5);
  const ribMm = random.between(6, 9);
  const wall = random.between(16, 30);
  const backMuscle = random.between(8, 24);
  const fat = random.between(3, 26);
  const ribSpacing = random.between(24, 32);
  const ribSlope = random.between(0.25, 0.5);
  const ribPhase = random.between(0, ribSpacing);
  const ribWidth = random.between(9, 13);
  const tableY = random.between(8, 30);
  const tableCurve = random.between(0, 0.0016);
  const tableHalfWidth = random.between(190, 265);
  const hasTable = random.chance(0.85);
  const clothing = drawClothing(random);
  const between = fillBetweenLungs(grid, lobes, marks, random);
  const lungHeight = Math.max(1, lastLungZ - firstLungZ);
  let backY = -Infinity;
  for (const e of axes) backY = Math.max(backY, e.cy + e.hy + wall + backMuscle + fat);
  const armX = Math.max(...axes.map((e) => e.hx)) + wall + fat + random.between(42, 60);
  const armY = random.between(0, 45);
  const armRadius = random.between(30, 42);
  const shoulders = drawShoulders(random, firstLungZ + lungHeight);

  for (let k = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    const e = axes[k]!;
    const outline = outlines[k]!;
    const height = (z - firstLungZ) / lungHeight;
    const neck = height > 0.93 ? Math.max(0.42, 1 - (height - 0.93) * 1.9) : 1;
    const widening = height > 0.82 ? Math.min(1, (height - 0.82) * 5) * neck : 0;
    const [spineX, spineY] = marks.spine(z);
    const trunk = trunkAround(outline, e, wall, backMuscle, neck, widening * 70);
    for (let j = 0; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = 0; i < nx; i++) {
        const index = (k * ny + j) * nx + i;
        if (lobes[index]) {
          tissues[index] = lobes[index] === CENTRAL_AIRWAY ? TISSUE.airwayLumen : TISSUE.lung;
          continue;
        }
        const x = origin[0] + i * spacing[0];
        const rx = x - e.cx;
        const ry = y - e.cy;
        const depth = distanceOutside(outline, x, y) - pleuraMm;
        const muscle = distanceOutside(trunk, x, y);
        let code: number = TISSUE.outside;
        if (muscle <= 0)
          code = depth > 0 ? chestWall(rx, ry, z, height, depth, e) : insideCage(index, x, y, z, height, depth);
        else if (muscle <= fat) code = TISSUE.fat;
        if (muscle <= fat) code = vertebra(x - spineX, y - spineY, muscle) ?? code;
        if (code === TISSUE.outside) {
          if (options.arms) {
            const arm = Math.hypot(Math.abs(rx) - armX, ry - armY);
            if (arm < armRadius)
              code =
                arm < 11 ? (arm < 6 ? TISSUE.marrow : TISSUE.bone) : arm < armRadius - 9 ? TISSUE.muscle : TISSUE.fat;
          }
          const below = y - backY - tableY + tableCurve * rx * rx;
          if (hasTable && Math.abs(rx) < tableHalfWidth && below > 0 && below < 38)
            code = below < 4 || below > 33 || Math.abs(rx) > tableHalfWidth - 5 ? TISSUE.table : TISSUE.outside;
          else if (code === TISSUE.outside && clothing(x, y, z, muscle - fat)) code = TISSUE.clothing;
        }
        tissues[index] = code;
      }
    }
  }
  return tissues;

  /** What lies `depth` mm outside the thorax. */
  function chestWall(rx: number, ry: number, z: number, height: number, depth: number, e: Axes): number {
    const scapula = Math.hypot((Math.abs(rx) - 0.7 * e.hx) / (0.27 * e.hx), (depth - 13) / 4.5, (height - 0.72) / 0.28);
    if (scapula < 1 && ry > 0.2 * e.hy) return TISSUE.bone;
    const sternum = Math.hypot(rx / 18, (depth - 5) / 6);
    if (sternum < 1 && ry < 0 && height > 0.1 && height < 0.9) return sternum < 0.6 ? TISSUE.marrow : TISSUE.bone;
    const angle = Math.atan2(Math.abs(rx), -ry);
    const ribZ = mod(z + ribPhase - ribSlope * angle * 60, ribSpacing);
    const rib = Math.hypot((depth - ribMm / 2) / (ribMm / 2), (ribZ - ribWidth / 2) / (ribWidth / 2));
    if (rib < 1 && angle > 0.35 && height > -0.35 && height < 1.05) return rib < 0.5 ? TISSUE.marrow : TISSUE.bone;
    return shoulders(rx, ry, z, depth - ribMm) ?? TISSUE.muscle;
  }

  /** A vertebra around the centre of its body: body, spinal canal, arch with its processes. */
  function vertebra(x: number, y: number, muscle: number): number | undefined {
    if (y < -18 || y > 62 || Math.abs(x) > 34) return undefined;
    const body = Math.hypot(x, y * 1.12);
    if (body < 18.5) return body < 16 ? TISSUE.marrow : TISSUE.bone;
    const canal = Math.hypot(x, y - 25);
    if (canal < 8.5) return TISSUE.muscle;
    if (canal < 12) return TISSUE.bone;
    if (Math.abs(x) < 4 && y > 25 && muscle <= 0) return TISSUE.bone;
    // Transverse processes reach back and out from the arch.
    return Math.abs(Math.abs(x) * 0.45 - (y - 24)) < 4 && y > 20 ? TISSUE.bone : undefined;
  }

  /** What lies within the thorax beside the lungs, `-depth` mm from its wall. */
  function insideCage(index: number, x: number, y: number, z: number, height: number, depth: number): number {
    if (pleuraMm > FATTY_PLEURA_MM && depth > -pleuraMm) return TISSUE.fat;
    if (height > 0.98) return TISSUE.muscle;
    return between(index, x, y, z);
  }
}

/**
 * The outline of trunk, neck and shoulders without their fat: the thorax with its wall, thicker by `backMm` behind,
 * narrower by `neck`, and wider by `shouldersMm` to either side.
 */
function trunkAround(
  thorax: Outline,
  { cx, cy }: Axes,
  wallMm: number,
  backMm: number,
  neck: number,
  shouldersMm: number,
): Outline {
  return thorax.map((reach, n) => {
    const [dx, dy] = [DIRECTIONS.x[n]!, DIRECTIONS.y[n]!];
    const centre = cx * dx + cy * dy;
    return centre + (reach - centre + wallMm + backMm * Math.max(0, dy)) * neck + shouldersMm * Math.abs(dx);
  });
}

function mod(value: number, period: number): number {
  return value - Math.floor(value / period) * period;
}

/** Thin folds of cloth or blankets just off the skin. */
function drawClothing(random: Random): (x: number, y: number, z: number, offSkinMm: number) => boolean {
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
