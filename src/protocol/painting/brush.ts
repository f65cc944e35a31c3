/**
 * What a brush paints: pure functions on pixels of slices, the same where a stroke is shown while it goes on and where it
 * is kept, so that no pixel is shown that is not kept.
 */
import type { SlicePoint } from '../annotations/annotation.ts';
import type { Plane } from '../view.ts';

/** The maps that can be painted. */
export const LAYERS = ['lobes', 'textures'] as const;
export type Layer = (typeof LAYERS)[number];

/** What stands in a map where nothing is: outside the lungs, or lung without a texture. */
export const NOTHING = 0;
/** Lung of which nothing else is said, in a map of textures: what a finding becomes that is rejected. */
export const NORMAL = 1;

export interface Brush {
  readonly layer: Layer;
  /** The label that is painted; {@link NOTHING} erases. */
  readonly label: number;
  /** Only voxels of a lobe; of textures always, since there are none elsewhere. */
  readonly withinLung: boolean;
  /** Only voxels of this label of the layer; all where left out. */
  readonly replaces?: number;
  /** Only voxels of these Hounsfield units, both ends included; all where left out. */
  readonly hu?: readonly [low: number, high: number];
}

/** One drag of the brush on a slice. */
export interface Stroke {
  readonly plane: Plane;
  /** Of the slice, from 0. */
  readonly index: number;
  /** In pixels of the slice. A place alone paints a disc. */
  readonly path: readonly [SlicePoint, ...SlicePoint[]];
  readonly radiusMm: number;
  /** A ball in place of a disc, which reaches into the slices beside. */
  readonly isBall: boolean;
}

/** What a voxel is before it is painted. */
export interface VoxelBefore {
  readonly lobe: number;
  readonly texture: number;
  readonly hu: number;
}

/** The label that the layer has at the voxel after the brush went over it. */
export function labelAfter(brush: Brush, { lobe, texture, hu }: VoxelBefore): number {
  const { layer, label, withinLung, replaces, hu: range } = brush;
  const before = layer === 'lobes' ? lobe : texture;
  if ((withinLung || layer === 'textures') && lobe === NOTHING) return before;
  if (replaces !== undefined && before !== replaces) return before;
  if (range && (hu < range[0] || hu > range[1])) return before;
  return label === NOTHING && layer === 'textures' ? NORMAL : label;
}

/** The measures of a slice. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixelWidthMm: number;
  readonly pixelHeightMm: number;
}

/**
 * Calls back for each pixel whose middle lies within the radius of the line, and for those that its ends lie in, however
 * small the brush is; each once. Places are in pixels of the slice.
 */
export function forEachPixelNear(
  [from, to]: readonly [SlicePoint, SlicePoint],
  radiusMm: number,
  raster: Raster,
  visit: (pixel: number) => void,
): void {
  const { width, height, pixelWidthMm, pixelHeightMm } = raster;
  const [ax, ay] = [from[0] * pixelWidthMm, from[1] * pixelHeightMm];
  const [dx, dy] = [to[0] * pixelWidthMm - ax, to[1] * pixelHeightMm - ay];
  const square = dx * dx + dy * dy;
  const isEnd = (column: number, row: number) =>
    (column === Math.floor(from[0]) && row === Math.floor(from[1])) ||
    (column === Math.floor(to[0]) && row === Math.floor(to[1]));
  const [reachX, reachY] = [radiusMm / pixelWidthMm, radiusMm / pixelHeightMm];
  const low = (a: number, b: number, reach: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const high = (a: number, b: number, reach: number, count: number) =>
    Math.min(count - 1, Math.floor(Math.max(a, b) + reach));
  for (let row = low(from[1], to[1], reachY); row <= high(from[1], to[1], reachY, height); row++)
    for (let column = low(from[0], to[0], reachX); column <= high(from[0], to[0], reachX, width); column++) {
      const [x, y] = [(column + 0.5) * pixelWidthMm - ax, (row + 0.5) * pixelHeightMm - ay];
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / square));
      const away = (x - along * dx) ** 2 + (y - along * dy) ** 2;
      if (away <= radiusMm * radiusMm || isEnd(column, row)) visit(row * width + column);
    }
}

/** The lines of a path: of a place alone, from there to itself. */
export function linesOf(path: Stroke['path']): (readonly [SlicePoint, SlicePoint])[] {
  const [first, ...others] = path;
  if (others.length === 0) return [[first, first]];
  return others.map((to, n) => [path[n]!, to]);
}
