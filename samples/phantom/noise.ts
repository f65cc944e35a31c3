/** Smooth and cellular noise in mm, seeded, quick enough for millions of voxels. */
import type { Random } from './random.ts';

export type Field = (x: number, y: number, z: number) => number;

const LATTICE = 32;

/** Smooth noise of about unit variance with features of about `cellMm`: trilinear values on a repeating lattice. */
export function smoothNoise(random: Random, cellMm: number): Field {
  const values = Float32Array.from({ length: LATTICE ** 3 }, () => random.normal() * 1.7);
  const offset = [random.between(0, LATTICE), random.between(0, LATTICE), random.between(0, LATTICE)] as const;
  const at = (i: number, j: number, k: number) =>
    values[(((k & 31) << 10) | ((j & 31) << 5) | (i & 31)) as number] as number;
  return (x, y, z) => {
    const u = x / cellMm + offset[0] + 1024;
    const v = y / cellMm + offset[1] + 1024;
    const w = z / cellMm + offset[2] + 1024;
    const i = Math.floor(u);
    const j = Math.floor(v);
    const k = Math.floor(w);
    const fx = u - i;
    const fy = v - j;
    const fz = w - k;
    const a = at(i, j, k) * (1 - fx) + at(i + 1, j, k) * fx;
    const b = at(i, j + 1, k) * (1 - fx) + at(i + 1, j + 1, k) * fx;
    const c = at(i, j, k + 1) * (1 - fx) + at(i + 1, j, k + 1) * fx;
    const d = at(i, j + 1, k + 1) * (1 - fx) + at(i + 1, j + 1, k + 1) * fx;
    return (a * (1 - fy) + b * fy) * (1 - fz) + (c * (1 - fy) + d * fy) * fz;
  };
}

/** What `cells` knows about a point; the same object is filled anew at every call. */
export interface CellPoint {
  /** Distance in mm from the nearest wall between two cells: 0 on a wall. */
  wallMm: number;
  /** Distance in mm from the centre of the cell. */
  centreMm: number;
  /** A number in 0–1 that is the cell's own. */
  own: number;
}

/** The cells of a jittered lattice with cells of about `cellMm` (Worley 1996; wall distance as half of F2 − F1). */
export function cells(random: Random, cellMm: number): (x: number, y: number, z: number) => CellPoint {
  const jitter = Float32Array.from({ length: 16 ** 3 * 4 }, () => random.between(0.1, 0.9));
  const point: CellPoint = { wallMm: 0, centreMm: 0, own: 0 };
  return (x, y, z) => {
    const u = x / cellMm + 4096;
    const v = y / cellMm + 4096;
    const w = z / cellMm + 4096;
    const i0 = Math.floor(u);
    const j0 = Math.floor(v);
    const k0 = Math.floor(w);
    let first = Infinity;
    let second = Infinity;
    let nearest = 0;
    for (let k = k0 - 1; k <= k0 + 1; k++)
      for (let j = j0 - 1; j <= j0 + 1; j++)
        for (let i = i0 - 1; i <= i0 + 1; i++) {
          const cell = (((k & 15) << 8) | ((j & 15) << 4) | (i & 15)) * 4;
          const dx = i + jitter[cell]! - u;
          const dy = j + jitter[cell + 1]! - v;
          const dz = k + jitter[cell + 2]! - w;
          const d = dx * dx + dy * dy + dz * dz;
          if (d < first) {
            second = first;
            first = d;
            nearest = cell;
          } else if (d < second) second = d;
        }
    point.wallMm = ((Math.sqrt(second) - Math.sqrt(first)) / 2) * cellMm;
    point.centreMm = Math.sqrt(first) * cellMm;
    point.own = (jitter[nearest + 3]! - 0.1) / 0.8;
    return point;
  };
}

/** Distance in mm from winding tubes about `cellMm` apart: where two smooth noises both cross zero. */
export function tubes(random: Random, cellMm: number): Field {
  const one = smoothNoise(random, cellMm);
  const other = smoothNoise(random, cellMm);
  // A step of one cell changes the noise by about 2; turned into mm by that slope.
  const slope = 2 / cellMm;
  return (x, y, z) => Math.hypot(one(x, y, z), other(x, y, z)) / slope;
}
