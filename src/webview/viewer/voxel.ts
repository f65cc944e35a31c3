/** Where a place of one plane's slice lies in the others: pure functions between pixels of slices and voxels of their CT. */
import { PLANES, type Plane } from '../../protocol/view.ts';
import type { Point } from './viewTransform.ts';

/** Slices of each plane: sagittal ones count the columns of the CT, coronal ones its rows, axial ones its slices. */
export type SliceCounts = Readonly<Record<Plane, number>>;

/** One slice of each plane, which cross in a voxel. */
export type Voxel = Readonly<Record<Plane, number>>;

/** The voxel at a place of a slice, in pixels of the slice; beyond its edges the nearest one. */
export function voxelAt({ x, y }: Point, plane: Plane, index: number, counts: SliceCounts): Voxel {
  const [across, down] = axesOf(plane);
  const row = Math.floor(y);
  // Coronal and sagittal pictures have the head on top, where the last axial slice is.
  const voxel = { [plane]: index, [across]: Math.floor(x), [down]: down === 'axial' ? counts.axial - 1 - row : row };
  return within(voxel, counts);
}

/** The middle of the voxel in a slice of the plane, in pixels of the slice. */
export function placeIn(plane: Plane, voxel: Voxel, { axial }: SliceCounts): Point {
  const [across, down] = axesOf(plane);
  const row = down === 'axial' ? axial - 1 - voxel.axial : voxel[down];
  return { x: voxel[across] + 0.5, y: row + 0.5 };
}

/** The planes whose slices are counted across and down a picture of the plane. */
function axesOf(plane: Plane): readonly [across: Plane, down: Plane] {
  if (plane === 'axial') return ['sagittal', 'coronal'];
  return plane === 'coronal' ? ['sagittal', 'axial'] : ['coronal', 'axial'];
}

function within(voxel: Readonly<Record<string, number>>, counts: SliceCounts): Voxel {
  const [axial, coronal, sagittal] = PLANES.map((plane) => Math.min(counts[plane] - 1, Math.max(0, voxel[plane] ?? 0)));
  return { axial: axial!, coronal: coronal!, sagittal: sagittal! };
}
