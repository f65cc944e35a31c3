/** Where the values of what is drawn stand: all in the picture, and none over another. */
import type { BoxSize, Point } from '../viewTransform.ts';

/** As broad as a letter of the labels is in broad fonts, and as high as a line of them. */
const CHARACTER_PX = 7.4;
const LINE_PX = 15;
/** Kept free for the letter of the right side. */
const SIDE_PX = 18;
/** Below the foot of a line. */
const BELOW_PX = 4;

export interface WantedLabel {
  /** The left end of the foot of its line, in CSS pixels of the box. */
  readonly at: Point;
  readonly text: string;
}

/**
 * Their places in the same order: nearer to the left where there is no room to the right, and moved up or down by whole
 * lines, as little as possible, from those before them. In a box that is full, over others rather than outside it.
 */
export function placeLabels(labels: readonly WantedLabel[], { width, height }: BoxSize): readonly Point[] {
  const placed: { readonly at: Point; readonly width: number }[] = [];
  const [top, bottom] = [LINE_PX - BELOW_PX, Math.max(LINE_PX, height) - BELOW_PX];
  for (const { at, text } of labels) {
    const own = text.length * CHARACTER_PX;
    const x = Math.max(0, Math.min(at.x, width - SIDE_PX - own));
    const isFree = (y: number) =>
      placed.every(
        (other) => Math.abs(other.at.y - y) >= LINE_PX || other.at.x >= x + own || x >= other.at.x + other.width,
      );
    const wanted = Math.max(top, Math.min(at.y, bottom));
    const y = nearby(wanted, top, bottom).find(isFree) ?? wanted;
    placed.push({ at: { x, y }, width: own });
  }
  return placed.map((label) => label.at);
}

/** The height itself, then the next ones below and above it within the limits, the nearest first. */
function nearby(y: number, top: number, bottom: number): readonly number[] {
  const lines = Math.ceil((bottom - top) / (LINE_PX / 3));
  const steps = Array.from({ length: lines }, (_, n) => ((n + 1) * LINE_PX) / 3);
  return [y, ...steps.flatMap((step) => [y + step, y - step])].filter((one) => one >= top && one <= bottom);
}
