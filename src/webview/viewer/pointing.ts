/** What mouse, pen and fingers have in common: presses on a picture, and what is pointed at. */
import type { Pane } from './pane.ts';
import { DEFAULT_TOOL, type Drag, toolFor } from './tools.ts';
import type { Viewer } from './viewer.ts';
import { type Point, pixelAt, placementOf, toSlice } from './viewTransform.ts';

/** What hears one kind of pointer; places are in CSS pixels from the box's corner. */
export interface PointerHandlers {
  down(event: PointerEvent, at: Point): void;
  move(event: PointerEvent, at: Point): void;
  up(event: PointerEvent, at: Point): void;
  cancel(event: PointerEvent): void;
  /** Ends what goes on, without effect. */
  giveUp(): void;
}

/** Points at what lies at a place of the box. */
export function pointAt(pane: Pane, at: Point | undefined): void {
  const frame = pane.frame.peek();
  const point = at && frame && toSlice(at, placementOf(frame, pane.transform.peek()));
  pane.point.value = point && frame && pixelAt(point, frame.slice) !== undefined ? point : undefined;
}

/** Begins what the press begins there. */
export function beginDrag(viewer: Viewer, pane: Pane, { button, shiftKey }: PointerEvent, at: Point): Drag | undefined {
  const frame = pane.frame.peek();
  const press = { at, button, shiftKey, isSpaceHeld: viewer.isSpaceHeld };
  if (!frame) return undefined;
  const target = { viewer, pane, frame };
  return toolFor(press, viewer.tool.peek() ?? DEFAULT_TOOL, target)?.begin(press, target);
}

/** Counts presses that follow each other soon, and close by. */
export function createDoublePress(): (event: PointerEvent, at: Point) => boolean {
  let last: { readonly time: number; readonly at: Point } | undefined;
  return ({ timeStamp }, at) => {
    const isSecond = !!last && timeStamp - last.time < DOUBLE_MS && distance(at, last.at) < DOUBLE_PX;
    last = isSecond ? undefined : { time: timeStamp, at };
    return isSecond;
  };
}

const DOUBLE_MS = 400;
const DOUBLE_PX = 24;

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
