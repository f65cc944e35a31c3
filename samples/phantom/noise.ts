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

/**
 * Distance in mm from the nearest wall between the cells of a jittered lattice (Worley 1996, F2 − F1 halved):
 * 0 on a wall, growing towards the middle of a cell.
 */
export function wallDistance(random: Random, cellMm: number): Field {
  const jitter = Float32Array.from({ length: 16 ** 3 * 3 }, () => random.between(0.1, 0.9));
  return (x, y, z) => {
    const u = x / cellMm + 4096;
    const v = y / cellMm + 4096;
    const w = z / cellMm + 4096;
    const i0 = Math.floor(u);
    const j0 = Math.floor(v);
    const k0 = Math.floor(w);
    let first = Infinity;
    let second = Infinity;
    for (let k = k0 - 1; k <= k0 + 1; k++)
      for (let j = j0 - 1; j <= j0 + 1; j++)
        for (let i = i0 - 1; i <= i0 + 1; i++) {
          const cell = (((k & 15) << 8) | ((j & 15) << 4) | (i & 15)) * 3;
          const dx = i + jitter[cell]! - u;
          const dy = j + jitter[cell + 1]! - v;
          const dz = k + jitter[cell + 2]! - w;
          const d = dx * dx + dy * dy + dz * dz;
          if (d < first) {
            second = first;
            first = d;
          } else if (d < second) second = d;
        }
    return ((Math.sqrt(second) - Math.sqrt(first)) / 2) * cellMm;
  };
}
