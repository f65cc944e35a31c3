/** Small loops over axis-aligned grids that several drawing steps share. */
import { axisAlignedAffine, type Grid, type GridSize, spacingMm } from '../../src/kernel/ct/geometry/volume.ts';
import type { Point } from './lungShape.ts';
import type { Tube } from './tree.ts';

export interface Box {
  readonly sizeVoxels: GridSize;
  readonly spacing: readonly [number, number, number];
  readonly origin: readonly [number, number, number];
}

/** Size, spacing and origin of an axis-aligned grid. */
export function boxOf(grid: Grid): Box {
  return {
    sizeVoxels: grid.size,
    spacing: spacingMm(grid),
    origin: [grid.affine[3] ?? 0, grid.affine[7] ?? 0, grid.affine[11] ?? 0],
  };
}

/** An axis-aligned grid of the given size around a centre in mm. */
export function gridAround(centre: Point, size: GridSize, spacing: readonly [number, number, number]): Grid {
  const origin = centre.map((c, a) => c - ((size[a]! - 1) * spacing[a]!) / 2) as [number, number, number];
  return { size, affine: axisAlignedAffine(spacing, origin) };
}

/** Calls `visit` with the voxel index and the distance in mm from the tube's axis, for all voxels within `radiusMm` of it. */
export function visitTube(
  grid: Grid,
  tube: Tube,
  radiusMm: number,
  visit: (index: number, distanceMm: number) => void,
): void {
  const { sizeVoxels: size, spacing, origin } = boxOf(grid);
  const low: number[] = [];
  const high: number[] = [];
  for (let a = 0; a < 3; a++) {
    const least = Math.min(tube.from[a]!, tube.to[a]!) - radiusMm;
    const most = Math.max(tube.from[a]!, tube.to[a]!) + radiusMm;
    low[a] = Math.max(0, Math.ceil((least - origin[a]!) / spacing[a]!));
    high[a] = Math.min(size[a]! - 1, Math.floor((most - origin[a]!) / spacing[a]!));
  }
  const distanceAt = distanceFrom(tube.from, tube.to);
  for (let k = low[2]!; k <= high[2]!; k++) {
    const z = origin[2] + k * spacing[2];
    for (let j = low[1]!; j <= high[1]!; j++) {
      const y = origin[1] + j * spacing[1];
      for (let i = low[0]!; i <= high[0]!; i++) {
        const distance = distanceAt(origin[0] + i * spacing[0], y, z);
        if (distance <= radiusMm) visit((k * size[1] + j) * size[0] + i, distance);
      }
    }
  }
}

/** Distance of points from the line between two others. */
export function distanceFrom([fx, fy, fz]: Point, to: Point): (x: number, y: number, z: number) => number {
  const [dx, dy, dz] = [to[0] - fx, to[1] - fy, to[2] - fz];
  const lengthSquared = dx * dx + dy * dy + dz * dz || 1e-9;
  return (x, y, z) => {
    const [px, py, pz] = [x - fx, y - fy, z - fz];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / lengthSquared));
    return Math.hypot(px - along * dx, py - along * dy, pz - along * dz);
  };
}
