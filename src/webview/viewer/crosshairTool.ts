/** The tool that moves the voxel in which axial, coronal and sagittal slices cross. */
import type { Pane } from './pane.ts';
import type { Drag, Tool } from './tools.ts';
import type { Viewer } from './viewer.ts';
import { placementOf, toSlice } from './viewTransform.ts';
import { type Voxel, voxelAt } from './voxel.ts';

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
