/** What is drawn on a slice, over its picture: lines, points to move them by, and what they measure. */
import type { JSX } from 'preact';
import type { Annotation } from '../../../protocol/annotations/annotation.ts';
import type { Slice } from '../decode.ts';
import type { Pane } from '../pane.ts';
import type { Viewer } from '../viewer.ts';
import { type Placement, type Point, toBox } from '../viewTransform.ts';
import { boxPoint, radiusPx } from './hit.ts';
import { valuesOf } from './values.ts';

/** About as broad as a letter of the labels is. */
const CHARACTER_PX = 6.6;

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
  return (
    // Said in the list below the pictures.
    <svg class="drawings" aria-hidden="true" data-testid="drawings">
      {here.map((one) => (
        <Drawing key={one.id} one={one} viewer={viewer} pane={pane} slice={slice} placement={placement} />
      ))}
    </svg>
  );
}

function Drawing({ one, viewer, pane, slice, placement }: LayerProps & { readonly one: Annotation }): JSX.Element {
  const { drawings } = viewer;
  const isSelected = drawings.selected.value === one.id;
  const draft = drawings.draft.value;
  const isOpen = draft?.isOpen === true && draft.annotation.id === one.id;
  const points = one.points.map((point) => boxPoint(point, placement));
  const pointed = isOpen && pane.point.value ? [toBox(pane.point.value, placement)] : [];
  const measuredOn = drawings.sliceOf(pane.series.view, one) ?? (slice.slab ? undefined : slice);
  return (
    <g class={isSelected ? 'selected' : undefined} data-testid="drawing" data-shape={one.shape} data-name={one.name}>
      <Shape one={one} points={[...points, ...pointed]} isOpen={isOpen} placement={placement} />
      {(isSelected || isOpen) && points.map(({ x, y }, n) => <rect key={n} x={x - 3} y={y - 3} width="6" height="6" />)}
      {!isOpen && (
        <Label at={labelPlace(one, points, placement)} width={pane.box.value?.width ?? 0}>
          {`${one.name}: ${measuredOn ? valuesOf(one, measuredOn) : '…'}`}
        </Label>
      )}
    </g>
  );
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
function labelPlace(one: Annotation, points: readonly Point[], placement: Placement): Point {
  if (one.shape === 'circle') {
    const radius = radiusPx(one, placement);
    return { x: points[0]!.x + radius * 0.71 + 6, y: points[0]!.y - radius * 0.71 };
  }
  const right = points.reduce((a, b) => (b.x > a.x ? b : a));
  return { x: right.x + 8, y: right.y + 4 };
}

/** Nearer to the left where there is no room to the right. */
function Label({
  at,
  width,
  children,
}: {
  readonly at: Point;
  readonly width: number;
  readonly children: string;
}): JSX.Element {
  const room = children.length * CHARACTER_PX;
  const x = Math.max(0, Math.min(at.x, width - room));
  return (
    <text x={x} y={at.y}>
      {children}
    </text>
  );
}
