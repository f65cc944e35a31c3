/** Axial, coronal and sagittal slices that cross in one voxel: lines where the others cut a picture, and the tool that moves them. */
import type { JSX } from 'preact';
import type { Slice } from './decode.ts';
import type { Pane } from './pane.ts';
import type { Drag, Tool } from './tools.ts';
import type { Viewer } from './viewer.ts';
import { type Placement, placementOf, toBox, toSlice } from './viewTransform.ts';
import { placeIn, type Voxel, voxelAt } from './voxel.ts';

/** What the slices of the panes cross in. */
function voxelOf({ panes }: Viewer): Voxel {
  const index = (plane: string) => panes.value.find((pane) => pane.plane.value === plane)?.wanted.value ?? 0;
  return { axial: index('axial'), coronal: index('coronal'), sagittal: index('sagittal') };
}

export function Crosshair({
  viewer,
  slice,
  placement,
}: {
  readonly viewer: Viewer;
  readonly slice: Slice;
  readonly placement: Placement;
}): JSX.Element {
  const place = placeIn(slice.plane, voxelOf(viewer), viewer.view.sliceCounts);
  const { x, y } = toBox(place, placement);
  return (
    <svg class="crosshair" aria-hidden="true" data-testid="crosshair" data-x={place.x} data-y={place.y}>
      <line x1={x} x2={x} y1="0" y2="100%" />
      <line x1="0" x2="100%" y1={y} y2={y} />
    </svg>
  );
}

/** The tool's id. */
export const CROSSHAIR = 'crosshair';

/** All three pictures follow the pointer. */
export const CROSSHAIR_TOOL: Tool = {
  id: CROSSHAIR,
  label: 'Crosshair',
  isOffered: ({ isThreePlanes }) => isThreePlanes.value,
  begin({ at }, { viewer, pane, frame }): Drag {
    const move = (to: typeof at) => {
      const placement = placementOf(frame, pane.transform.peek());
      const { plane, index } = frame.slice;
      moveTo(viewer, voxelAt(toSlice(to, placement), plane, index, viewer.view.sliceCounts), pane);
    };
    move(at);
    return { move };
  },
};

/** The picture that is pointed at keeps its slice. */
function moveTo({ panes }: Viewer, voxel: Voxel, from: Pane): void {
  for (const pane of panes.peek()) if (pane !== from) pane.goTo(voxel[pane.plane.peek()]);
}
