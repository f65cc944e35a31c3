/** Puts slices onto a canvas: by the graphics processor where there is one, by the browser's own canvas elsewhere. */
import type { Slice } from './decode.ts';
import { type Display, drawSlice, pixelTable } from './draw.ts';
import { createGpuPainter, type GpuPainter } from './paintByGpu.ts';

export type Paint = (slice: Slice, display: Display) => void;

/** One for all canvases, since each keeps a copy: megabytes a slice that are thrown away hold the browser up. */
let image: ImageData | undefined;
/** Likewise, and looked for with the first slice; `none` where there is none. */
let shared: GpuPainter | 'none' | undefined;

function sharedGpu(): GpuPainter | undefined {
  shared ??= createGpuPainter() ?? 'none';
  return shared === 'none' ? undefined : shared;
}

/** Paints onto this canvas, which takes the size of the slice. */
export function createPaint(canvas: HTMLCanvasElement, gpu: () => GpuPainter | undefined = sharedGpu): Paint {
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
    if (!gpu()?.paint(slice, display, table, context)) paintByCanvas(slice, display, table, context);
  };
}

function paintByCanvas(slice: Slice, display: Display, table: Uint32Array, context: CanvasRenderingContext2D): void {
  const { width, height } = slice;
  if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
  drawSlice(slice, display, table, image.data);
  context.putImageData(image, 0, 0);
}
