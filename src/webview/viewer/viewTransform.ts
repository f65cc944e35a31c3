/** How an enlarged picture lies in its box: pure functions between pixels of the slice and of the screen. */
import type { Slice } from './decode.ts';

/** `x` and `y` are the place of the slice, from 0 to 1 across and down, that lies in the middle of the box. */
export interface ViewTransform {
  /** How many times as large as where the whole slice just fits. */
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

/** In CSS pixels. */
export interface BoxSize {
  readonly width: number;
  readonly height: number;
}

/** Across and down: in CSS pixels from the box's corner, or in pixels of the slice from its corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The measures of a slice. */
export type SliceSize = Pick<Slice, 'width' | 'height' | 'pixelWidthMm' | 'pixelHeightMm'>;

/** A slice and the box that it is drawn in. */
export interface Frame {
  readonly slice: Slice;
  readonly box: BoxSize;
}

/** Where the slice lies in the box, in CSS pixels. */
export interface Placement extends BoxSize {
  readonly left: number;
  readonly top: number;
  readonly pixelsPerMm: number;
  readonly slice: SliceSize;
}

export const FITTED: ViewTransform = { zoom: 1, x: 0.5, y: 0.5 };
const LEAST_ZOOM = 0.5;
const MOST_ZOOM = 40;

type Measures = { readonly slice: SliceSize; readonly box: BoxSize };

function fittedPixelsPerMm({ slice, box }: Measures): number {
  return Math.min(box.width / (slice.width * slice.pixelWidthMm), box.height / (slice.height * slice.pixelHeightMm));
}

export function placementOf(frame: Measures, { zoom, x, y }: ViewTransform): Placement {
  const { slice, box } = frame;
  const pixelsPerMm = fittedPixelsPerMm(frame) * zoom;
  const width = slice.width * slice.pixelWidthMm * pixelsPerMm;
  const height = slice.height * slice.pixelHeightMm * pixelsPerMm;
  return { left: box.width / 2 - x * width, top: box.height / 2 - y * height, width, height, pixelsPerMm, slice };
}

/** The place in the slice, in its pixels (whole numbers are their corners); beyond its edges too. */
export function toSlice({ x, y }: Point, { left, top, width, height, slice }: Placement): Point {
  return { x: ((x - left) / width) * slice.width, y: ((y - top) / height) * slice.height };
}

/** The place in the box, in CSS pixels, of a place in the slice. */
export function toBox({ x, y }: Point, { left, top, width, height, slice }: Placement): Point {
  return { x: left + (x / slice.width) * width, y: top + (y / slice.height) * height };
}

/** The number of the pixel at a place of the slice; undefined outside. */
export function pixelAt({ x, y }: Point, { width, height }: SliceSize): number | undefined {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  return column >= 0 && row >= 0 && column < width && row < height ? row * width + column : undefined;
}

/** Enlarged by a factor, with what lies at a place of the box staying there. */
export function zoomedAt(transform: ViewTransform, factor: number, at: Point, frame: Measures): ViewTransform {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, transform.zoom * factor));
  const { left, top, width, height } = placementOf(frame, transform);
  const grown = zoom / transform.zoom;
  return kept({
    zoom,
    x: (at.x - left) / width - (at.x - frame.box.width / 2) / (width * grown),
    y: (at.y - top) / height - (at.y - frame.box.height / 2) / (height * grown),
  });
}

/** Moved by CSS pixels to the right and down. */
export function panned(transform: ViewTransform, by: Point, frame: Measures): ViewTransform {
  const { width, height } = placementOf(frame, transform);
  return kept({ ...transform, x: transform.x - by.x / width, y: transform.y - by.y / height });
}

/** One pixel of the slice to one of the screen, which has `devicePixels` to a CSS pixel. */
export function actualSize(frame: Measures, devicePixels: number): ViewTransform {
  return { ...FITTED, zoom: 1 / (devicePixels * frame.slice.pixelWidthMm * fittedPixelsPerMm(frame)) };
}

/** Some of the slice always stays in the box. */
function kept({ zoom, x, y }: ViewTransform): ViewTransform {
  return { zoom, x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) };
}
