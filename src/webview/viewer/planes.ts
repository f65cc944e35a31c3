/** Axial, coronal and sagittal pictures of one CT together, or one of them. */
import { batch } from '@preact/signals';
import { PLANES, type Plane } from '../../protocol/view.ts';
import { CROSSHAIR } from './crosshairTool.ts';
import { createPane } from './pane.ts';
import type { Viewer } from './viewer.ts';

/** One picture of each plane, or again the one that keys act on. */
export function setThreePlanes(viewer: Viewer, areThree: boolean): void {
  const { panes, active, isThreePlanes, tool } = viewer;
  if (areThree === isThreePlanes.peek()) return;
  const before = panes.peek();
  const indices = indicesOf(viewer);
  const plane = active.peek().plane.peek();
  const { series } = active.peek();
  const next = (areThree ? PLANES : [plane]).map((of) => createPane(series, { plane: of, indices }));
  batch(() => {
    panes.value = next;
    active.value = next.find((pane) => pane.plane.peek() === plane)!;
    isThreePlanes.value = areThree;
    // A click sets all three, and no other tool would be looked for first; the one before comes back.
    if (areThree) {
      viewer.toolBefore = tool.peek();
      tool.value = CROSSHAIR;
    } else if (tool.peek() === CROSSHAIR) tool.value = viewer.toolBefore;
  });
  for (const pane of before) pane.dispose();
  for (const pane of next) pane.prepare();
}

/** The slice of each plane: that of its own picture, where it has one. */
export function indicesOf({ panes, active }: Pick<Viewer, 'panes' | 'active'>): Readonly<Record<Plane, number>> {
  const of = (plane: Plane) => panes.peek().find((pane) => pane.plane.peek() === plane) ?? active.peek();
  const index = (plane: Plane) => of(plane).indices.peek()[plane];
  return { axial: index('axial'), coronal: index('coronal'), sagittal: index('sagittal') };
}

/** Shows the plane in the active picture; where each plane has its own, that one becomes active. */
export function showPlane({ panes, active, isThreePlanes }: Viewer, plane: Plane): void {
  const own = isThreePlanes.peek() && panes.peek().find((pane) => pane.plane.peek() === plane);
  if (own) active.value = own;
  else active.peek().setPlane(plane);
}

/** Shows a slice, in the picture of its plane. */
export function goToSlice(viewer: Viewer, plane: Plane, index: number): void {
  showPlane(viewer, plane);
  viewer.active.peek().goTo(index, plane);
}
