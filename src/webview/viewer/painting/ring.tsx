/** The brush as large as it paints, where it is pointed. */
import type { JSX } from 'preact';
import type { Pane } from '../pane.ts';
import type { Viewer } from '../viewer.ts';
import { type Placement, toBox } from '../viewTransform.ts';
import { BRUSH, ERASER } from './tools.ts';

export function BrushRing({
  viewer: { painting, tool },
  pane,
  placement,
}: {
  readonly viewer: Viewer;
  readonly pane: Pane;
  readonly placement: Placement;
}): JSX.Element | null {
  const point = pane.point.value;
  const isBrush = tool.value === BRUSH || tool.value === ERASER;
  if (!painting?.isOn.value || !isBrush || !point) return null;
  const { x, y } = toBox(point, placement);
  const radius = painting.brush.value.radiusMm * placement.pixelsPerMm;
  return (
    <svg class="drawings" aria-hidden="true" data-testid="brush-ring">
      <circle class="halo" cx={x} cy={y} r={radius} />
      <circle cx={x} cy={y} r={radius} stroke-dasharray={tool.value === ERASER ? '4 3' : undefined} />
    </svg>
  );
}
