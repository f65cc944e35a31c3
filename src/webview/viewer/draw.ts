/** Turns slices into pixels: grey values by a display window, colours by class. */
import { MIN_HU } from '../../protocol/hounsfield.ts';
import type { Rgb } from '../../protocol/segmentColours.ts';
import type { ShownClass } from '../../protocol/shownClasses.ts';
import type { HuWindow } from '../../protocol/view.ts';
import type { Slice } from './decode.ts';
import { colourOf, LOBE_LINE } from './palette.ts';

const TABLE_SIZE = 4096;

/** Grey value of each HU from −1024 on (PS3.3 C.11.2.1.2, linear). */
export function greyTable({ centre, width }: HuWindow): Uint8ClampedArray {
  const table = new Uint8ClampedArray(TABLE_SIZE);
  const low = centre - width / 2;
  for (let n = 0; n < TABLE_SIZE; n++) table[n] = ((n + MIN_HU - low) / Math.max(1, width)) * 255;
  return table;
}

/** Opaque grey pixels, RGBA. */
export function drawGrey({ hu }: Slice, table: Uint8ClampedArray, pixels: Uint8ClampedArray): void {
  const words = wordsOf(pixels);
  for (let p = 0; p < hu.length; p++) {
    const value = hu[p]! - MIN_HU;
    const grey = table[value < 0 ? 0 : value >= TABLE_SIZE ? TABLE_SIZE - 1 : value]!;
    words[p] = OPAQUE | (grey * 0x010101);
  }
}

export interface OverlayOptions {
  /** In the order of the map's values. */
  readonly classes: readonly ShownClass[];
  readonly shown: ReadonlySet<string>;
  readonly lobeLines: boolean;
}

/** Coloured pixels of the shown classes, RGBA, clear elsewhere; opacity is the canvas's own. */
export function drawOverlay(
  { textures, lobes, width }: Slice,
  { classes, shown, lobeLines }: OverlayOptions,
  pixels: Uint8ClampedArray,
): void {
  const words = wordsOf(pixels);
  const colours = Uint32Array.of(0, ...classes.map((one) => (shown.has(one.name) ? word(colourOf(one)) : 0)));
  if (textures) for (let p = 0; p < textures.length; p++) words[p] = colours[textures[p]!]!;
  else words.fill(0);
  const line = word(LOBE_LINE);
  if (lobes && lobeLines)
    for (let p = 0; p < lobes.length; p++) {
      const right = (p + 1) % width ? lobes[p + 1] : lobes[p];
      const below = lobes[p + width] ?? lobes[p];
      if (lobes[p] !== right || lobes[p] !== below) words[p] = line;
    }
}

/** Pixels as one number each, which is drawn in a third of the time; every browser has the lowest byte first. */
function wordsOf(pixels: Uint8ClampedArray): Uint32Array {
  return new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
}

const OPAQUE = 0xff000000;

function word([red, green, blue]: Rgb): number {
  return OPAQUE | (blue << 16) | (green << 8) | red;
}
