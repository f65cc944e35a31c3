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
  const { drawings } = viewer;
  const here = drawings.on(pane.series.view).filter((one) => one.plane === slice.plane && one.index === slice.index);
  if (here.length === 0) return null;
  const measuredOn = (one: Annotation) => drawings.sliceOf(pane.series.view, one) ?? (slice.slab ? undefined : slice);
  const labels = here
    .filter((one) => !isOpen(one, viewer))
    .map((one) => {
      const on = measuredOn(one);
      return { id: one.id, at: labelPlace(one, placement), text: `${one.name}: ${on ? valuesOf(one, on) : '…'}` };
    });
  const places = placeLabels(labels, pane.box.value ?? { width: 0, height: 0 });
  return (
    // Said in the list below the pictures.
    <svg class="drawings" aria-hidden="true" data-testid="drawings">
      {here.map((one) => (
        <Drawing key={one.id} one={one} viewer={viewer} pane={pane} placement={placement} />
      ))}
      {labels.map(({ id, text }, n) => (
        <text key={id} {...places[n]}>
          {text}
        </text>
      ))}
    </svg>
  );
}

function Drawing({
  one,
  viewer,
  pane,
  placement,
}: Omit<LayerProps, 'slice'> & { readonly one: Annotation }): JSX.Element {
  const isSelected = viewer.drawings.selected.value === one.id;
  const isUnfinished = isOpen(one, viewer);
  const points = one.points.map((point) => boxPoint(point, placement));
  const pointed = isUnfinished && pane.point.value ? [toBox(pane.point.value, placement)] : [];
  return (
    <g class={isSelected ? 'selected' : undefined} data-testid="drawing" data-shape={one.shape} data-name={one.name}>
      <Shape one={one} points={[...points, ...pointed]} isOpen={isUnfinished} placement={placement} />
      {(isSelected || isUnfinished) &&
        points.map(({ x, y }, n) => <rect key={n} x={x - 3} y={y - 3} width="6" height="6" />)}
    </g>
  );
}

/** Whether it is a polygon that is still being drawn. */
function isOpen({ id }: Annotation, { drawings }: Viewer): boolean {
  const draft = drawings.draft.value;
  return draft?.isOpen === true && draft.annotation.id === id;
}

function Shape({
  one,
  points,
  isOpen,
  placement,
}: {
  readonly one: Annotation;
  readonly points: readonly Point[];
  readonly isOpen: boolean;
  readonly placement: Placement;
}): JSX.Element {
  const line =
    one.shape === 'circle'
      ? circlePath(points[0]!, radiusPx(one, placement))
      : `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}${one.shape === 'polygon' && !isOpen ? 'Z' : ''}`;
  return (
    <>
      <path class="halo" d={line} />
      <path d={line} />
      {one.shape === 'ruler' && points.map((end, n) => <path key={n} d={tick(end, points[1 - n]!)} />)}
    </>
  );
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
