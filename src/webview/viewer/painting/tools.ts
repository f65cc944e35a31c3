/** What dragging and clicking do while masks are edited. */
import type { Drag, Target, Tool } from '../tools.ts';
import type { Viewer } from '../viewer.ts';
import { type Point, pixelAt, placementOf, toSlice } from '../viewTransform.ts';
import { RADIUS_MM } from './painting.ts';

export const BRUSH = 'brush';
export const ERASER = 'eraser';

/** As pointer events count them: the end of a pen with which one rubs out. */
const PEN_ERASER_BUTTON = 5;

const isOffered = ({ painting }: Viewer) => painting?.isOn.value === true;
const NO_DRAG: Drag = { move() {} };

/** In pixels of the slice, as the picture lies now. */
function placeAt(at: Point, { pane, frame }: Target): Point {
  return toSlice(at, placementOf(frame, pane.transform.peek()));
}

function strokes(isErasing: boolean): Tool['begin'] {
  return ({ at }, target) => {
    // Still chosen where another patient is shown, whose masks nobody edits yet.
    if (!isOffered(target.viewer)) return NO_DRAG;
    const stroke = target.viewer.painting?.stroke(target.frame.slice, isErasing);
    const add = (to: Point) => {
      const { x, y } = placeAt(to, target);
      stroke?.add([x, y]);
    };
    add(at);
    return { move: add, end: () => stroke?.end(), cancel: () => stroke?.cancel() };
  };
}

/** Of a single press. */
function press(act: (viewer: Viewer, target: Target, pixel: number) => void): Tool['begin'] {
  return ({ at }, target) => {
    const { slice } = target.frame;
    const pixel = pixelAt(placeAt(at, target), slice);
    if (pixel === undefined || !isOffered(target.viewer)) return NO_DRAG;
    return { move() {}, end: () => act(target.viewer, target, pixel) };
  };
}

export const PAINTING_TOOLS: readonly Tool[] = [
  { id: BRUSH, label: 'Brush', isOffered, isDrawing: true, begin: strokes(false) },
  {
    id: ERASER,
    label: 'Eraser',
    isOffered,
    isDrawing: true,
    shortcut: {
      words: 'Eraser of a pen, while editing',
      begins: ({ button }, { viewer }) => button === PEN_ERASER_BUTTON && viewer.painting?.isOn.peek() === true,
    },
    begin: strokes(true),
  },
  {
    id: 'pick',
    label: 'Pick',
    isOffered,
    isDrawing: true,
    begin: press(({ painting }, { frame: { slice } }, pixel) => painting?.pick(slice, pixel)),
  },
  {
    id: 'island',
    label: 'Island',
    isOffered,
    isDrawing: true,
    begin: press(({ painting }, { frame: { slice } }, pixel) => painting?.reject(slice, pixel)),
  },
];

/** Whether presses edit masks, and move no drawing that lies there. */
export function isPainting({ painting, tool }: Viewer): boolean {
  return painting?.isOn.peek() === true && PAINTING_TOOLS.some(({ id }) => id === tool.peek());
}

/** With the brush in hand, and back to the tool before. */
export async function toggleEditing(viewer: Viewer): Promise<void> {
  const { painting, tool } = viewer;
  if (!painting) return;
  await painting.toggle();
  const isOn = painting.isOn.peek();
  if (isOn) viewer.change({ overlay: true });
  if (isOn || isPaintingTool(tool.peek())) tool.value = isOn ? BRUSH : undefined;
}

/** Whether it is one of those that edit masks. */
export function isPaintingTool(id: string | undefined): boolean {
  return PAINTING_TOOLS.some((own) => own.id === id);
}

/** False where masks are not edited, so that the key is left to others. */
export function resizeBrush({ painting }: Viewer, factor: number): boolean {
  if (!painting?.isOn.peek()) return false;
  const { radiusMm } = painting.brush.peek();
  const wanted = Math.round(radiusMm * factor * 4) / 4;
  // A small brush grows by more than rounding takes away.
  const moved = wanted === radiusMm ? radiusMm + Math.sign(factor - 1) * 0.25 : wanted;
  painting.change({ radiusMm: Math.min(RADIUS_MM.most, Math.max(RADIUS_MM.least, moved)) });
  return true;
}
