/** Where each voxel of the lungs lies: how deep below the surface of its lung, and how high in it. */
import { LUNG_PARTS, type Side, sideOf, ZONES } from '../../../protocol/names.ts';
import type { LabelMap } from '../../ct/geometry/volume.ts';
import type { LungVoxels } from '../lungVoxels.ts';
import { lungOf, surfaceOf } from './lungSurface.ts';

/** Of the voxels of `LungVoxels`, in their order. */
export interface VoxelPlaces {
  /** In mm to the nearest voxel outside the lung; infinite where the CT shows none. */
  readonly depthMm: Float32Array;
  /** From 0 at the lowest voxel of its lung to 1 at the highest one, along the patient's axis. */
  readonly height: Float32Array;
  /** 1 for the right lung, 2 for the left one. */
  readonly side: Uint8Array;
  /** By slice of the CT, right and left: voxels beneath the envelope of the lung that are no lung, above all of its hilum. */
  readonly gaps: readonly [right: Int32Array, left: Int32Array];
}

/** Where peripheral lung ends, unless a notebook says otherwise. */
export const PERIPHERAL_MM = 20;

const SIDES: readonly Side[] = ['right', 'left'];
/** By label of a lobe: 1 for the right lung, 2 for the left one. */
export const LUNG_OF_LABEL: readonly number[] = [0, ...LUNG_PARTS.map((lobe) => SIDES.indexOf(sideOf(lobe)) + 1)];

/** `voxels` are those of `lobes`. */
export function placeVoxels(lobes: LabelMap, voxels: Pick<LungVoxels, 'runs' | 'lobes'>): VoxelPlaces {
  const count = voxels.lobes.length;
  const places = {
    depthMm: new Float32Array(count),
    height: new Float32Array(count),
    side: new Uint8Array(count),
    gaps: [new Int32Array(lobes.size[2]), new Int32Array(lobes.size[2])] as const,
  };
  for (const [n, side] of SIDES.entries()) placeLung(lobes, voxels, places, { side, label: n + 1 });
  return places;
}

/** The boxes of both lungs may overlap: a voxel belongs to the lung that holds it. */
function placeLung(
  lobes: LabelMap,
  { runs }: Pick<LungVoxels, 'runs'>,
  { depthMm, height, side, gaps }: VoxelPlaces,
  of: { readonly side: Side; readonly label: number },
): void {
  const lung = lungOf(lobes, of.side);
  if (!lung) return;
  const { distanceMm, gaps: own } = surfaceOf(lung);
  gaps[of.label - 1]!.set(own, lung.box.low[2]);
  const [nx, ny] = lobes.size;
  const [mx, my] = lung.size;
  const { low, high } = lung.box;
  const [x = 0, y = 0, z = 0] = lobes.affine.slice(8, 11);
  let [bottom, top] = [Infinity, -Infinity];
  for (let r = 0, n = 0; r < runs.length; r += 2) {
    const [start, length] = [runs[r]!, runs[r + 1]!];
    const k = Math.floor(start / (nx * ny));
    const j = Math.floor(start / nx) % ny;
    const inBox = k >= low[2] && k <= high[2] && j >= low[1] && j <= high[1];
    for (let e = 0, i = start % nx; e < length; e++, i++, n++) {
      if (!inBox || i < low[0] || i > high[0]) continue;
      const at = ((k - low[2]) * my + j - low[1]) * mx + i - low[0];
      if (!lung.isLung[at]) continue;
      side[n] = of.label;
      depthMm[n] = distanceMm[at]!;
      // In mm above the origin of the grid, which both ends share.
      const mm = x * i + y * j + z * k;
      height[n] = mm;
      bottom = Math.min(bottom, mm);
      top = Math.max(top, mm);
    }
  }
  const extent = top - bottom;
  for (let n = 0; n < height.length; n++)
    if (side[n] === of.label) height[n] = extent > 0 ? (height[n]! - bottom) / extent : 0;
}

/** Of shares of a height as they are computed in single precision. */
const ROUNDING = 1e-5;

/**
 * The zone of each voxel, from 1 on in the order of ZONES. A voxel at just `peripheralMm` is peripheral, one on the border
 * of two thirds belongs to the upper one.
 */
export function zonesOf({ depthMm, height, side }: VoxelPlaces, peripheralMm: number): Uint8Array {
  const perSide = ZONES.length / SIDES.length;
  return side.map((own, n) => {
    const third = height[n]! >= 2 / 3 - ROUNDING ? 0 : height[n]! >= 1 / 3 - ROUNDING ? 1 : 2;
    return (own - 1) * perSide + third * 2 + (depthMm[n]! <= peripheralMm ? 1 : 0) + 1;
  });
}
