/**
 * How far the surfaces of two regions of voxels lie apart. A surface is the voxels of a region with a neighbour, over one
 * of their six faces, that is not of it; distances are those between centres of voxels, in mm. The mean is over both
 * surfaces together, and the 95th percentile of Hausdorff's distance the larger of both directions, as Metrics Reloaded
 * has them (L. Maier-Hein et al., Nature Methods 21, 2024).
 */
import { squaredDistances } from './distanceTransform.ts';

export interface SurfaceDistances {
  /** Of every voxel of either surface to the other one. */
  readonly meanMm: number;
  readonly hd95Mm: number;
  readonly hausdorffMm: number;
}

type Triple = readonly [number, number, number];

/** Both regions are 1 and 0 on one grid, beyond which nothing is; undefined where one of both is empty. */
export function surfaceDistances(
  left: Uint8Array,
  right: Uint8Array,
  size: Triple,
  spacing: Triple,
): SurfaceDistances | undefined {
  const surfaces = [surfaceOf(left, size), surfaceOf(right, size)] as const;
  if (surfaces.some((surface) => !surface.includes(1))) return undefined;
  const [toRight, toLeft] = [surfaces[1], surfaces[0]].map((other) => squaredDistances(other, size, spacing));
  const there = distancesOn(surfaces[0], toRight!);
  const back = distancesOn(surfaces[1], toLeft!);
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return {
    meanMm: (sum(there) + sum(back)) / (there.length + back.length),
    hd95Mm: Math.max(percentile(there, 0.95), percentile(back, 0.95)),
    hausdorffMm: Math.max(there.at(-1)!, back.at(-1)!),
  };
}

/** 1 in the voxels of a region that have a neighbour outside it. */
export function surfaceOf(region: Uint8Array, [nx, ny, nz]: Triple): Uint8Array {
  const surface = new Uint8Array(region.length);
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (!region[v]) continue;
        const isWithin =
          i > 0 &&
          i < nx - 1 &&
          j > 0 &&
          j < ny - 1 &&
          k > 0 &&
          k < nz - 1 &&
          region[v - 1] &&
          region[v + 1] &&
          region[v - nx] &&
          region[v + nx] &&
          region[v - nx * ny] &&
          region[v + nx * ny];
        if (!isWithin) surface[v] = 1;
      }
  return surface;
}

/** In rising order. */
function distancesOn(surface: Uint8Array, squared: Float64Array): Float64Array {
  const found: number[] = [];
  for (let v = 0; v < surface.length; v++) if (surface[v]) found.push(Math.sqrt(squared[v]!));
  return Float64Array.from(found).sort();
}

/** Interpolated between neighbours, as NumPy does (R's type 7). */
function percentile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  return sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}
