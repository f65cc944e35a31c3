/**
 * Which slice of one CT shows the same level of the body as a slice of another: by the lungs' extent where both show lungs,
 * so that base lies at base and apex at apex whatever the patients' size and breath, else by millimetres.
 */
import { type Levels, type MatchedBy, PLANES, type Plane } from '../../protocol/view.ts';
import { sliceDistanceMm } from '../ct/geometry/slab.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import type { Grid } from '../ct/geometry/volume.ts';
import { type LungProfile, lungExtent } from '../lungs/lungProfile.ts';

export interface LevelledCt {
  readonly grid: Grid & { readonly sha256: string };
  readonly profile: LungProfile;
}

/** Less lung than this, from one end to the other, is no measure of a chest. */
const LEAST_MM = 40;

export function levelsBetween(
  left: LevelledCt,
  right: LevelledCt,
): { readonly levels: Levels; readonly by: MatchedBy } {
  if (left.grid.sha256 === right.grid.sha256)
    return {
      levels: levelsOf(() => [
        [0, 0],
        [1, 1],
      ]),
      by: 'same-ct',
    };
  const extents = (plane: Plane) => [left, right].map((ct) => extentOf(ct, plane));
  if (PLANES.every((plane) => extents(plane).every((extent) => extent !== undefined)))
    return {
      levels: levelsOf((plane) => {
        const [l, r] = extents(plane);
        return [
          [l![0], r![0]],
          [l![1], r![1]],
        ];
      }),
      by: 'lungs',
    };
  return { levels: levelsOf((plane) => fromMiddle(left.grid, right.grid, plane)), by: 'mm' };
}

function levelsOf(of: (plane: Plane) => Levels[Plane]): Levels {
  return { axial: of('axial'), coronal: of('coronal'), sagittal: of('sagittal') };
}

function extentOf({ grid, profile }: LevelledCt, plane: Plane) {
  const extent = lungExtent(profile, plane);
  return extent && (extent[1] - extent[0]) * sliceDistanceMm(grid, plane) >= LEAST_MM ? extent : undefined;
}

/** Middle at middle, and from there as many millimetres. */
function fromMiddle(left: Grid, right: Grid, plane: Plane): Levels[Plane] {
  const middle = ({ size }: Grid) => (sliceCounts(size)[plane] - 1) / 2;
  const scale = sliceDistanceMm(left, plane) / sliceDistanceMm(right, plane);
  return [
    [middle(left), middle(right)],
    [middle(left) + 1, middle(right) + scale],
  ];
}
