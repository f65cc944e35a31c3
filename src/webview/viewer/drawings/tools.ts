/** The tools that draw rulers, circles and polygons, and the one that moves what is drawn. */
import type { Annotation, AnnotationShape, SlicePoint } from '../../../protocol/annotations/annotation.ts';
import { isPainting } from '../painting/tools.ts';
import type { Drag, Press, Target, Tool } from '../tools.ts';
import type { Viewer } from '../viewer.ts';
import { type Placement, type Point, placementOf, toSlice } from '../viewTransform.ts';
import { freeName, freshId, keyOf } from './drawings.ts';
import { boxPoint, type Grip, gripAt, isNear, simplified } from './hit.ts';

/** A press that moves less is a click. */
const CLICK_PX = 4;
/** A line by hand is followed in steps of this. */
const STEP_PX = 3;
/** Of a pixel of the slice: what a line by hand may lose. */
const TOLERANCE = 0.3;

export const MOVE_DRAWING: Tool = {
  id: 'move-drawing',
  label: 'Moves it',
  isOffered: () => false,
  shortcut: {
    words: 'Drag a point or the line of what is drawn',
    begins: (press, target) => press.button === 0 && !isPainting(target.viewer) && gripOf(press, target) !== undefined,
  },
  begin(press, target) {
    const grip = gripOf(press, target)!;
    const { drawings } = target.viewer;
    drawings.selected.value = grip.annotation.id;
    const from = placeAt(press.at, target);
    return dragOf(target, (to) => moved(grip, from, to, target));
  },
};

const RULER = drawTool('ruler', 'Ruler');
const CIRCLE = drawTool('circle', 'Circle');
const POLYGON: Tool = {
  id: 'polygon',
  label: 'Polygon',
  isDrawing: true,
  begin(press, target) {
    const open = openPolygon(target);
    return open ? addCorner(open, press, target) : drawByHand(press, target);
  },
};

export const DRAWING_TOOLS: readonly Tool[] = [RULER, CIRCLE, POLYGON];

/** From a press to where the button goes up: both ends, or centre and rim. */
function drawTool(shape: AnnotationShape, label: string): Tool {
  return {
    id: shape,
    label,
    isDrawing: true,
    begin({ at }, target) {
      const from = placeAt(at, target);
      const one = newAnnotation(shape, [from, from], target);
      const drag = dragOf(target, (to) => ({ ...one, points: [from, to] }));
      return { ...drag, end: () => endUnlessClick(target, drag) };
    },
  };
}

/** A click draws nothing. */
function endUnlessClick(target: Target, drag: Drag): void {
  const points = target.viewer.drawings.draft.peek()?.annotation.points;
  const placement = placed(target);
  const [from, to] = (points ?? []).map((point) => boxPoint(point, placement));
  if (from && to && Math.hypot(to.x - from.x, to.y - from.y) >= CLICK_PX) drag.end?.();
  else drag.cancel?.();
}

/** Shows `of` the place under the pointer as a draft, and keeps it when the button goes up. */
function dragOf(target: Target, of: (to: SlicePoint) => Annotation): Drag {
  const { drawings } = target.viewer;
  return {
    move: (to) => {
      drawings.draft.value = { annotation: of(placeAt(to, target)) };
    },
    end: () => keepDraft(target.viewer, target),
    cancel: () => {
      drawings.draft.value = undefined;
    },
  };
}

/** A line by hand, or, where the press is a click, the first corner of a polygon. */
function drawByHand({ at }: Press, target: Target): Drag {
  const { drawings } = target.viewer;
  const first = placeAt(at, target);
  const one = newAnnotation('polygon', [first], target);
  let [last, points] = [at, [first]];
  return {
    move(to) {
      if (Math.hypot(to.x - last.x, to.y - last.y) < STEP_PX) return;
      last = to;
      points = [...points, placeAt(to, target)];
      drawings.draft.value = { annotation: { ...one, points } };
    },
    end() {
      const line = simplified(points, TOLERANCE);
      if (line.length < 3) drawings.draft.value = { annotation: one, isOpen: true };
      else {
        drawings.draft.value = { annotation: { ...one, points: line } };
        keepDraft(target.viewer, target);
      }
    },
    cancel() {
      drawings.draft.value = undefined;
    },
  };
}

/** The polygon on this slice to which a press adds a corner. */
function openPolygon({ viewer: { drawings }, frame: { slice } }: Target): Annotation | undefined {
  const draft = drawings.draft.peek();
  const one = draft?.isOpen ? draft.annotation : undefined;
  return one?.plane === slice.plane && one.index === slice.index ? one : undefined;
}

/** A press on its first or its last corner ends it. */
function addCorner(one: Annotation, { at }: Press, target: Target): Drag {
  const placement = placed(target);
  const isAt = (corner: SlicePoint) => isNear(boxPoint(corner, placement), at);
  if (one.points.length >= 3 && (isAt(one.points[0]!) || isAt(one.points.at(-1)!))) {
    closePolygon(target.viewer);
    return { move: () => undefined };
  }
  const withCorner = (to: Point) => ({
    annotation: { ...one, points: [...one.points, placeAt(to, target)] },
    isOpen: true,
  });
  const { draft } = target.viewer.drawings;
  draft.value = withCorner(at);
  return {
    move: (to) => {
      draft.value = withCorner(to);
    },
  };
}

/** Ends a polygon whose corners are being set; false where there is none. */
export function closePolygon(viewer: Viewer): boolean {
  const { draft } = viewer.drawings;
  const open = draft.peek();
  if (!open?.isOpen) return false;
  const pane = viewer.active.peek();
  if (open.annotation.points.length < 3) draft.value = undefined;
  else keepDraft(viewer, { pane });
  return true;
}

/** Drops a polygon whose corners are being set; false where there is none. */
export function giveUpPolygon({ drawings }: Viewer): boolean {
  const isOpen = drawings.draft.peek()?.isOpen === true;
  if (isOpen) drawings.draft.value = undefined;
  return isOpen;
}

function keepDraft({ drawings, say }: Viewer, { pane }: Pick<Target, 'pane'>): void {
  const draft = drawings.draft.peek();
  if (!draft) return;
  drawings.put([draft.annotation], pane.series.view);
  drawings.draft.value = undefined;
  if (!drawings.areKept) say('Drawn on this page alone: it is gone when the page is closed.');
}

function newAnnotation(
  shape: AnnotationShape,
  points: readonly SlicePoint[],
  { viewer: { drawings }, pane, frame: { slice } }: Target,
): Annotation {
  const { view } = pane.series;
  const { patient, series } = view;
  const drawn = drawings.on(view);
  const one = { id: freshId(), patient, series, shape, plane: slice.plane, index: slice.index, points };
  const continued = drawn.find((other) => other.id !== one.id && keyOf(other) === drawings.continued.peek());
  const name = continued && shape !== 'ruler' && continued.plane === slice.plane ? continued.name : freeName(drawn);
  return { ...one, name };
}

/** With one point elsewhere, or all of them. */
function moved(
  { annotation, point }: Grip,
  from: SlicePoint,
  to: SlicePoint,
  { frame: { slice } }: Target,
): Annotation {
  const points = annotation.points.map(([x, y], n): SlicePoint => {
    if (point !== 'all') return n === point ? to : [x, y];
    return [x + to[0] - from[0], y + to[1] - from[1]];
  });
  const isInside = points.every(([x, y]) => x >= 0 && y >= 0 && x <= slice.width && y <= slice.height);
  return isInside || point !== 'all' ? { ...annotation, points } : annotation;
}

function gripOf({ at }: Press, target: Target): Grip | undefined {
  const { viewer, pane, frame } = target;
  if (viewer.drawings.draft.peek()?.isOpen) return undefined;
  const { plane, index } = frame.slice;
  const here = viewer.drawings.on(pane.series.view).filter((one) => one.plane === plane && one.index === index);
  return gripAt(at, here, placed(target));
}

function placed({ pane, frame }: Target): Placement {
  return placementOf(frame, pane.transform.peek());
}

/** In pixels of the slice, and on it. */
function placeAt(at: Point, target: Target): SlicePoint {
  const { width, height } = target.frame.slice;
  const { x, y } = toSlice(at, placed(target));
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}
