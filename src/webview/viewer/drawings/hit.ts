/** What of a drawing lies under the pointer: pure functions on places in the picture's box, in CSS pixels. */
import type { Annotation, SlicePoint } from '../../../protocol/annotations/annotation.ts';
import { type Placement, type Point, toBox } from '../viewTransform.ts';

/** A point of it that can be moved, or all of it. */
export type Grip = { readonly annotation: Annotation; readonly point: number | 'all' };

/** A hand hits no nearer than this. */
const NEAR_PX = 9;

export function boxPoint([x, y]: SlicePoint, placement: Placement): Point {
  return toBox({ x, y }, placement);
}

/** The radius of a circle in CSS pixels, the same in all directions. */
export function radiusPx({ points }: Pick<Annotation, 'points'>, placement: Placement): number {
  const [centre, rim] = points.map((point) => boxPoint(point, placement));
  return centre && rim ? Math.hypot(rim.x - centre.x, rim.y - centre.y) : 0;
}

/** The last drawn lies on top. */
export function gripAt(at: Point, drawn: readonly Annotation[], placement: Placement): Grip | undefined {
  for (const annotation of drawn.toReversed()) {
    const points = annotation.points.map((point) => boxPoint(point, placement));
    const near = points.findIndex((point) => isNear(point, at));
    // A circle is moved by its centre.
    if (near >= 0) return { annotation, point: annotation.shape === 'circle' && near === 0 ? 'all' : near };
    if (isOnLine(at, annotation, points, placement)) return { annotation, point: 'all' };
  }
  return undefined;
}

export function isNear(a: Point, b: Point): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) <= NEAR_PX;
}

function isOnLine(at: Point, annotation: Annotation, points: readonly Point[], placement: Placement): boolean {
  if (annotation.shape === 'circle') {
    const centre = points[0]!;
    return Math.abs(Math.hypot(at.x - centre.x, at.y - centre.y) - radiusPx(annotation, placement)) <= NEAR_PX / 2;
  }
  const ends = annotation.shape === 'polygon' ? points : points.slice(0, -1);
  return ends.some((from, n) => awayFrom(at, from, points[(n + 1) % points.length]!) <= NEAR_PX / 2);
}

/** From a place to the nearest of a line. */
function awayFrom({ x, y }: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}

/** As few of the points as keep the line within `tolerance` of where it was (Douglas & Peucker 1973). */
export function simplified(points: readonly SlicePoint[], tolerance: number): SlicePoint[] {
  if (points.length < 3) return [...points];
  const [first, last] = [points[0]!, points.at(-1)!];
  const away = points.map(([x, y]) => awayFrom({ x, y }, { x: first[0], y: first[1] }, { x: last[0], y: last[1] }));
  const most = Math.max(...away);
  if (most <= tolerance) return [first, last];
  const farthest = away.indexOf(most);
  return [
    ...simplified(points.slice(0, farthest + 1), tolerance).slice(0, -1),
    ...simplified(points.slice(farthest), tolerance),
  ];
}
