/** The spacing to which a CT is resampled for a model. */
import { orderOfOrientation } from '../ct/geometry/orientation.ts';
import { type Grid, spacingMm } from '../ct/geometry/volume.ts';
import type { ModelInput } from './manifest.ts';

/** Voxel size in mm along i, j, k of the CT's own LPS grid; where the manifest says "native" it is the CT's own. */
export function modelSpacing({ orientation, spacingMm: wanted }: ModelInput, grid: Grid): [number, number, number] {
  const result = spacingMm(grid);
  for (const [a, axis] of orderOfOrientation(orientation).from.entries()) {
    const mm = wanted[a]!;
    if (mm !== 'native') result[axis] = mm;
  }
  return result;
}
