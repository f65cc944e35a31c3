/** A stroke of the brush, on the slice that it is drawn on and, of a ball, on those beside it. */
import {
  type Brush,
  forEachPixelNear,
  labelAfter,
  linesOf,
  NOTHING,
  type Raster,
  type Stroke,
} from '../../../protocol/painting/brush.ts';
import { sliceCounts } from '../../ct/geometry/slice.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import type { LayerMaps, PaintedPixels, SetLabel } from './labelEdits.ts';
import { rasterOf, sliceStepMm, sliceVoxels } from './sliceVoxels.ts';

/** Hounsfield units of a slice of a plane, pixel by pixel. */
export type HuOfSlice = (index: number) => ArrayLike<number> | undefined;

/** The slices that a stroke reaches, each with the brush's radius there. */
export function slicesReached(
  { plane, index, radiusMm, isBall }: Pick<Stroke, 'plane' | 'index' | 'radiusMm' | 'isBall'>,
  grid: Grid,
): { readonly index: number; readonly radiusMm: number }[] {
  if (!isBall) return [{ index, radiusMm }];
  const step = sliceStepMm(plane, grid);
  const reach = Math.floor(radiusMm / step);
  const count = sliceCounts(grid.size)[plane];
  return Array.from({ length: 2 * reach + 1 }, (_, n) => n - reach)
    .map((away) => ({ index: index + away, radiusMm: Math.sqrt(Math.max(0, radiusMm ** 2 - (away * step) ** 2)) }))
    .filter((one) => one.index >= 0 && one.index < count);
}

/**
 * Paints, and says which pixels of its own slice it went over; undefined of an eraser, which draws no outline. `hu` is
 * asked for slices only where the brush keeps to some Hounsfield units.
 */
export function paintStroke(
  {
    stroke,
    brush,
    grid,
    maps,
  }: {
    readonly stroke: Stroke;
    readonly brush: Brush;
    readonly grid: Grid;
    readonly maps: LayerMaps;
  },
  hu: HuOfSlice,
  set: SetLabel,
): PaintedPixels | undefined {
  const { plane, path, index: own } = stroke;
  const raster = rasterOf(plane, grid);
  const touched = new Set<number>();
  for (const { index, radiusMm } of slicesReached(stroke, grid)) {
    const paint = painterOf({ brush, maps, set }, { at: sliceVoxels(plane, index, grid.size), raster }, hu(index));
    for (const line of linesOf(path))
      forEachPixelNear(line, radiusMm, raster, (pixel) => {
        if (paint(pixel) && index === own) touched.add(pixel);
      });
  }
  if (brush.label === NOTHING || touched.size === 0) return undefined;
  const pixels = Int32Array.from(touched).sort();
  return { plane, index: own, layer: brush.layer, label: brush.label, pixels };
}

/** Paints a pixel of a slice, and says whether it has the brush's label then. */
export function painterOf(
  { brush, maps, set }: { readonly brush: Brush; readonly maps: LayerMaps; readonly set: SetLabel },
  {
    at: { start, across, down },
    raster: { width },
  }: { readonly at: ReturnType<typeof sliceVoxels>; readonly raster: Raster },
  hu: ArrayLike<number> | undefined,
): (pixel: number) => boolean {
  return (pixel) => {
    const voxel = start + (pixel % width) * across + Math.floor(pixel / width) * down;
    const before = { lobe: maps.lobes[voxel]!, texture: maps.textures[voxel]!, hu: hu?.[pixel] ?? 0 };
    const label = labelAfter(brush, before);
    setLabel(brush.layer, voxel, label, set);
    return label === brush.label;
  };
}

/** What is no lung any more has no texture either. */
export function setLabel(layer: Brush['layer'], voxel: number, label: number, set: SetLabel): void {
  set(layer, voxel, label);
  if (layer === 'lobes' && label === NOTHING) set('textures', voxel, NOTHING);
}
