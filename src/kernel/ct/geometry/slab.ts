/**
 * Slabs: what lies within some millimetres of a slice, as its highest (MIP), its lowest (MinIP) or its mean Hounsfield
 * units. The millimetres are those between the slices of this CT, whatever their number.
 */
import type { Plane, Slab } from '../../../protocol/view.ts';
import { extractSlice, type SlicePixels, sliceCounts } from './slice.ts';
import type { Grid, Volume } from './volume.ts';

/** A slice of a slab, with the share of its own thickness that lies within it. */
export interface SlabPart {
  readonly index: number;
  readonly share: number;
}

/** Distance in mm between neighbouring slices of a plane, along their normal. */
export function sliceDistanceMm({ affine }: Pick<Grid, 'affine'>, plane: Plane): number {
  const column = (c: number) => [affine[c]!, affine[4 + c]!, affine[8 + c]!] as const;
  const across = { sagittal: 0, coronal: 1, axial: 2 }[plane];
  const [a, b] = [0, 1, 2].filter((c) => c !== across).map(column);
  const [ax, ay, az] = a!;
  const [bx, by, bz] = b!;
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx] as const;
  const step = column(across);
  return Math.abs(step.reduce((sum, value, n) => sum + value * normal[n]!, 0)) / Math.hypot(...normal);
}

/** The slices, `distanceMm` apart, of which any part lies in the slab around slice `index` of `count`. */
export function slabParts(index: number, count: number, distanceMm: number, mm: number): SlabPart[] {
  const half = mm / 2 / distanceMm;
  const parts: SlabPart[] = [];
  for (let n = Math.floor(index - half); n <= Math.ceil(index + half); n++) {
    if (n < 0 || n >= count) continue;
    const share = Math.min(n + 0.5, index + half) - Math.max(n - 0.5, index - half);
    // Less than a hundredth is rounding.
    if (share > 0.01) parts.push({ index: n, share: Math.min(1, share) });
  }
  return parts;
}

/**
 * Pixels of a slab, as `extractSlice` gives those of a slice. Of the highest and lowest, slices count that lie in the slab
 * by half or more, and the middle one always; of the mean, each by its share. Beyond the CT's ends there is nothing.
 */
export function extractSlab(
  { hu, size, affine }: Volume,
  plane: Plane,
  index: number,
  { kind, mm }: Slab,
): SlicePixels<Int16Array> {
  const parts = slabParts(index, sliceCounts(size)[plane], sliceDistanceMm({ affine }, plane), mm);
  const middle = extractSlice(hu, size, plane, index);
  const { pixels } = middle;
  if (kind === 'mean') {
    const sums = new Float32Array(pixels.length);
    let shares = 0;
    for (const { index: n, share } of parts) {
      const other = n === index ? pixels : extractSlice(hu, size, plane, n).pixels;
      for (let p = 0; p < sums.length; p++) sums[p]! += other[p]! * share;
      shares += share;
    }
    return { ...middle, pixels: Int16Array.from(sums, (sum) => Math.round(sum / shares)) };
  }
  for (const { index: n, share } of parts) {
    if (n === index || share < 0.499) continue;
    const other = extractSlice(hu, size, plane, n).pixels;
    if (kind === 'mip') for (let p = 0; p < pixels.length; p++) pixels[p] = Math.max(pixels[p]!, other[p]!);
    else for (let p = 0; p < pixels.length; p++) pixels[p] = Math.min(pixels[p]!, other[p]!);
  }
  return middle;
}
