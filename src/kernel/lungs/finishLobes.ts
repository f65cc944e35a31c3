/** What is done to slices of lobes that were drawn, before they are looked at as a whole. */
import type { Stretch } from '../ct/geometry/resample.ts';
import type { GridSize, Volume } from '../ct/geometry/volume.ts';
import { closeGaps } from './closing.ts';
import { withoutPadding } from './withoutPadding.ts';

/** Closes narrow gaps with possible labels, and takes away labels of padding, in some slices of `labels`. */
export function finishLobes(
  { size: [nx, ny], affine, hu }: Volume,
  labels: Uint8Array,
  gapRadiusMm: number,
  { from, to }: Stretch,
): void {
  const size: GridSize = [nx, ny, to - from];
  const own = labels.subarray(from * nx * ny, to * nx * ny);
  closeGaps({ size, affine }, own, gapRadiusMm);
  const slices: Volume = { size, affine, hu: hu.subarray(from * nx * ny, to * nx * ny) };
  withoutPadding(slices, { size, affine, labels: own });
}
