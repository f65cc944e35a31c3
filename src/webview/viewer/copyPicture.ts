/**
 * The picture as an image: what is seen of the slice and of what is drawn on it, with slice, window, orientation and
 * scale, and without who it is.
 */
import { barMmOf, inMetric, SIDES, windowInWords } from './annotations.tsx';
import type { Slice } from './decode.ts';
import { shownSlice } from './differences.ts';
import { drawnOn, type LayerProps } from './drawings/layer.tsx';
import { createPaint } from './paint.ts';
import { cssColour, ZONE_LINE } from './palette.ts';
import { slabInWords } from './slabs.ts';
import { displayOf, type Viewer } from './viewer.ts';
import { type Frame, type Placement, type Point, placementOf } from './viewTransform.ts';
import { zonePath } from './zonePath.ts';

/** No smaller than the slice's own pixels, and large enough for a slide. */
const LEAST_PX = 1024;
/** Browsers draw nothing on canvases that are much larger. */
const MOST_PX = 8192;
const MARGIN = 8;
const COLOUR = '#f2d16b';

/** Copies the active picture; where the browser does not allow that, saves it. Says in the viewer what became of it. */
export async function copyPicture(viewer: Viewer): Promise<void> {
  const { frame: framed, transform, count } = viewer.active.peek();
  const frame = framed.peek();
  if (!frame) return;
  const { slice } = frame;
  const slab = slice.slab ? `   ${slabInWords(slice.slab)}` : '';
  const words = `${slice.plane} ${slice.index + 1} / ${count.peek()}${slab}   ${windowInWords(viewer.window.peek())}`;
  const drawn = drawPicture(frame, viewer, placementOf(frame, transform.peek()), words);
  const png = new Promise<Blob>((resolve, reject) => {
    drawn.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
  });
  try {
    // Browsers want to be asked at once, before the image is made.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    viewer.say('Copied.');
  } catch (error) {
    save(await png, `${slice.plane}-${slice.index + 1}.png`);
    viewer.say(`Saved as a file, since it could not be copied (${error instanceof Error ? error.message : error}).`);
  }
}

function drawPicture({ slice, box }: Frame, viewer: Viewer, place: Placement, words: string): HTMLCanvasElement {
  const wanted = Math.max(devicePixelRatio, slice.width / place.width, LEAST_PX / Math.min(box.width, box.height));
  const scale = Math.min(wanted, MOST_PX / Math.max(box.width, box.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = '#000';
  context.fillRect(0, 0, box.width, box.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(painted(slice, viewer), place.left, place.top, place.width, place.height);
  if (viewer.look.peek().lobeLines) drawZones(context, slice, place);
  drawDrawings(context, { viewer, pane: viewer.active.peek(), slice, placement: place });
  drawWords(context, { slice, box }, words);
  drawBar(context, box, place.pixelsPerMm);
  return canvas;
}

/** The slice in its own pixels. */
function painted(slice: Slice, viewer: Viewer): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const pane = viewer.active.peek();
  createPaint(canvas)(shownSlice(viewer, pane, slice), displayOf(viewer, pane, false));
  return canvas;
}

function drawZones(context: CanvasRenderingContext2D, { zones, width, height }: Slice, place: Placement): void {
  if (!zones) return;
  const path = new Path2D();
  const onSlice = new DOMMatrix([place.width / width, 0, 0, place.height / height, place.left, place.top]);
  path.addPath(new Path2D(zonePath(zones, width)), onSlice);
  context.strokeStyle = cssColour(ZONE_LINE);
  context.lineWidth = 1.5;
  context.stroke(path);
}

/** What is drawn on the slice, with what it measures, as it lies over the picture on the screen. */
function drawDrawings(context: CanvasRenderingContext2D, props: LayerProps): void {
  const { drawn, labels } = drawnOn(props);
  context.save();
  context.lineJoin = 'round';
  for (const line of drawn.flatMap(({ lines }) => lines)) {
    const path = new Path2D(line);
    for (const [style, width] of [
      ['#000b', 4],
      ['#fff', 1.5],
    ] as const) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke(path);
    }
  }
  context.font = '12px system-ui, sans-serif';
  context.lineWidth = 3;
  context.strokeStyle = '#000c';
  context.fillStyle = '#fff';
  for (const { text, at } of labels) {
    context.strokeText(text, at.x, at.y);
    context.fillText(text, at.x, at.y);
  }
  context.restore();
}

function drawWords(context: CanvasRenderingContext2D, { slice, box }: Frame, words: string): void {
  const { width, height } = box;
  const [left, right, top, bottom] = SIDES[slice.plane];
  context.font = '600 13px system-ui, sans-serif';
  context.fillStyle = COLOUR;
  context.shadowColor = '#000';
  context.shadowBlur = 3;
  const put = (text: string, at: Point, align: CanvasTextAlign, baseline: CanvasTextBaseline) => {
    context.textAlign = align;
    context.textBaseline = baseline;
    context.fillText(text, at.x, at.y);
  };
  const [far, low] = [width - MARGIN, height - MARGIN];
  put(left, { x: MARGIN, y: height / 2 }, 'left', 'middle');
  put(right, { x: far, y: height / 2 }, 'right', 'middle');
  put(top, { x: width / 2, y: MARGIN }, 'center', 'top');
  put(bottom, { x: width / 2, y: low }, 'center', 'bottom');
  put(words[0]!.toUpperCase() + words.slice(1), { x: MARGIN, y: MARGIN }, 'left', 'top');
  put('Research only', { x: MARGIN, y: low }, 'left', 'bottom');
}

function drawBar(context: CanvasRenderingContext2D, { width, height }: Frame['box'], pixelsPerMm: number): void {
  const mm = barMmOf(pixelsPerMm);
  const length = mm * pixelsPerMm;
  context.fillRect(width - MARGIN - length, height - MARGIN - 2, length, 2);
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(inMetric(mm), width - MARGIN - length / 2, height - MARGIN - 4);
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
