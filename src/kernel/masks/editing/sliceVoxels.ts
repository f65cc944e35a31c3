/** Which voxels the pixels of a slice are: the way back from `extractSlice`. */

import type { Raster } from '../../../protocol/painting/brush.ts';
import type { EditedBox } from '../../../protocol/painting/editing.ts';
import type { Plane } from '../../../protocol/view.ts';
import { pixelSizeMm } from '../../ct/geometry/slice.ts';
import { type Grid, type GridSize, spacingMm } from '../../ct/geometry/volume.ts';

/** The voxel of a pixel is `start + column * across + row * down`. */
export interface SliceVoxels {
  readonly start: number;
  readonly across: number;
  readonly down: number;
}

export function sliceVoxels(plane: Plane, index: number, [nx, ny, nz]: GridSize): SliceVoxels {
  const slice = nx * ny;
  if (plane === 'axial') return { start: index * slice, across: 1, down: nx };
  // Coronal and sagittal pictures have the head, where the last axial slice is, on top.
  const top = (nz - 1) * slice;
  return plane === 'coronal'
    ? { start: top + index * nx, across: 1, down: -slice }
    : { start: top + index, across: nx, down: -slice };
}

export function rasterOf(plane: Plane, grid: Grid): Raster {
  const [nx, ny, nz] = grid.size;
  const [pixelWidthMm, pixelHeightMm] = pixelSizeMm(plane, spacingMm(grid));
  return {
    width: plane === 'sagittal' ? ny : nx,
    height: plane === 'axial' ? ny : nz,
    pixelWidthMm,
    pixelHeightMm,
  };
}

/** Millimetres from one slice of the plane to the next. */
export function sliceStepMm(plane: Plane, grid: Grid): number {
  const [x, y, z] = spacingMm(grid);
  return { axial: z, coronal: y, sagittal: x }[plane];
}

/** The box around runs of voxels, first and length at `stride` numbers each; undefined without any. */
export function boxAround(
  all: readonly { readonly runs: Int32Array; readonly stride: number }[],
  [nx, ny]: GridSize,
): EditedBox | undefined {
  const low = { axial: Infinity, coronal: Infinity, sagittal: Infinity };
  const high = { axial: -1, coronal: -1, sagittal: -1 };
  for (const { runs, stride } of all)
    for (let r = 0; r < runs.length; r += stride) {
      const [first, last] = [runs[r]!, runs[r]! + runs[r + 1]! - 1];
      const [k, j, i] = [Math.floor(first / (nx * ny)), Math.floor(first / nx) % ny, first % nx];
      low.axial = Math.min(low.axial, k);
      high.axial = Math.max(high.axial, k);
      low.coronal = Math.min(low.coronal, j);
      high.coronal = Math.max(high.coronal, j);
      low.sagittal = Math.min(low.sagittal, i);
      // Runs stay within their row.
      high.sagittal = Math.max(high.sagittal, last % nx);
    }
  return high.axial < 0 ? undefined : { low, high };
}

export function joinedBoxes(a: EditedBox | undefined, b: EditedBox | undefined): EditedBox | undefined {
  if (!a || !b) return a ?? b;
  const each = (of: (plane: Plane) => number) => ({
    axial: of('axial'),
    coronal: of('coronal'),
    sagittal: of('sagittal'),
  });
  return {
    low: each((plane) => Math.min(a.low[plane], b.low[plane])),
    high: each((plane) => Math.max(a.high[plane], b.high[plane])),
  };
}
