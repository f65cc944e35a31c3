/** The body around the lungs of any lobe map, real or made up: chest wall, ribs, spine, what lies between the lungs and below them, couch, cloth. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { drawArms } from './arms.ts';
import { fillBetweenLungs } from './betweenLungs.ts';
import { drawBreasts } from './breasts.ts';
import { drawCloth } from './cloth.ts';
import { drawCouch } from './couch.ts';
import { boxOf } from './grid.ts';
import { drawHead, JAW_ABOVE_APEX_MM, NECK_ENDS_ABOVE_APEX_MM } from './head.ts';
import type { Landmarks } from './landmarks.ts';
import { drawLowerBody } from './legs.ts';
import type { Random } from './random.ts';
import { drawShoulders } from './shoulders.ts';
import { type Axes, DIRECTIONS, distanceOutside, type Outline, semiAxes, thoraxAround } from './thorax.ts';
import { CENTRAL_AIRWAY, TISSUE } from './tissues.ts';

/** Height of a thoracic vertebra with its disc, and of the disc (Panjabi et al., Spine 1991). */
const VERTEBRA_MM = 27;
const DISC_MM = 5;
const ARCH_MM = 18;
/** Blankets hang down beside the couch this far below the patient's back. */
const BLANKET_BELOW_MM = 25;
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
  const between = fillBetweenLungs(grid, lobes, marks, random);
  const lungHeight = Math.max(1, lastLungZ - firstLungZ);
  let backY = -Infinity;
  for (const e of axes) backY = Math.max(backY, e.cy + e.hy + wall + backMuscle + fat);
  const couch = drawCouch(random.fork('couch'), backY);
  const cloth = drawCloth(random.fork('cloth'));
  const breasts = drawBreasts(marks, wall, random.fork('breasts'));
  const head = drawHead(marks, random.fork('head'));
  const lower = drawLowerBody(marks, fat, random.fork('legs'));
  const shoulders = drawShoulders(random, firstLungZ + lungHeight);
  const [jawZ, neckEndsZ] = [marks.apexZ + JAW_ABOVE_APEX_MM, marks.apexZ + NECK_ENDS_ABOVE_APEX_MM];

  for (let k = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    const e = axes[k]!;
    const outline = outlines[k]!;
    const height = (z - firstLungZ) / lungHeight;
    const neck = height > 0.93 ? Math.max(0.42, 1 - (height - 0.93) * 1.9) : 1;
    const widening = height > 0.82 ? Math.min(1, (height - 0.82) * 5) * neck * 70 : hipsMm(z);
    const trunk = trunkAround(outline, e, wall, backMuscle, neck, widening);
    const hasTrunk = z > lower.crotchZ && z < neckEndsZ;
    for (let j = 0; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = 0; i < nx; i++) {
        const index = (k * ny + j) * nx + i;
        if (lobes[index]) {
          tissues[index] = lobes[index] === CENTRAL_AIRWAY ? TISSUE.airwayLumen : TISSUE.lung;
          continue;
        }
        const x = origin[0] + i * spacing[0];
        const muscle = distanceOutside(trunk, x, y);
        let code: number | undefined;
        if (z > jawZ) code = head(x, y, z);
        if (z <= lower.crotchZ) code = lower.legs(x, y, z);
        else if (hasTrunk) code ??= inTrunk(index, x, y, z, muscle, height, k);
        code ??= couch(x - e.cx, y);
        tissues[index] =
          code ??
          (hasTrunk && y < backY + BLANKET_BELOW_MM ? cloth(x, y, z, muscle - fat) : undefined) ??
          TISSUE.outside;
      }
    }
  }
  const shoulderK = Math.min(nz - 1, Math.max(0, Math.round((lastLungZ - 25 - origin[2]) / spacing[2])));
  const { cx, cy, hx } = axes[shoulderK]!;
  const shoulder = { middle: [cx, cy + 10, lastLungZ - 20] as const, halfWidthMm: hx + wall + fat + 30 };
  drawArms(grid, tissues, shoulder, options.arms ?? false, random.fork('arms'));
  return tissues;

  /** Tissue within the skin of chest, neck and abdomen; undefined outside. */
  function inTrunk(
    index: number,
    x: number,
    y: number,
    z: number,
    muscle: number,
    height: number,
    k: number,
  ): number | undefined {
    if (muscle > fat) return breasts(x, y, z);
    const [spineX, spineY] = marks.spine(z);
    const bone = (muscle <= 0 ? lower.pelvis(x, y, z) : undefined) ?? vertebra(x - spineX, y - spineY, z, muscle);
    if (bone !== undefined) return bone;
    if (muscle > 0) return breasts(x, y, z) ?? TISSUE.fat;
    const { cx, cy, hx, hy } = axes[k]!;
    const depth = distanceOutside(outlines[k]!, x, y) - pleuraMm;
    if (depth > 0) return chestWall(x - cx, y - cy, z, height, depth, hx, hy);
    return insideCage(index, x, y, z, height, depth);
  }

  /** Hips are wider than the waist. */
  function hipsMm(z: number): number {
    return 24 * Math.min(1, Math.max(0, (marks.baseZ - 70 - z) / 130));
  }

  /** What lies `depth` mm outside the thorax. */
  function chestWall(rx: number, ry: number, z: number, height: number, depth: number, hx: number, hy: number): number {
    const scapula = Math.hypot((Math.abs(rx) - 0.7 * hx) / (0.27 * hx), (depth - 13) / 4.5, (height - 0.72) / 0.28);
    if (scapula < 1 && ry > 0.2 * hy) return TISSUE.bone;
    const sternum = Math.hypot(rx / 18, (depth - 5) / 6);
    if (sternum < 1 && ry < 0 && height > 0.1 && height < 0.9) return sternum < 0.6 ? TISSUE.marrow : TISSUE.bone;
    const angle = Math.atan2(Math.abs(rx), -ry);
    const ribZ = mod(z + ribPhase - ribSlope * angle * 60, ribSpacing);
    const rib = Math.hypot((depth - ribMm / 2) / (ribMm / 2), (ribZ - ribWidth / 2) / (ribWidth / 2));
    if (rib < 1 && angle > 0.35 && height > -0.35 && height < 1.05) return rib < 0.5 ? TISSUE.marrow : TISSUE.bone;
    return shoulders(rx, ry, z, depth - ribMm) ?? TISSUE.muscle;
  }

  /** A vertebra around the centre of its body: body, spinal canal, arch with its processes. */
  function vertebra(x: number, y: number, z: number, muscle: number): number | undefined {
    if (y < -18 || y > 62 || Math.abs(x) > 34) return undefined;
    const body = Math.hypot(x, y * 1.12);
    if (body < 18.5) {
      if (mod(z, VERTEBRA_MM) < DISC_MM) return TISSUE.muscle;
      return body < 16 ? TISSUE.marrow : TISSUE.bone;
    }
    const canal = Math.hypot(x, y - 25);
    if (canal < 8.5) return TISSUE.muscle;
    // Between two arches there are joints and ligaments.
    if (mod(z, VERTEBRA_MM) > ARCH_MM) return undefined;
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
