/** Fingers on a picture: one uses the chosen tool, two enlarge and move, one that is held still reads values. */
import { fitOrActualSize } from './keys.ts';
import type { Pane } from './pane.ts';
import { beginDrag, createDoublePress, distance, type PointerHandlers, pointAt } from './pointing.ts';
import { type Drag, isDrawing } from './tools.ts';
import type { Viewer } from './viewer.ts';
import { type Point, panned, zoomedAt } from './viewTransform.ts';

const LONG_PRESS_MS = 450;
/** A finger that moves by less is held still. */
const STILL_PX = 8;

export function createFingers(viewer: Viewer, pane: Pane): PointerHandlers {
  /** Where those on the picture are, and where the first one came down. */
  const fingers = new Map<number, Point>();
  const isDouble = createDoublePress();
  let drag: Drag | undefined;
  let cameDownAt: Point | undefined;
  let isReading = false;
  let holding: ReturnType<typeof setTimeout> | undefined;

  const giveUp = () => {
    clearTimeout(holding);
    drag?.cancel?.();
    drag = undefined;
    isReading = false;
  };
  const read = (id: number) => {
    giveUp();
    isReading = true;
    pointAt(pane, fingers.get(id));
  };
  return {
    down(event, at) {
      // One finger scrolls, as everywhere, until another tool is chosen.
      viewer.tool.value ??= 'scroll';
      fingers.set(event.pointerId, at);
      giveUp();
      cameDownAt = fingers.size === 1 ? at : undefined;
      if (!cameDownAt) return;
      drag = beginDrag(viewer, pane, event, at);
      holding = setTimeout(() => read(event.pointerId), LONG_PRESS_MS);
    },
    move({ pointerId }, at) {
      if (fingers.size > 1) pinch(pane, fingers, pointerId, at);
      fingers.set(pointerId, at);
      if (cameDownAt && distance(at, cameDownAt) > STILL_PX) clearTimeout(holding);
      if (isReading) pointAt(pane, at);
      drag?.move(at);
    },
    up(event, at) {
      fingers.delete(event.pointerId);
      const isTap = cameDownAt && !isReading && distance(at, cameDownAt) < STILL_PX;
      if (isTap && isDouble(event, at) && !isDrawing(viewer)) fitOrActualSize(viewer);
      drag?.end?.();
      drag = undefined;
      giveUp();
    },
    cancel({ pointerId }) {
      fingers.delete(pointerId);
      giveUp();
    },
    giveUp,
  };
}

/** Two fingers enlarge by how far they are apart, and move the picture with the middle between them. */
function pinch(pane: Pane, fingers: ReadonlyMap<number, Point>, id: number, to: Point): void {
  const frame = pane.frame.peek();
  const from = fingers.get(id);
  const other = [...fingers].find(([finger]) => finger !== id)?.[1];
  if (!frame || !from || !other) return;
  const moved = panned(pane.transform.peek(), { x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 }, frame);
  const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
  const factor = distance(to, other) / Math.max(1, distance(from, other));
  pane.transform.value = zoomedAt(moved, factor, middle, frame);
}
