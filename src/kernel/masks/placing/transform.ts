/** The place of a point by an affine. */
import type { Affine } from '../../ct/geometry/volume.ts';

export function transformed(affine: Affine, x: number, y: number, z: number): [number, number, number] {
  const row = (r: number) => affine[r]! * x + affine[r + 1]! * y + affine[r + 2]! * z + affine[r + 3]!;
  return [row(0), row(4), row(8)];
}
