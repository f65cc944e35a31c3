/** Everything around the lungs, drawn around any lobe map, real or made up: chest wall, ribs, spine, heart, abdomen, table, clothes. */
import type { Grid } from '../../src/kernel/ct/volume.ts';
import { boxOf } from './grid.ts';
import { smoothNoise } from './noise.ts';
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

interface Extent {
  cx: number;
  cy: number;
  hx: number;
  hy: number;
}

export interface BodyOptions {
  /** Arms beside the chest, as when they cannot be raised. */
  readonly arms?: boolean;
}

/**
 * Tissues of the whole field of view. Voxels of `lobes` stay lung; everything else gets a body around it. The
 * thorax is an oval per slice around the lungs' own extent, smoothed along z and carried on above and below them.
 */
export function drawBody(grid: Grid, lobes: Uint8Array, random: Random, options: BodyOptions = {}): Uint8Array {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = size;
  const tissues = new Uint8Array(nx * ny * nz);
  const found = lungExtents(grid, lobes);
  if (!found) return tissues;
  const { extents, firstLungZ, lastLungZ } = found;
  const wall = random.between(16, 30);
  const fat = random.between(3, 26);
  const depthShare = random.between(0.85, 1.05);
  const exponent = random.between(2.1, 2.6);
  const ribSpacing = random.between(24, 32);
  const ribSlope = random.between(0.25, 0.5);
  const ribPhase = random.between(0, ribSpacing);
  const ribWidth = random.between(9, 13);
  const organs = abdominalOrgans(random);
  const heartShift = random.between(-6, 10);
  const tableY = random.between(8, 30);
  const tableCurve = random.between(0, 0.0016);
  const tableHalfWidth = random.between(190, 265);
  const hasTable = random.chance(0.85);
  const clothing = drawClothing(random);
  const mediastinalFat = smoothNoise(random, 14);
  const lungHeight = Math.max(1, lastLungZ - firstLungZ);
  let backY = -Infinity;
  for (const e of extents) backY = Math.max(backY, e.cy + e.hy * depthShare + wall + fat);
  const armX = Math.max(...extents.map((e) => e.hx)) + wall + fat + random.between(42, 60);
  const armY = random.between(0, 45);
  const armRadius = random.between(30, 42);

  for (let k = 0; k < nz; k++) {
    const z = origin[2] + k * spacing[2];
    const e = extents[k]!;
    const height = (z - firstLungZ) / lungHeight;
    const neck = height > 0.93 ? Math.max(0.42, 1 - (height - 0.93) * 1.9) : 1;
    const shoulders = height > 0.82 ? Math.min(1, (height - 0.82) * 5) * neck : 0;
    for (let j = 0; j < ny; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = 0; i < nx; i++) {
        const index = (k * ny + j) * nx + i;
        if (lobes[index]) {
          tissues[index] = lobes[index] === 6 ? TISSUE.airwayLumen : TISSUE.lung;
          continue;
        }
        const x = origin[0] + i * spacing[0];
        const rx = x - e.cx;
        const ry = y - e.cy;
        const inner = oval(rx, ry, e.hx + 3, (e.hy + 3) * depthShare, exponent);
        const outerHx = (e.hx + wall) * neck + shoulders * 70;
        const outerHy = (e.hy * depthShare + wall) * neck;
        const muscle = oval(rx, ry, outerHx, outerHy, exponent);
        const skin = oval(rx, ry, outerHx + fat, outerHy + fat * 0.8, exponent);
        let code: number = TISSUE.outside;
        if (skin <= 1) code = muscle <= 1 ? TISSUE.muscle : TISSUE.fat;
        if (inner <= 1 && muscle <= 1) code = insideCage(rx, ry, z, height, e);
        if (muscle <= 1 && inner > 1) {
          const depth = (inner ** (1 / exponent) - 1) * Math.min(e.hx, e.hy);
          const angle = Math.atan2(Math.abs(rx), -ry);
          const ribZ = mod(z + ribPhase - ribSlope * angle * 60, ribSpacing);
          const rib = Math.hypot((depth - 4) / 4.5, (ribZ - ribWidth / 2) / (ribWidth / 2));
          if (rib < 1 && angle > 0.35 && height > -0.35 && height < 1.05)
            code = rib < 0.5 ? TISSUE.marrow : TISSUE.bone;
          const sternum = Math.hypot(rx / 18, (depth - 5) / 6);
          if (sternum < 1 && ry < 0 && height > 0.1 && height < 0.9) code = sternum < 0.6 ? TISSUE.marrow : TISSUE.bone;
          const scapula = Math.hypot(
            (Math.abs(rx) - 0.7 * e.hx) / (0.27 * e.hx),
            (depth - 13) / 4.5,
            (height - 0.72) / 0.28,
          );
          if (scapula < 1 && ry > 0.2 * e.hy) code = TISSUE.bone;
        }
        const spineY = e.hy * depthShare * 0.84;
        const spine = Math.hypot(rx, (ry - spineY) * 0.95);
        if (spine < 19 && skin <= 1) code = spine < 16 ? TISSUE.marrow : TISSUE.bone;
        else if (Math.abs(rx) < 5 && ry > spineY && ry < spineY + 48 && muscle <= 1) code = TISSUE.bone;
        else if (Math.hypot(rx, ry - spineY - 24) < 8 && skin <= 1) code = TISSUE.muscle;
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
          else if (code === TISSUE.outside && clothing(x, y, z, skin)) code = TISSUE.clothing;
        }
        tissues[index] = code;
      }
    }
  }
  return tissues;

  function insideCage(rx: number, ry: number, z: number, height: number, e: Extent): number {
    if (height < 0.32) {
      const below = organs(rx / e.hx, ry / e.hy, (z - firstLungZ) / 100);
      if (below && height < 0.28) return below;
    }
    const hx = (rx - 20 - heartShift) / 62;
    const hy = (ry + 26) / 52;
    const hz = (height - 0.27) / 0.27;
    if (hx * hx + hy * hy + hz * hz < 1) return TISSUE.heart;
    if (height > 0.98) return TISSUE.muscle;
    if (height > 0.3 && Math.hypot(rx - 12, ry - 18) < 14) return TISSUE.heart;
    return mediastinalFat(rx, ry, z) > 0.8 ? TISSUE.fat : TISSUE.mediastinum;
  }
}

/** Distance of an oval's kind: at most 1 inside. */
function oval(x: number, y: number, halfX: number, halfY: number, exponent: number): number {
  return Math.abs(x / halfX) ** exponent + Math.abs(y / halfY) ** exponent;
}

function mod(value: number, period: number): number {
  return value - Math.floor(value / period) * period;
}

/** Centre and half-axes of the lungs per slice; undefined without lung. Below the widest slice the trunk keeps its width; above the apices it keeps the last. */
function lungExtents(grid: Grid, lobes: Uint8Array) {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const [nx, ny, nz] = size;
  const raw: (Extent | undefined)[] = [];
  for (let k = 0; k < nz; k++) {
    let [x0, x1, y0, y1, count] = [nx, -1, ny, -1, 0];
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const label = lobes[(k * ny + j) * nx + i]!;
        if (label === 0 || label === 6) continue;
        count++;
        x0 = Math.min(x0, i);
        x1 = Math.max(x1, i);
        y0 = Math.min(y0, j);
        y1 = Math.max(y1, j);
      }
    raw[k] =
      count < 12
        ? undefined
        : {
            cx: origin[0] + ((x0 + x1) / 2) * spacing[0],
            cy: origin[1] + ((y0 + y1) / 2) * spacing[1],
            hx: ((x1 - x0 + 1) / 2) * spacing[0],
            hy: ((y1 - y0 + 1) / 2) * spacing[1],
          };
  }
  const first = raw.findIndex(Boolean);
  if (first < 0) return undefined;
  const last = raw.findLastIndex(Boolean);
  const filled = raw.map((_, k) => raw[Math.min(last, Math.max(first, k))] ?? raw[first]!);
  const widestSlice = filled.reduce((best, e, k) => (e.hx * e.hy > filled[best]!.hx * filled[best]!.hy ? k : best), 0);
  for (let k = 0; k < widestSlice; k++) filled[k] = filled[widestSlice]!;
  const reach = Math.max(1, Math.round(35 / spacing[2]));
  const widest = filled.map((_, k) => {
    const near = filled.slice(Math.max(0, k - reach), k + reach + 1);
    const mean = (pick: (e: Extent) => number) => near.reduce((sum, e) => sum + pick(e), 0) / near.length;
    const own = filled[k]!;
    return {
      cx: mean((e) => e.cx),
      cy: mean((e) => e.cy),
      hx: Math.max(
        own.hx + Math.abs(own.cx - mean((e) => e.cx)),
        mean((e) => e.hx),
      ),
      hy: Math.max(
        own.hy + Math.abs(own.cy - mean((e) => e.cy)),
        mean((e) => e.hy),
      ),
    };
  });
  return { extents: widest, firstLungZ: origin[2] + first * spacing[2], lastLungZ: origin[2] + last * spacing[2] };
}

/** Liver on the right, spleen and a stomach with its gas on the left, bowel further down: ellipsoids in body proportions. */
function abdominalOrgans(random: Random): (u: number, v: number, w: number) => number | undefined {
  const bowel = Array.from({ length: 14 }, () => ({
    u: random.between(-0.75, 0.75),
    v: random.between(-0.75, 0.35),
    w: random.between(-1.6, -0.15),
    r: random.between(0.08, 0.24),
    gas: random.chance(0.55),
  }));
  const stomach = {
    u: random.between(0.3, 0.55),
    v: random.between(-0.45, -0.1),
    w: random.between(-0.1, 0.2),
    r: random.between(0.18, 0.34),
  };
  const level = random.between(-0.2, 0.5);
  const fat = smoothNoise(random, 0.16);
  return (u, v, w) => {
    const s = Math.hypot(u - stomach.u, v - stomach.v, (w - stomach.w) * 0.9) / stomach.r;
    if (s < 1) return s < 0.88 && v - stomach.v < level * stomach.r ? TISSUE.bowelGas : TISSUE.abdomen;
    if (u < 0.3 && Math.hypot((u + 0.42) / 0.62, v / 0.9, (w - 0.1) / 0.9) < 1) return TISSUE.liver;
    if (Math.hypot((u - 0.66) / 0.24, (v - 0.5) / 0.35, (w + 0.02) / 0.5) < 1) return TISSUE.liver;
    for (const loop of bowel) {
      const d = Math.hypot(u - loop.u, v - loop.v, w - loop.w) / loop.r;
      if (d < 1) return loop.gas && d < 0.8 ? TISSUE.bowelGas : TISSUE.abdomen;
    }
    if (w < -0.2) return fat(u, v, w) > 0.2 ? TISSUE.fat : TISSUE.abdomen;
    return undefined;
  };
}

/** Thin folds of cloth or blankets just off the skin. */
function drawClothing(random: Random): (x: number, y: number, z: number, skin: number) => boolean {
  if (random.chance(0.4)) return () => false;
  const [a, b, c, phase] = [
    random.between(0.01, 0.05),
    random.between(0.01, 0.05),
    random.between(0, 0.02),
    random.between(0, 6),
  ];
  const reach = random.between(1.1, 1.6);
  return (x, y, z, skin) => skin < reach && Math.abs(Math.sin(x * a + y * b + z * c + phase) - (skin - 1) * 2) < 0.05;
}
