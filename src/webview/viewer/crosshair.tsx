/** Lines where the slices of the other planes cut a picture. */
import type { JSX } from 'preact';
import type { Slice } from './decode.ts';
import type { Viewer } from './viewer.ts';
import { type Placement, toBox } from './viewTransform.ts';
import { placeIn, type Voxel } from './voxel.ts';

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
