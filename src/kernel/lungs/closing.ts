/** Closes narrow gaps of a map, slice by slice: morphological closing by a disc (Serra, Image Analysis and Mathematical Morphology, 1982). */
import { labelFinder } from '../ct/geometry/labelled.ts';
import { type Grid, spacingMm } from '../ct/geometry/volume.ts';

/** Labels from here on are possible ones: they stay, without this number, where the closing covers them. */
export const POSSIBLE_LABEL = 128;

interface Disc {
  /** Pixels in a row of the slice. */
  readonly nx: number;
  /** Of each row of the disc, from its middle downwards. */
  readonly halfWidths: readonly number[];
}

/** 1 for the values of a pixel that count, of all there are. */
const LABELLED = Uint8Array.from({ length: 256 }, (_, value) => (value > 0 && value < POSSIBLE_LABEL ? 1 : 0));
const UNCOVERED = Uint8Array.from({ length: 256 }, (_, value) => (value === 0 ? 1 : 0));

/**
 * Possible labels become labels where no disc of `radiusMm` that holds them misses all labels of their slice, and 0
 * elsewhere; in place. Beyond the picture's edge there is nothing that a disc could hold.
 */
export function closeGaps(grid: Grid, labels: Uint8Array, radiusMm: number): void {
  const [nx, ny, nz] = grid.size;
  const [sx, sy] = spacingMm(grid);
  const halfWidths = Array.from({ length: Math.floor(radiusMm / sy) + 1 }, (_, row) =>
    Math.floor(Math.sqrt(radiusMm ** 2 - (row * sy) ** 2) / sx),
  );
  const disc: Disc = { nx, halfWidths };
  /** No disc that holds a pixel reaches farther than two radii. */
  const reach = 2 * nx * (halfWidths.length - 1);
  const near = new Uint8Array(nx * ny);
  const open = new Uint8Array(nx * ny);
  for (let k = 0; k < nz; k++) {
    const slice = labels.subarray(k * nx * ny, (k + 1) * nx * ny);
    const [first, end] = possibleRows(slice, nx);
    if (first === end) continue;
    const rows = slice.subarray(Math.max(0, first - reach), end + reach);
    const around = near.subarray(0, rows.length);
    const left = open.subarray(0, rows.length);
    dilate(rows, LABELLED, around, disc);
    dilate(around, UNCOVERED, left, disc);
    for (let p = 0; p < rows.length; p++)
      if (rows[p]! >= POSSIBLE_LABEL) rows[p] = left[p] ? 0 : rows[p]! - POSSIBLE_LABEL;
  }
}

/** Start of the first row with a possible label, and end of the last one; equal where there is none. */
function possibleRows(slice: Uint8Array, nx: number): [first: number, end: number] {
  let first = labelFinder(slice)(0, slice.length);
  while (first < slice.length && slice[first]! < POSSIBLE_LABEL) first++;
  if (first === slice.length) return [0, 0];
  let last = slice.length - 1;
  while (slice[last]! < POSSIBLE_LABEL) last--;
  return [first - (first % nx), last - (last % nx) + nx];
}

/** Sets `to` to 1 within the disc around each pixel of a slice whose value counts, and to 0 elsewhere. */
function dilate(from: Uint8Array, counts: Uint8Array, to: Uint8Array, { nx, halfWidths }: Disc): void {
  to.fill(0);
  for (let start = 0; start < from.length; start += nx)
    for (let x = 0; x < nx; ) {
      if (!counts[from[start + x]!]) {
        x++;
        continue;
      }
      const first = x;
      while (x < nx && counts[from[start + x]!]) x++;
      for (const [row, half] of halfWidths.entries())
        for (const other of row ? [start - row * nx, start + row * nx] : [start])
          if (other >= 0 && other < from.length)
            to.fill(1, other + Math.max(0, first - half), other + Math.min(nx, x + half));
    }
}
