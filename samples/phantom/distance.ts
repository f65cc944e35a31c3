/** Distance from the edge of a mask, by two chamfer passes (Borgefors 1986) with the grid's own spacing. */
import type { Grid } from '../../src/kernel/ct/volume.ts';
import { boxOf } from './grid.ts';

/** Distance in mm from the nearest voxel where `inside` is 0, for voxels where it is not; 0 elsewhere. The grid's faces count as outside. */
export function depthInside(grid: Grid, inside: Uint8Array): Float32Array {
  const { sizeVoxels: size, spacing } = boxOf(grid);
  const [nx, ny, nz] = size;
  const steps: { dx: number; dy: number; dz: number; mm: number }[] = [];
  for (let dz = -1; dz <= 0; dz++)
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        if (dz === 0 && (dy > 0 || (dy === 0 && dx >= 0))) continue;
        steps.push({ dx, dy, dz, mm: Math.hypot(dx * spacing[0], dy * spacing[1], dz * spacing[2]) });
      }
  const depth = new Float32Array(inside.length).map((_, index) => (inside[index] ? 1e6 : 0));
  const pass = (direction: 1 | -1) => {
    const range = (n: number) => Array.from({ length: n }, (_, i) => (direction === 1 ? i : n - 1 - i));
    const [ks, js, is] = [range(nz), range(ny), range(nx)];
    for (const k of ks)
      for (const j of js)
        for (const i of is) {
          const index = (k * ny + j) * nx + i;
          let best = depth[index]!;
          if (best === 0) continue;
          for (const { dx, dy, dz, mm } of steps) {
            const [x, y, z] = [i + direction * dx, j + direction * dy, k + direction * dz];
            const near = x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : depth[(z * ny + y) * nx + x]!;
            if (near + mm < best) best = near + mm;
          }
          depth[index] = best;
        }
  };
  pass(1);
  pass(-1);
  return depth;
}
