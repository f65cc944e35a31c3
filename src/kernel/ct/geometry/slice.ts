/** Cuts one slice out of a grid in the orientation in which radiologists look at it. */
import type { Plane } from '../../../protocol/view.ts';
import type { GridSize } from './volume.ts';

export interface SlicePixels<T extends Int16Array | Uint8Array> {
  readonly width: number;
  readonly height: number;
  readonly pixels: T;
}

/** Number of slices of each plane. */
export function sliceCounts([nx, ny, nz]: GridSize): Record<Plane, number> {
  return { axial: nz, coronal: ny, sagittal: nx };
}

/** Millimetres per pixel, across and down, for a grid with the given spacing. */
export function pixelSizeMm(plane: Plane, [x, y, z]: readonly [number, number, number]): [number, number] {
  if (plane === 'axial') return [x, y];
  return plane === 'coronal' ? [x, z] : [y, z];
}

/**
 * Pixels of one slice, row by row: axial and coronal with the patient's right on the left, coronal and sagittal with
 * the head on top, sagittal with the front on the left. `data` is in z, y, x order.
 */
export function extractSlice<T extends Int16Array | Uint8Array>(
  data: T,
  [nx, ny, nz]: GridSize,
  plane: Plane,
  index: number,
): SlicePixels<T> {
  if (plane === 'axial') {
    // SAFETY: `slice` of a typed array gives one of the same type.
    const pixels = data.slice(index * nx * ny, (index + 1) * nx * ny) as T;
    return { width: nx, height: ny, pixels };
  }
  const width = plane === 'coronal' ? nx : ny;
  // SAFETY: likewise.
  const pixels = data.slice(0, width * nz) as T;
  for (let row = 0; row < nz; row++) {
    const k = nz - 1 - row;
    for (let column = 0; column < width; column++) {
      const source = plane === 'coronal' ? (k * ny + index) * nx + column : (k * ny + column) * nx + index;
      pixels[row * width + column] = data[source]!;
    }
  }
  return { width, height: nz, pixels };
}
