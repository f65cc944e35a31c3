/** What is drawn on a slice, over its picture: lines, points to move them by, and what they measure. */
import type { JSX } from 'preact';
import type { Annotation } from '../../../protocol/annotations/annotation.ts';
import type { Slice } from '../decode.ts';
import type { Pane } from '../pane.ts';
import type { Viewer } from '../viewer.ts';
import { type Placement, type Point, toBox } from '../viewTransform.ts';
import { boxPoint, radiusPx } from './hit.ts';
import { placeLabels } from './labels.ts';
import { valuesOf } from './values.ts';

export interface LayerProps {
  readonly viewer: Viewer;
  readonly pane: Pane;
  readonly slice: Slice;
  readonly placement: Placement;
}

export function DrawingLayer({ viewer, pane, slice, placement }: LayerProps): JSX.Element | null {
  const { drawn, labels } = drawnOn({ viewer, pane, slice, placement });
  if (drawn.length === 0) return null;
  return (
    // Said in the list below the pictures.
    <svg class="drawings" aria-hidden="true" data-testid="drawings">
      {drawn.map(({ one, lines, points }) => (
        <Drawing key={one.id} one={one} lines={lines} points={points} viewer={viewer} />
      ))}
      {labels.map(({ id, text, at }) => (
        <text key={id} {...at}>
          {text}
        </text>
      ))}
    </svg>
  );
}

/** What is drawn on the slice, as paths in its box, with their points and labels. */
export function drawnOn({ viewer, pane, slice, placement }: LayerProps) {
  const { drawings } = viewer;
  const here = drawings.on(pane.series.view).filter((one) => one.plane === slice.plane && one.index === slice.index);
  const measuredOn = (one: Annotation) => drawings.sliceOf(pane.series.view, one) ?? (slice.slab ? undefined : slice);
  const labels = here
    .filter((one) => !isOpen(one, viewer))
    .map((one) => {
      const on = measuredOn(one);
      return { id: one.id, at: labelPlace(one, placement), text: `${one.name}: ${on ? valuesOf(one, on) : '…'}` };
    });
  const places = placeLabels(labels, pane.box.value ?? { width: 0, height: 0 });
  const drawn = here.map((one) => {
    const points = one.points.map((point) => boxPoint(point, placement));
    const isUnfinished = isOpen(one, viewer);
    const pointed = isUnfinished && pane.point.value ? [toBox(pane.point.value, placement)] : [];
    return { one, points, lines: linesOf(one, [...points, ...pointed], isUnfinished, placement) };
  });
  return { drawn, labels: labels.map(({ id, text }, n) => ({ id, text, at: places[n]! })) };
}

function Drawing({
  one,
  lines: [line, ...ticks],
  points,
  viewer,
}: {
  readonly one: Annotation;
  readonly lines: readonly string[];
  readonly points: readonly Point[];
  readonly viewer: Viewer;
}): JSX.Element {
  const isSelected = viewer.drawings.selected.value === one.id;
  return (
    <g class={isSelected ? 'selected' : undefined} data-testid="drawing" data-shape={one.shape} data-name={one.name}>
      <path class="halo" d={line} />
      <path d={line} />
      {ticks.map((tick, n) => (
        <path key={n} d={tick} />
      ))}
      {(isSelected || isOpen(one, viewer)) &&
        points.map(({ x, y }, n) => <rect key={n} x={x - 3} y={y - 3} width="6" height="6" />)}
    </g>
  );
}

/** Whether it is a polygon that is still being drawn. */
function isOpen({ id }: Annotation, { drawings }: Viewer): boolean {
  const draft = drawings.draft.value;
  return draft?.isOpen === true && draft.annotation.id === id;
}

/** Its outline, and the ends of a ruler. */
function linesOf(one: Annotation, points: readonly Point[], isUnfinished: boolean, placement: Placement): string[] {
  if (one.shape === 'circle') return [circlePath(points[0]!, radiusPx(one, placement))];
  const isClosed = one.shape === 'polygon' && !isUnfinished;
  const line = `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}${isClosed ? 'Z' : ''}`;
  return [line, ...(one.shape === 'ruler' ? points.map((end, n) => tick(end, points[1 - n]!)) : [])];
}

function circlePath({ x, y }: Point, radius: number): string {
  return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
}

/** Across the end of a ruler. */
function tick(end: Point, other: Point): string {
  const length = Math.hypot(other.x - end.x, other.y - end.y) || 1;
  const [dx, dy] = [((other.y - end.y) / length) * 5, ((other.x - end.x) / length) * 5];
  return `M${end.x - dx} ${end.y + dy}L${end.x + dx} ${end.y - dy}`;
}

/** To the right of it, at the height of its middle. */
function labelPlace(one: Annotation, placement: Placement): Point {
  const points = one.points.map((point) => boxPoint(point, placement));
  if (one.shape === 'circle') {
    const radius = radiusPx(one, placement);
    return { x: points[0]!.x + radius * 0.71 + 6, y: points[0]!.y - radius * 0.71 };
  }
  const right = points.reduce((a, b) => (b.x > a.x ? b : a));
  return { x: right.x + 8, y: right.y + 4 };
}
