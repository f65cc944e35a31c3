/** Affines as they are needed to go from millimetres to voxels, and from the voxels of one grid to those of another. */
import type { Affine } from '../../ct/geometry/volume.ts';

/** The inverse of an affine, row-major 4 × 4; grids span a volume, so there is one. */
export function inverseOf([
  a = 0,
  b = 0,
  c = 0,
  x = 0,
  d = 0,
  e = 0,
  f = 0,
  y = 0,
  g = 0,
  h = 0,
  i = 0,
  z = 0,
]: Affine): Affine {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * A + b * B + c * C;
  const rows = [
    [A, c * h - b * i, b * f - c * e],
    [B, a * i - c * g, c * d - a * f],
    [C, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / determinant));
  return [...rows.flatMap((row) => [...row, -(row[0]! * x + row[1]! * y + row[2]! * z)]), 0, 0, 0, 1];
}

/** The place of a point by an affine. */
export function transformed(affine: Affine, x: number, y: number, z: number): [number, number, number] {
  const row = (r: number) => affine[r]! * x + affine[r + 1]! * y + affine[r + 2]! * z + affine[r + 3]!;
  return [row(0), row(4), row(8)];
}

/** `first` after `second`. */
export function product(first: Affine, second: Affine): Affine {
  return [0, 1, 2, 3].flatMap((r) =>
    [0, 1, 2, 3].map((c) => [0, 1, 2, 3].reduce((sum, n) => sum + first[r * 4 + n]! * second[n * 4 + c]!, 0)),
  );
}
