/** Turns slices into pixels: grey values by a display window, colours by class. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import type { HuWindow } from '../../protocol/view.ts';
import type { Slice } from './decode.ts';
import { CLASS_COLOURS, LOBE_LINE } from './palette.ts';

const LOWEST_HU = -1024;
const TABLE_SIZE = 4096;

/** Grey value of each HU from −1024 on (PS3.3 C.11.2.1.2, linear). */
export function greyTable({ centre, width }: HuWindow): Uint8ClampedArray {
  const table = new Uint8ClampedArray(TABLE_SIZE);
  const low = centre - width / 2;
  for (let n = 0; n < TABLE_SIZE; n++) table[n] = ((n + LOWEST_HU - low) / Math.max(1, width)) * 255;
  return table;
}

/** Opaque grey pixels, RGBA. */
export function drawGrey(slice: Slice, table: Uint8ClampedArray, pixels: Uint8ClampedArray): void {
  const { hu } = slice;
  for (let p = 0; p < hu.length; p++) {
    const value = hu[p]! - LOWEST_HU;
    const grey = table[value < 0 ? 0 : value >= TABLE_SIZE ? TABLE_SIZE - 1 : value]!;
    pixels[p * 4] = grey;
    pixels[p * 4 + 1] = grey;
    pixels[p * 4 + 2] = grey;
    pixels[p * 4 + 3] = 255;
  }
}

export interface OverlayOptions {
  readonly shown: ReadonlySet<TextureClass>;
  readonly lobeLines: boolean;
}

/** Coloured pixels of the shown classes, RGBA, clear elsewhere; opacity is the canvas's own. */
export function drawOverlay(
  { textures, lobes, width }: Slice,
  { shown, lobeLines }: OverlayOptions,
  pixels: Uint8ClampedArray,
): void {
  pixels.fill(0);
  const colours = TEXTURE_CLASSES.map((name) => (shown.has(name) ? CLASS_COLOURS[name] : undefined));
  const paint = (p: number, [red, green, blue]: readonly number[]) => {
    pixels[p * 4] = red!;
    pixels[p * 4 + 1] = green!;
    pixels[p * 4 + 2] = blue!;
    pixels[p * 4 + 3] = 255;
  };
  if (textures)
    for (let p = 0; p < textures.length; p++) {
      const texture = textures[p]!;
      const colour = texture ? colours[texture - 1] : undefined;
      if (colour) paint(p, colour);
    }
  if (lobes && lobeLines)
    for (let p = 0; p < lobes.length; p++) {
      const right = (p + 1) % width ? lobes[p + 1] : lobes[p];
      const below = lobes[p + width] ?? lobes[p];
      if (lobes[p] !== right || lobes[p] !== below) paint(p, LOBE_LINE);
    }
}
