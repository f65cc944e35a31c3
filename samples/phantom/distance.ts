/** Distance from the edge of a mask, by two chamfer passes (Borgefors 1986) with the grid's own spacing. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
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
  const depth = new Float32Array(inside.length);
  for (let index = 0; index < inside.length; index++) if (inside[index]) depth[index] = 1e6;
  const visit = (i: number, j: number, k: number, direction: 1 | -1) => {
    const index = (k * ny + j) * nx + i;
    let best = depth[index]!;
    if (best === 0) return;
    for (const { dx, dy, dz, mm } of steps) {
      const x = i + direction * dx;
      const y = j + direction * dy;
      const z = k + direction * dz;
      const near = x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : depth[(z * ny + y) * nx + x]!;
      if (near + mm < best) best = near + mm;
    }
    depth[index] = best;
  };
  for (let k = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) visit(i, j, k, 1);
  for (let k = nz - 1; k >= 0; k--)
    for (let j = ny - 1; j >= 0; j--) for (let i = nx - 1; i >= 0; i--) visit(i, j, k, -1);
  return depth;
}
