/**
 * Turns voxel data so that i runs to the patient's left, j to the back and k to the head (LPS), and keeps the affine
 * true; and to any other orientation and back.
 */
import { type Affine, type Grid, type GridSize, perAxis } from './volume.ts';

/** For each patient axis, the letters of its two directions; an axis of an LPS array runs towards the first. */
const DIRECTIONS = ['LR', 'PA', 'SI'] as const;

/** The 48 orientations of an array: the side of the patient that its x, y and z axes run towards. LPS comes first. */
export const ORIENTATIONS: readonly string[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].flatMap(([x, y, z]) =>
  [...DIRECTIONS[x!]!].flatMap((first) =>
    [...DIRECTIONS[y!]!].flatMap((second) => [...DIRECTIONS[z!]!].map((third) => first + second + third)),
  ),
);

export interface AxisOrder {
  /** Output axis a takes input axis `from[a]`. */
  readonly from: readonly [number, number, number];
  readonly flipped: readonly [boolean, boolean, boolean];
}

/** The order that turns an LPS array to one of the ORIENTATIONS. */
export function orderOfOrientation(orientation: string): AxisOrder {
  const from = perAxis((a) => DIRECTIONS.findIndex((directions) => directions.includes(orientation[a]!)));
  return { from, flipped: perAxis((a) => DIRECTIONS[from[a]]![1] === orientation[a]) };
}

/** The order that undoes another. */
export function inverseOrder({ from, flipped }: AxisOrder): AxisOrder {
  const at = (axis: number) => from.indexOf(axis);
  return { from: [at(0), at(1), at(2)], flipped: [flipped[at(0)]!, flipped[at(1)]!, flipped[at(2)]!] };
}

/** The order that brings each input axis to the patient axis that it is closest to. */
export function lpsOrder(affine: Affine): AxisOrder {
  const from: [number, number, number] = [-1, -1, -1];
  const flipped: [boolean, boolean, boolean] = [false, false, false];
  const strengths = [0, 1, 2].flatMap((axis) =>
    [0, 1, 2].map((patient) => {
      const length = Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!);
      return { axis, patient, cosine: affine[patient * 4 + axis]! / length };
    }),
  );
  strengths.sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine));
  for (const { axis, patient, cosine } of strengths) {
    if (from[patient] !== -1 || from.includes(axis)) continue;
    from[patient] = axis;
    flipped[patient] = cosine < 0;
  }
  return { from, flipped };
}

/** The grid after reordering. */
export function reorderGrid({ size, affine }: Grid, order: AxisOrder): Grid {
  const { from, flipped } = order;
  const turned = reorderSize(size, order);
  const result = [...affine];
  for (let row = 0; row < 3; row++) {
    for (let a = 0; a < 3; a++) {
      const step = affine[row * 4 + from[a]!]!;
      result[row * 4 + a] = flipped[a] ? -step : step;
      if (flipped[a]) result[row * 4 + 3]! += step * (turned[a]! - 1);
    }
  }
  return { size: turned, affine: result };
}

/** Numbers of voxels after reordering. */
export function reorderSize(size: GridSize, { from }: AxisOrder): GridSize {
  return [size[from[0]]!, size[from[1]]!, size[from[2]]!];
}

/** The data after reordering; the same array where nothing changes. */
export function reorderData<T extends Int16Array | Float32Array | Uint8Array>(
  data: T,
  size: GridSize,
  order: AxisOrder,
): T {
  const { from, flipped } = order;
  if (from.every((axis, a) => axis === a) && !flipped.some(Boolean)) return data;
  const strides = [1, size[0], size[0] * size[1]];
  const [nx, ny, nz] = reorderSize(size, order);
  const step = perAxis((a) => (flipped[a] ? -strides[from[a]]! : strides[from[a]]!));
  const start = from.reduce((sum, axis, a) => sum + (flipped[a] ? strides[axis]! * (size[axis]! - 1) : 0), 0);
  // SAFETY: `slice` of a typed array gives one of the same type.
  const result = data.slice() as T;
  let index = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      let source = start + k * step[2] + j * step[1];
      for (let i = 0; i < nx; i++, source += step[0]) result[index++] = data[source]!;
    }
  return result;
}
