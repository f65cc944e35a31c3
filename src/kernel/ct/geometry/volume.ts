/** One CT volume and the label maps on its grid. */
import { MIN_HU } from '../../../protocol/hounsfield.ts';
import { forEachLabelledRun } from './labelled.ts';

/** Row-major 4 × 4 matrix from voxel index (i, j, k, 1) to patient coordinates in mm, DICOM's LPS (x to the left, y to the back, z to the head). */
export type Affine = readonly number[];

/** Numbers of voxels along i (columns), j (rows), k (slices). */
export type GridSize = readonly [nx: number, ny: number, nz: number];

export interface Grid {
  readonly size: GridSize;
  readonly affine: Affine;
}

/**
 * A CT in Hounsfield units. `hu` is in z, y, x order: index = (k · ny + j) · nx + i. Loaders deliver i towards the
 * patient's left, j towards the back and k towards the head, up to an oblique tilt that the affine holds.
 */
export interface Volume extends Grid {
  readonly hu: Int16Array;
}

/** One byte per voxel, in the same order as the volume that it belongs to. 0 is outside. */
export interface LabelMap extends Grid {
  readonly labels: Uint8Array;
}

/** What loaders write where a scanner reconstructed nothing, and in place of everything below. */
export const PADDING_HU = MIN_HU;

/** What `of` gives for i, j and k: a map over a triple that stays a triple. */
export function perAxis<T>(of: (axis: 0 | 1 | 2) => T): [T, T, T] {
  return [of(0), of(1), of(2)];
}

/** Distance in mm between neighbouring voxels along i, j and k. */
export function spacingMm({ affine }: Grid): [number, number, number] {
  const column = (c: number) => Math.hypot(affine[c] ?? 0, affine[4 + c] ?? 0, affine[8 + c] ?? 0);
  return [column(0), column(1), column(2)];
}

/** Volume of one voxel in ml, sheared grids (gantry tilt) included. */
export function voxelMl({ affine }: Grid): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = affine;
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) / 1000;
}

export function labelledVoxels({ labels, size }: LabelMap): number {
  let count = 0;
  forEachLabelledRun(labels, size[0], (first, end) => {
    count += end - first;
  });
  return count;
}

/** Volume of all labelled voxels in ml. */
export function labelledMl(map: LabelMap): number {
  return labelledVoxels(map) * voxelMl(map);
}

/** The affine of an axis-aligned grid. */
export function axisAlignedAffine(
  spacing: readonly [number, number, number],
  origin: readonly [number, number, number],
): Affine {
  return [spacing[0], 0, 0, origin[0], 0, spacing[1], 0, origin[1], 0, 0, spacing[2], origin[2], 0, 0, 0, 1];
}
