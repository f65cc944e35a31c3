/**
 * What rulers, circles and polygons measure on a slice, and outlines of several slices together. Lengths and areas are
 * those of the shape itself, on pixels that may be higher than wide; Hounsfield units are those of the pixels whose middle
 * lies inside. test/reference/annotations.py says what shapely, scikit-image and SimpleITK make of the same.
 */
import type { Annotation, AnnotationShape, SlicePoint } from './annotation.ts';

export interface PixelSize {
  readonly pixelWidthMm: number;
  readonly pixelHeightMm: number;
}

/** A slice to measure on: `hu` row by row. */
export interface MeasuredSlice extends PixelSize {
  readonly width: number;
  readonly height: number;
  readonly hu: Int16Array;
}

/** Sums over the pixels inside, from which mean and deviation follow, of one slice or of several together. */
export interface HuSums {
  readonly pixels: number;
  readonly sum: number;
  readonly squares: number;
}

export interface OutlineMeasures extends HuSums {
  readonly areaMm2: number;
}

export type Outline = Pick<Annotation, 'shape' | 'points'>;

/** Between the ends of a ruler; the radius of a circle. */
export function lengthMm([from, to]: readonly SlicePoint[], { pixelWidthMm, pixelHeightMm }: PixelSize): number {
  return from && to ? Math.hypot((to[0] - from[0]) * pixelWidthMm, (to[1] - from[1]) * pixelHeightMm) : 0;
}

/** Of a circle or polygon; a polygon that crosses itself has the area that its halves leave of each other. */
export function areaMm2({ shape, points }: Outline, pixel: PixelSize): number {
  if (shape === 'circle') return Math.PI * lengthMm(points, pixel) ** 2;
  const twice = points.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = points[(n + 1) % points.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
  return (Math.abs(twice) / 2) * pixel.pixelWidthMm * pixel.pixelHeightMm;
}

/** Of a circle or polygon, on its slice. */
export function measureOutline(outline: Outline, slice: MeasuredSlice): OutlineMeasures {
  let [pixels, sum, squares] = [0, 0, 0];
  forPixelsInside(outline, slice, (p) => {
    const value = slice.hu[p]!;
    pixels++;
    sum += value;
    squares += value * value;
  });
  return { areaMm2: areaMm2(outline, slice), pixels, sum, squares };
}

/** Undefined where there is no pixel. */
export function meanHu({ pixels, sum }: HuSums): number | undefined {
  return pixels ? sum / pixels : undefined;
}

/** Of a sample; undefined where there are less than two pixels. */
export function sdHu({ pixels, sum, squares }: HuSums): number | undefined {
  return pixels > 1 ? Math.sqrt(Math.max(0, squares - (sum * sum) / pixels) / (pixels - 1)) : undefined;
}

export interface SliceOutline extends OutlineMeasures {
  /** Of the slice. */
  readonly index: number;
}

export interface Body extends HuSums {
  /** How many slices have an outline. */
  readonly slices: number;
  /** Of the slice where it is largest. */
  readonly areaMm2: number;
  /** Undefined of one slice: how thick it is nobody drew. */
  readonly volumeMl: number | undefined;
}

/**
 * Outlines of one body on slices that are `distanceMm` apart. The volume is the sum of their areas, each as thick as half
 * the way to its neighbours on either side; the first and the last reach half a slice beyond themselves. Of outlines on
 * every slice this is the sum of areas times the distance; where slices were left out, areas change steadily between.
 */
export function measureBody(outlines: readonly SliceOutline[], distanceMm: number): Body {
  const areas = new Map<number, number>();
  for (const { index, areaMm2 } of outlines) areas.set(index, (areas.get(index) ?? 0) + areaMm2);
  const drawn = [...areas].sort(([a], [b]) => a - b);
  const reach = (from: number, other: [number, number] | undefined) => (other ? Math.abs(other[0] - from) : 1) / 2;
  const slices = drawn.map(
    ([index, area], n) => area * (reach(index, drawn[n - 1]) + reach(index, drawn[n + 1])) * distanceMm,
  );
  const total = (of: keyof HuSums) => outlines.reduce((sum, outline) => sum + outline[of], 0);
  return {
    slices: drawn.length,
    areaMm2: Math.max(0, ...areas.values()),
    volumeMl: drawn.length > 1 ? slices.reduce((a, b) => a + b, 0) / 1000 : undefined,
    pixels: total('pixels'),
    sum: total('sum'),
    squares: total('squares'),
  };
}

/** Whether a shape encloses an area. */
export function isOutline(shape: AnnotationShape): boolean {
  return shape !== 'ruler';
}

/** Calls back with the number of each pixel of the slice whose middle lies inside. */
function forPixelsInside(
  { shape, points }: Outline,
  slice: Omit<MeasuredSlice, 'hu'>,
  inside: (pixel: number) => void,
): void {
  const radiusMm = shape === 'circle' ? lengthMm(points, slice) : 0;
  for (let row = 0; row < slice.height; row++) {
    const y = row + 0.5;
    const borders = shape === 'circle' ? circleBorders(points[0]!, radiusMm, y, slice) : polygonBorders(points, y);
    for (let b = 0; b + 1 < borders.length; b += 2) {
      const last = Math.min(slice.width, Math.ceil(borders[b + 1]! - 0.5));
      for (let column = Math.max(0, Math.ceil(borders[b]! - 0.5)); column < last; column++)
        inside(row * slice.width + column);
    }
  }
}

/** Where a line across the slice enters and leaves, from left to right. */
function polygonBorders(points: readonly SlicePoint[], y: number): number[] {
  const borders: number[] = [];
  points.forEach(([x0, y0], n) => {
    const [x1, y1] = points[(n + 1) % points.length]!;
    if (y0 <= y !== y1 <= y) borders.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  });
  return borders.sort((a, b) => a - b);
}

function circleBorders(
  [x, middle]: SlicePoint,
  radiusMm: number,
  y: number,
  { pixelWidthMm, pixelHeightMm }: PixelSize,
): number[] {
  const square = radiusMm ** 2 - ((y - middle) * pixelHeightMm) ** 2;
  if (square <= 0) return [];
  const half = Math.sqrt(square) / pixelWidthMm;
  return [x - half, x + half];
}
