/**
 * Shapes between two painted slices, by their signed distances (S. P. Raya, J. K. Udupa, IEEE Transactions on Medical
 * Imaging 9, 1990): a pixel is inside where the distances to both outlines, weighed by how near each slice is, come to
 * less than nothing. Shapes that do not overlap are moved upon each other first, and the shape between them travels.
 */
import type { Raster } from '../../../protocol/painting/brush.ts';
import { squaredDistances } from '../../agreement/voxels/distanceTransform.ts';

/** Pixels of a slice, by their numbers. */
export type Shape = Int32Array;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The shape at a share of the way from one slice (0) to the other (1). */
export function shapeBetween(first: Shape, second: Shape, share: number, raster: Raster): Shape {
  if (first.length === 0 || second.length === 0) return new Int32Array(0);
  const { width } = raster;
  const other = new Set(second);
  const isApart = !first.some((pixel) => other.has(pixel));
  const [a, b] = [middleOf(first, width), middleOf(second, width)];
  // Whole pixels: shapes stay as they were painted.
  const move = isApart ? { x: Math.round(b.x - a.x), y: Math.round(b.y - a.y) } : { x: 0, y: 0 };
  const places = (shape: Shape, dx: number, dy: number) =>
    Array.from(shape, (pixel) => [(pixel % width) + dx, Math.floor(pixel / width) + dy] as const);
  const [from, to] = [places(first, 0, 0), places(second, -move.x, -move.y)];
  const box = boxOf([...from, ...to]);
  const [near, far] = [from, to].map((shape) => signedDistances(shape, box, raster));
  const travelled = { x: Math.round(share * move.x), y: Math.round(share * move.y) };
  const pixels: number[] = [];
  for (let p = 0; p < box.width * box.height; p++) {
    if ((1 - share) * near![p]! + share * far![p]! >= 0) continue;
    const column = box.left + (p % box.width) + travelled.x;
    const row = box.top + Math.floor(p / box.width) + travelled.y;
    if (column >= 0 && row >= 0 && column < width && row < raster.height) pixels.push(row * width + column);
  }
  return Int32Array.from(pixels);
}

function middleOf(shape: Shape, width: number): { readonly x: number; readonly y: number } {
  let [x, y] = [0, 0];
  for (const pixel of shape) {
    x += pixel % width;
    y += Math.floor(pixel / width);
  }
  return { x: x / shape.length, y: y / shape.length };
}

/** With a pixel of nothing around, so that every shape has an outline. */
function boxOf(places: readonly (readonly [number, number])[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of places) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left: left - 1, top: top - 1, width: right - left + 3, height: bottom - top + 3 };
}

/** In mm, to the middle of the nearest pixel on the other side of the outline; less than nothing inside. */
function signedDistances(
  places: readonly (readonly [number, number])[],
  { left, top, width, height }: Box,
  { pixelWidthMm, pixelHeightMm }: Raster,
): Float64Array {
  const inside = new Uint8Array(width * height);
  for (const [x, y] of places) inside[(y - top) * width + x - left] = 1;
  const size = [width, height, 1] as const;
  const spacing = [pixelWidthMm, pixelHeightMm, 1] as const;
  const toShape = squaredDistances(inside, size, spacing);
  const toRest = squaredDistances(
    inside.map((is) => 1 - is),
    size,
    spacing,
  );
  return toShape.map((away, p) => (inside[p] ? -Math.sqrt(toRest[p]!) : Math.sqrt(away)));
}

export interface PaintedSlice {
  readonly index: number;
  readonly shape: Shape;
}

/** The shapes on the slices between those that are painted, each pair of neighbours by itself. */
export function shapesBetween(painted: readonly PaintedSlice[], raster: Raster): PaintedSlice[] {
  const sorted = painted.toSorted((a, b) => a.index - b.index);
  return sorted.slice(1).flatMap((second, n) => {
    const first = sorted[n]!;
    const steps = second.index - first.index;
    return Array.from({ length: steps - 1 }, (_, step) => ({
      index: first.index + step + 1,
      shape: shapeBetween(first.shape, second.shape, (step + 1) / steps, raster),
    }));
  });
}
