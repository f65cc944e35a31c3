/** Hounsfield units of every value that a pixel can have: looked up, since a CT has far more pixels than values. */

import { PADDING_HU } from '../geometry/volume.ts';
import type { PixelFormat } from './pixelFormat.ts';

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** Values from the first to the second are padding (PS3.3 C.7.5.1.1.2). */
  readonly padding: readonly [low: number, high: number] | undefined;
}

const MAX_HU = 32767;

let last: { readonly key: string; readonly table: Int16Array } | undefined;

/** What a stored value is worth. */
function hounsfieldOf(raw: number, { bitsStored, signed }: Stored, { slope, intercept, padding }: Rescale): number {
  const unused = 32 - bitsStored;
  // Bits above BitsStored may hold overlays in old files; the sign sits at the highest stored bit.
  const value = signed ? (raw << unused) >> unused : (raw << unused) >>> unused;
  const isPadding = padding !== undefined && value >= padding[0] && value <= padding[1];
  const hu = isPadding ? PADDING_HU : Math.round(value * slope + intercept);
  return Math.max(PADDING_HU, Math.min(MAX_HU, hu));
}

type Stored = Pick<PixelFormat, 'bitsAllocated' | 'bitsStored' | 'signed'>;

/** Pixels of 32 stored bits, which are too many values for a table, in `hu`. */
export function wideToHounsfield(values: Uint32Array, form: Stored, rescale: Rescale, hu: Int16Array): void {
  for (let p = 0; p < hu.length; p++) hu[p] = hounsfieldOf(values[p]!, form, rescale);
}

/** A table by the stored bits of a pixel, read as unsigned; the slices of a series share one. */
export function hounsfieldTable(form: Stored, rescale: Rescale): Int16Array {
  const { bitsAllocated, bitsStored, signed } = form;
  const key = JSON.stringify([bitsAllocated, bitsStored, signed, rescale]);
  if (last?.key === key) return last.table;
  const table = new Int16Array(2 ** bitsAllocated);
  for (let raw = 0; raw < table.length; raw++) table[raw] = hounsfieldOf(raw, form, rescale);
  last = { key, table };
  return table;
}

/** Turns pixels of 16 stored bits into Hounsfield units in place; two at a time where they can be, which is much faster. */
export function toHounsfield(pixels: Int16Array, table: Int16Array): void {
  const { buffer, byteOffset, length } = pixels;
  const pairs = byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, length >> 1) : new Int32Array();
  for (let p = 0; p < pairs.length; p++) {
    const pair = pairs[p]!;
    pairs[p] = (table[pair & 0xffff]! & 0xffff) | (table[pair >>> 16]! << 16);
  }
  for (let p = 2 * pairs.length; p < length; p++) pixels[p] = table[pixels[p]! & 0xffff]!;
}
