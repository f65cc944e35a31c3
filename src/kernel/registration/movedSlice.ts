/** A slice of the moving CT where the fixed one has it, cut in the fixed one's grid as `extractSlice` and `extractSlab` cut theirs. */
import type { Plane, Slab } from '../../protocol/view.ts';
import type { VoxelBox } from '../ct/geometry/box.ts';
import { extractSlab, slabParts, sliceDistanceMm } from '../ct/geometry/slab.ts';
import { extractSlice, type SlicePixels, sliceCounts } from '../ct/geometry/slice.ts';
import { type Grid, perAxis, type Volume } from '../ct/geometry/volume.ts';
import { movedVolume } from './moved.ts';
import type { Registration } from './registration.ts';

/** A registration with the grid of the CT that stays where it is. */
export interface Moved {
  readonly registration: Registration;
  readonly fixed: Grid;
}

const ACROSS: Readonly<Record<Plane, 0 | 1 | 2>> = { sagittal: 0, coronal: 1, axial: 2 };

/** Only as many slices are moved as are looked at. */
export function movedSlice(
  { registration, fixed }: Moved,
  moving: Volume,
  plane: Plane,
  { index, slab }: { readonly index: number; readonly slab?: Slab },
): SlicePixels<Int16Array> {
  const parts = slab ? slabParts(index, sliceCounts(fixed.size)[plane], sliceDistanceMm(fixed, plane), slab.mm) : [];
  const [first, last] = [
    Math.min(index, ...parts.map((part) => part.index)),
    Math.max(index, ...parts.map((part) => part.index)),
  ];
  const axis = ACROSS[plane];
  const box: VoxelBox = {
    low: perAxis((a) => (a === axis ? first : 0)),
    high: perAxis((a) => (a === axis ? last : fixed.size[a] - 1)),
  };
  const part = movedVolume(registration, moving, fixed, box);
  return slab ? extractSlab(part, plane, index - first, slab) : extractSlice(part.hu, part.size, plane, index - first);
}
