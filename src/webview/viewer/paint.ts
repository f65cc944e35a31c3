/** Puts slices onto a canvas. */
import type { Slice } from './decode.ts';
import { type Display, drawSlice, pixelTable } from './draw.ts';

export type Paint = (slice: Slice, display: Display) => void;

/** One for all canvases, since each keeps a copy: megabytes a slice that are thrown away hold the browser up. */
let image: ImageData | undefined;

/** Paints onto this canvas, which takes the size of the slice. */
export function createPaint(canvas: HTMLCanvasElement): Paint {
  const context = canvas.getContext('2d', { alpha: false });
  let table: Uint32Array | undefined;
  let tableOf: Display | undefined;
  return (slice, display) => {
    if (!context) return;
    const { width, height } = slice;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (!table || tableOf !== display) table = pixelTable(display);
    tableOf = display;
    if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
    drawSlice(slice, display, table, image.data);
    context.putImageData(image, 0, 0);
  };
}
