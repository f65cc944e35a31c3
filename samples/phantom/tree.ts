/** Branching tubes (bronchi, arteries, veins): recursive bisection of target points, with Murray-like radii. */
import type { Point } from './lungShape.ts';

export interface Tube {
  readonly from: Point;
  readonly to: Point;
  readonly radiusMm: number;
  readonly generation: number;
}

export interface Branches {
  readonly tipRadiusMm: number;
  /** Murray's exponent: 3 in his paper (1926), less in bronchi and lung vessels. */
  readonly exponent: number;
  readonly maximumRadiusMm: number;
}

/**
 * Tubes from `root` to every target. A branch that feeds n targets has the radius `tipRadiusMm · n^(1/exponent)`, at
 * most `maximumRadiusMm`.
 */
export function growTree(
  root: Point,
  targets: readonly Point[],
  { tipRadiusMm, exponent, maximumRadiusMm }: Branches,
): Tube[] {
  const tubes: Tube[] = [];
  const grow = (from: Point, points: readonly Point[], generation: number): void => {
    if (points.length === 0) return;
    const centre = centroid(points);
    const reach = points.length === 1 ? 1 : 0.42;
    const to = mix(from, centre, reach);
    const radiusMm = Math.min(maximumRadiusMm, tipRadiusMm * points.length ** (1 / exponent));
    tubes.push({ from, to, radiusMm, generation });
    if (points.length === 1) return;
    const axis = widestAxis(points);
    const sorted = [...points].sort((a, b) => a[axis] - b[axis]);
    const half = sorted.length >> 1;
    grow(to, sorted.slice(0, half), generation + 1);
    grow(to, sorted.slice(half), generation + 1);
  };
  grow(root, targets, 0);
  return tubes;
}

function centroid(points: readonly Point[]): Point {
  const sum = [0, 0, 0];
  for (const p of points) for (let a = 0; a < 3; a++) sum[a]! += p[a]!;
  return [sum[0]! / points.length, sum[1]! / points.length, sum[2]! / points.length];
}

function mix(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function widestAxis(points: readonly Point[]): 0 | 1 | 2 {
  const extent = ([0, 1, 2] as const).map((a) => {
    let low = Infinity;
    let high = -Infinity;
    for (const p of points) {
      low = Math.min(low, p[a]);
      high = Math.max(high, p[a]);
    }
    return high - low;
  });
  if (extent[0]! >= extent[1]! && extent[0]! >= extent[2]!) return 0;
  return extent[1]! >= extent[2]! ? 1 : 2;
}
