/** Turns voxel data so that i runs to the patient's left, j to the back and k to the head, and keeps the affine true. */
import type { Affine, Grid, GridSize } from './volume.ts';

export interface AxisOrder {
  /** Output axis a takes input axis `from[a]`. */
  readonly from: readonly [number, number, number];
  readonly flipped: readonly [boolean, boolean, boolean];
}

/** The order that brings each input axis to the patient axis that it is closest to. */
export function lpsOrder(affine: Affine): AxisOrder {
  const from: number[] = [-1, -1, -1];
  const flipped = [false, false, false];
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
  return { from: from as [number, number, number], flipped: flipped as [boolean, boolean, boolean] };
}

/** The grid after reordering. */
export function reorderGrid({ size, affine }: Grid, { from, flipped }: AxisOrder): Grid {
  const turned = from.map((axis) => size[axis]!) as unknown as GridSize;
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

/** The data after reordering; the same array where nothing changes. */
export function reorderData(data: Int16Array, size: GridSize, { from, flipped }: AxisOrder): Int16Array {
  if (from.every((axis, a) => axis === a) && !flipped.some(Boolean)) return data;
  const strides = [1, size[0], size[0] * size[1]];
  const [nx, ny, nz] = from.map((axis) => size[axis]!) as [number, number, number];
  const step = from.map((axis, a) => (flipped[a] ? -strides[axis]! : strides[axis]!)) as [number, number, number];
  const start = from.reduce((sum, axis, a) => sum + (flipped[a] ? strides[axis]! * (size[axis]! - 1) : 0), 0);
  const result = new Int16Array(data.length);
  let index = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      let source = start + k * step[2] + j * step[1];
      for (let i = 0; i < nx; i++, source += step[0]) result[index++] = data[source]!;
    }
  return result;
}
