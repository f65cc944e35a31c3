/** The outer shape of two lungs with five lobes: analytic surfaces in mm, varied by a seed, after textbook proportions. */
import type { Random } from './random.ts';

/** x to the patient's left from the midline, y to the back from the chest's centre, z to the head from the lung bases' level. */
export type Point = readonly [x: number, y: number, z: number];

export interface LungShape {
  /** A lobe's number in the order of LOBES, CENTRAL_AIRWAY, or 0 outside the lungs. */
  readonly lobeAt: (x: number, y: number, z: number) => number;
  /** True where `lobeAt` knows the trachea and main bronchi, so that none have to be drawn. */
  readonly hasAirways: boolean;
  /** True where the lungs leave room for heart, vessels and hila, as in a patient: that room is then no lung, and no more is cut out. */
  readonly leavesRoom: boolean;
  readonly heightMm: number;
  readonly carina: Point;
  /** A box around both lungs in mm. */
  readonly low: Point;
  readonly high: Point;
}

interface Side {
  readonly sign: -1 | 1;
  readonly centreX: number;
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly domeZ: number;
  readonly domeHeight: number;
}

/** Share of the mediastinum's width that is lung just before the spine. */
const RECESS = 0.5;

export function drawLungShape(random: Random): LungShape {
  const scale = random.between(0.8, 1.01);
  const heightMm = random.between(215, 275) * scale;
  const halfWidth = random.between(62, 72) * scale;
  const halfDepth = random.between(82, 98) * scale;
  const centreX = halfWidth + random.between(5, 10);
  const right: Side = {
    sign: -1,
    centreX,
    halfWidth: halfWidth * 1.06,
    halfDepth,
    domeZ: random.between(4, 10),
    domeHeight: random.between(44, 62),
  };
  const left: Side = {
    sign: 1,
    centreX,
    halfWidth,
    halfDepth,
    domeZ: random.between(-8, 0),
    domeHeight: random.between(38, 54),
  };
  const waves = Array.from({ length: 6 }, () => ({
    x: random.between(-0.03, 0.03),
    y: random.between(-0.03, 0.03),
    z: random.between(-0.025, 0.025),
    phase: random.between(0, 2 * Math.PI),
    size: random.between(1, 3.5),
  }));
  const wave = (from: number, to: number, x: number, y: number, z: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const w = waves[i]!;
      sum += w.size * Math.sin(w.x * x + w.y * y + w.z * z + w.phase);
    }
    return sum;
  };
  const obliqueSlope = [random.between(0.9, 1.15), random.between(0.9, 1.2)] as const;
  const obliqueZ = [random.between(0.38, 0.45) * heightMm, random.between(0.38, 0.47) * heightMm] as const;
  const horizontalZ = random.between(0.47, 0.55) * heightMm;
  const horizontalTilt = random.between(-0.12, 0.05);
  const heart = {
    x: random.between(18, 30),
    y: -random.between(22, 34),
    z: random.between(40, 58),
    rx: random.between(56, 70) * scale,
    ry: random.between(44, 54) * scale,
    rz: random.between(56, 68) * scale,
  };
  const columnHalfWidth = random.between(19, 25);
  const vertebraMm = random.between(21, 24);
  const vertebraFromBackMm = random.between(33, 38);
  const taperAt = (t: number): number => (t < 0.3 ? 1 : Math.sqrt(Math.max(0, 1 - ((t - 0.3) / 0.7) ** 2.4)));
  /** Centre of the vertebral bodies: so far in front of the lungs' hindmost points as in patients. */
  const spineAt = (t: number): number => {
    const taper = taperAt(Math.min(t, 0.9));
    return 14 * (1 - taper) + halfDepth * (0.08 + 0.92 * taper) - vertebraFromBackMm;
  };

  const insideMediastinum = (x: number, y: number, z: number): boolean => {
    const hx = (x - heart.x) / heart.rx;
    const hy = (y - heart.y) / heart.ry;
    const hz = (z - heart.z) / heart.rz;
    if (hx * hx + hy * hy + hz * hz < 1) return true;
    const t = z / heightMm;
    const anterior = y < -0.55 * halfDepth ? 0.35 : 1;
    const width = columnHalfWidth * anterior * (t > 0.75 ? 1.15 : 1) + (t < 0.6 && t > 0.3 ? 5 : 0);
    const behind = y - spineAt(t);
    // Before the spine the lungs come closer to each other (azygo-oesophageal recess).
    const recess = 1 - RECESS * Math.min(1, Math.max(0, (behind + 44) / 28));
    if (Math.abs(x - 2) < width * recess && behind < 0) return true;
    if (Math.hypot(x, behind) < vertebraMm) return true;
    // Arches and transverse processes of the vertebrae, with the muscles beside them.
    return behind > 0 && Math.abs(x) < vertebraMm - 4 + 0.3 * behind;
  };

  const insideSide = (side: Side, x: number, y: number, z: number): boolean => {
    const t = z / heightMm;
    if (t > 1) return false;
    const taper = taperAt(t);
    const centre = side.centreX * (0.72 + 0.28 * taper);
    const u = (side.sign * x - centre) / (side.halfWidth * (0.1 + 0.9 * taper));
    const v = (y - 14 * (1 - taper)) / (side.halfDepth * (0.08 + 0.92 * taper));
    const w = Math.abs(u);
    if (w ** 2.4 + Math.abs(v) ** 2.2 > 1 + wave(0, 2, x, y, z) * 0.012) return false;
    const r2 = ((side.sign * x - side.centreX) / side.halfWidth) ** 2 + ((y + 18) / side.halfDepth) ** 2;
    const dome = side.domeZ + side.domeHeight * (1 - r2) - 22 * (y / side.halfDepth);
    return z > dome + wave(2, 4, x, y, z) * 0.8;
  };

  const lobeAt = (x: number, y: number, z: number): number => {
    const side = x < 0 ? right : left;
    if (!insideSide(side, x, y, z) || insideMediastinum(x, y, z)) return 0;
    const index = x < 0 ? 0 : 1;
    const oblique = obliqueZ[index] + obliqueSlope[index] * (y - 4) + wave(4, 6, x, y, z) + 0.08 * Math.abs(x);
    if (z < oblique) return x < 0 ? 3 : 5;
    if (x >= 0) return 4;
    return z < horizontalZ + horizontalTilt * (Math.abs(x) - centreX) + wave(2, 4, x, y, 0) ? 2 : 1;
  };

  const carina: Point = [0, spineAt(0.62) - random.between(48, 55) * scale, 0.62 * heightMm];
  return {
    lobeAt,
    hasAirways: false,
    leavesRoom: false,
    heightMm,
    carina,
    low: [-centreX - halfWidth * 1.1, -halfDepth * 1.05, -35],
    high: [centreX + halfWidth * 1.1, halfDepth * 1.05, heightMm],
  };
}
