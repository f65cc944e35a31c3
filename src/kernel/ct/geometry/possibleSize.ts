/** Whether a chest can be as large as a CT says of itself: a wrong unit or a lost decimal point makes metres of millimetres. */
import type { GridSize } from './volume.ts';

/** Scanners of whole chests give 0.3 to 10 mm; between these bounds even odd ones lie. */
const VOXEL_MM = { least: 0.02, most: 100 } as const;
/** Fields of view of scanners for people go up to 820 mm, and the smallest animals are larger than the least. */
const FIELD_MM = { least: 10, most: 1000 } as const;
/** No scanner's table goes further, and nobody is taller by much. */
const MOST_LONG_MM = 2100;

/** What cannot be of its size or its voxels, and what to do, in sentences; undefined where both are possible. `size` and `spacing` run to the left, the back and the head. */
export function impossibleSize(size: GridSize, spacing: readonly [number, number, number]): string | undefined {
  const [width, depth, length] = [size[0] * spacing[0], size[1] * spacing[1], size[2] * spacing[2]];
  const isPossible =
    Math.max(width, depth) <= FIELD_MM.most &&
    length <= MOST_LONG_MM &&
    Math.max(width, depth, length) >= FIELD_MM.least &&
    spacing.every((mm) => mm >= VOXEL_MM.least && mm <= VOXEL_MM.most);
  if (isPossible) return undefined;
  const inMm = (values: readonly number[]) => `${values.map((mm) => Number(mm.toPrecision(4))).join(' × ')} mm`;
  return `By its header this CT is ${inMm([width, depth, length])} large: ${size.join(' × ')} voxels of ${inMm(spacing)}. A chest’s field of view is ${FIELD_MM.least} to ${FIELD_MM.most} mm wide and up to ${MOST_LONG_MM} mm long, with voxels of ${VOXEL_MM.least} to ${VOXEL_MM.most} mm. The unit may be wrong, or a decimal point lost: correct the spacing in the header, or convert the CT again.`;
}
