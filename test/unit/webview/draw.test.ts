import { describe, expect, it } from 'vitest';
import { TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';
import { CLASS_COLOURS } from '../../../src/protocol/segmentColours.ts';
import { shownClasses } from '../../../src/protocol/shownClasses.ts';
import type { Slice } from '../../../src/webview/viewer/decode.ts';
import { type Display, drawSlice, pixelTable } from '../../../src/webview/viewer/draw.ts';
import { LOBE_LINE } from '../../../src/webview/viewer/palette.ts';

const WINDOW = { centre: 0, width: 1000 };

function slice(hu: number[], rest: Partial<Slice> = {}): Slice {
  const size = { plane: 'axial' as const, index: 0, width: hu.length, height: 1, pixelWidthMm: 1, pixelHeightMm: 1 };
  return { ...size, hu: Int16Array.from(hu), lobes: undefined, textures: undefined, zones: undefined, ...rest };
}

/** Red, green, blue and opacity of each pixel. */
function drawn(of: Slice, display: Partial<Display> = {}): number[][] {
  const pixels = new Uint8ClampedArray(of.width * 4).fill(7);
  const whole = { window: WINDOW, overlay: undefined, ...display };
  drawSlice(of, whole, pixelTable(whole), pixels);
  return Array.from({ length: of.width }, (_, p) => [...pixels.subarray(p * 4, p * 4 + 4)]);
}

const grey = (value: number) => [value, value, value, 255];

describe('grey values', () => {
  it('run from black to white over the window, and stay there beyond it', () => {
    expect(drawn(slice([-3000, -500, 0, 500, 5000]))).toEqual([0, 0, 128, 255, 255].map(grey));
  });

  it('run the other way where they are inverted', () => {
    expect(drawn(slice([-3000, 0, 5000]), { inverted: true })).toEqual([255, 127, 0].map(grey));
  });
});

describe('the overlay', () => {
  const textures = Uint8Array.from([0, 1, 2, 3, 4, 5, 6]);
  const all = slice([-500, -500, -500, -500, -500, -500, -500], { textures });
  const laidOver = (shown: readonly TextureClass[], of: Slice = all, rest = {}) =>
    drawn(of, {
      overlay: { classes: shownClasses(undefined), shown: new Set(shown), lobeLines: false, opacity: 1, ...rest },
    });

  it('gives each class its own colour and leaves the rest grey', () => {
    const [outside, ...classes] = laidOver(TEXTURE_CLASSES);
    expect(outside).toEqual(grey(0));
    expect(classes).toEqual(TEXTURE_CLASSES.map((name) => [...CLASS_COLOURS[name], 255]));
    expect(new Set(classes.map(String)).size).toBe(TEXTURE_CLASSES.length);
  });

  it('leaves a class that is not shown grey', () => {
    expect(laidOver(['ggo']).filter((pixel) => String(pixel) !== String(grey(0)))).toEqual([
      [...CLASS_COLOURS.ggo, 255],
    ]);
  });

  it('lets as much of the grey through as its opacity says', () => {
    const half = laidOver(['ggo'], slice([500], { textures: Uint8Array.of(2) }), { opacity: 0.5 });
    expect(half).toEqual([[...CLASS_COLOURS.ggo.map((part) => Math.round((255 + part) / 2)), 255]]);
  });

  it('draws lines where two lobes meet', () => {
    const lobes = slice([-500, -500, -500], { lobes: Uint8Array.from([1, 1, 2]) });
    expect(laidOver([], lobes, { lobeLines: true })).toEqual([grey(0), [...LOBE_LINE, 255], grey(0)]);
  });
});
