import { describe, expect, it } from 'vitest';
import { TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';
import { CLASS_COLOURS } from '../../../src/protocol/segmentColours.ts';
import { shownClasses } from '../../../src/protocol/shownClasses.ts';
import type { Slice } from '../../../src/webview/viewer/decode.ts';
import { drawGrey, drawOverlay, greyTable } from '../../../src/webview/viewer/draw.ts';
import { LOBE_LINE } from '../../../src/webview/viewer/palette.ts';

function slice(hu: number[], rest: Partial<Slice> = {}): Slice {
  const size = { plane: 'axial' as const, index: 0, width: hu.length, height: 1, pixelWidthMm: 1, pixelHeightMm: 1 };
  return { ...size, hu: Int16Array.from(hu), lobes: undefined, textures: undefined, ...rest };
}

function pixelsOf(width: number, draw: (pixels: Uint8ClampedArray) => void): number[][] {
  const pixels = new Uint8ClampedArray(width * 4).fill(7);
  draw(pixels);
  return Array.from({ length: width }, (_, p) => [...pixels.subarray(p * 4, p * 4 + 4)]);
}

describe('grey values', () => {
  it('run from black to white over the window, and stay there beyond it', () => {
    const drawn = slice([-3000, -500, 0, 500, 5000]);
    const greys = pixelsOf(5, (pixels) => drawGrey(drawn, greyTable({ centre: 0, width: 1000 }), pixels));
    expect(greys.map(([red]) => red)).toEqual([0, 0, 128, 255, 255]);
    expect(greys.every(([red, green, blue, alpha]) => red === green && green === blue && alpha === 255)).toBe(true);
  });
});

describe('the overlay', () => {
  const textures = Uint8Array.from([0, 1, 2, 3, 4, 5, 6]);
  const all = slice([0, 0, 0, 0, 0, 0, 0], { textures });
  const draw = (shown: readonly TextureClass[], drawn: Slice = all, lobeLines = false) =>
    pixelsOf(drawn.width, (pixels) =>
      drawOverlay(drawn, { classes: shownClasses(undefined), shown: new Set(shown), lobeLines }, pixels),
    );

  it('gives each class its own colour and leaves the rest clear', () => {
    const [outside, ...classes] = draw(TEXTURE_CLASSES);
    expect(outside).toEqual([0, 0, 0, 0]);
    expect(classes).toEqual(TEXTURE_CLASSES.map((name) => [...CLASS_COLOURS[name], 255]));
    expect(new Set(classes.map(String)).size).toBe(TEXTURE_CLASSES.length);
  });

  it('leaves a class that is not shown clear', () => {
    expect(draw(['ggo']).map(([, , , alpha]) => alpha)).toEqual([0, 0, 255, 0, 0, 0, 0]);
  });

  it('draws lines where two lobes meet', () => {
    const lobes = slice([0, 0, 0], { lobes: Uint8Array.from([1, 1, 2]) });
    expect(draw([], lobes, true)).toEqual([
      [0, 0, 0, 0],
      [...LOBE_LINE, 255],
      [0, 0, 0, 0],
    ]);
  });
});
