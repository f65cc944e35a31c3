/** Winding tubes of changing width: great vessels, hilar bronchi, the oesophagus, leads. */
import type { Grid } from '../../src/kernel/ct/geometry/volume.ts';
import { boxOf } from './grid.ts';
import type { Point } from './lungShape.ts';

/** A point of an axis with the radius there, in mm. */
export type Bead = readonly [x: number, y: number, z: number, radius: number];

/** Beads of one radius. */
export function beads(points: readonly Point[], from: number, to = from): Bead[] {
  return points.map(([x, y, z], n) => [x, y, z, from + ((to - from) * n) / Math.max(1, points.length - 1)]);
}

const STEPS = 3;

/** The same strand with rounded bends: Catmull and Rom's spline through the beads (1974). */
export function rounded(strand: readonly Bead[]): Bead[] {
  const out: Bead[] = [];
  for (let n = 0; n < strand.length - 1; n++) {
    const [a, b, c, d] = [strand[Math.max(0, n - 1)]!, strand[n]!, strand[n + 1]!, strand[n + 2] ?? strand[n + 1]!];
    for (let step = 0; step < STEPS; step++) {
      const t = step / STEPS;
      out.push(
        b.map((_, axis) => {
          const [p, q, r, s] = [a[axis]!, b[axis]!, c[axis]!, d[axis]!];
          return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
        }) as unknown as Bead,
      );
    }
  }
  return [...out, strand.at(-1)!];
}

/** Calls `visit` for all voxels up to `marginMm` outside a strand, with their distance from its surface: negative within. */
export function visitStrand(
  grid: Grid,
  strand: readonly Bead[],
  marginMm: number,
  visit: (index: number, outsideMm: number) => void,
): void {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  for (let n = 0; n < strand.length - 1; n++) {
    const [from, to] = [strand[n]!, strand[n + 1]!];
    const reach = Math.max(from[3], to[3]) + marginMm;
    const low = [0, 1, 2].map((a) =>
      Math.max(0, Math.ceil((Math.min(from[a]!, to[a]!) - reach - origin[a]!) / spacing[a]!)),
    );
    const high = [0, 1, 2].map((a) =>
      Math.min(size[a]! - 1, Math.floor((Math.max(from[a]!, to[a]!) + reach - origin[a]!) / spacing[a]!)),
    );
    const [dx, dy, dz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    const length = dx * dx + dy * dy + dz * dz || 1e-9;
    const grow = to[3] - from[3];
    for (let k = low[2]!; k <= high[2]!; k++) {
      const pz = origin[2] + k * spacing[2] - from[2];
      for (let j = low[1]!; j <= high[1]!; j++) {
        const py = origin[1] + j * spacing[1] - from[1];
        for (let i = low[0]!; i <= high[0]!; i++) {
          const px = origin[0] + i * spacing[0] - from[0];
          const along = Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / length));
          const [ex, ey, ez] = [px - along * dx, py - along * dy, pz - along * dz];
          const square = ex * ex + ey * ey + ez * ez;
          const most = from[3] + along * grow + marginMm;
          if (square > most * most) continue;
          visit((k * size[1] + j) * size[0] + i, Math.sqrt(square) - most + marginMm);
        }
      }
    }
  }
}

/** Calls `visit` for all voxels within an ellipsoid with axes along x, y, z, with 0 at its centre and 1 on its surface. */
export function visitEllipsoid(
  grid: Grid,
  centre: Point,
  halfAxes: Point,
  visit: (index: number, outwards: number) => void,
): void {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const low = centre.map((c, a) => Math.max(0, Math.ceil((c - halfAxes[a]! - origin[a]!) / spacing[a]!)));
  const high = centre.map((c, a) => Math.min(size[a]! - 1, Math.floor((c + halfAxes[a]! - origin[a]!) / spacing[a]!)));
  for (let k = low[2]!; k <= high[2]!; k++)
    for (let j = low[1]!; j <= high[1]!; j++)
      for (let i = low[0]!; i <= high[0]!; i++) {
        const u = (origin[0] + i * spacing[0] - centre[0]) / halfAxes[0];
        const v = (origin[1] + j * spacing[1] - centre[1]) / halfAxes[1];
        const w = (origin[2] + k * spacing[2] - centre[2]) / halfAxes[2];
        const outwards = u * u + v * v + w * w;
        if (outwards <= 1) visit((k * size[1] + j) * size[0] + i, Math.sqrt(outwards));
      }
}
