/** Connected components of a label map, six neighbours per voxel. */
import type { GridSize } from '../ct/geometry/volume.ts';

export interface Components {
  /** 0 outside, else the component's number from 1, in z, y, x order. */
  readonly numbers: Int32Array;
  /** Voxels of each component; index 0 is unused. */
  readonly sizes: readonly number[];
}

/** Components of the voxels for which `inside` is not 0. */
export function connectedComponents(inside: Uint8Array, size: GridSize): Components {
  const numbers = new Int32Array(inside.length);
  const sizes = [0];
  const stack: number[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (!inside[start] || numbers[start]) continue;
    const number = sizes.length;
    let voxels = 0;
    numbers[start] = number;
    stack.push(start);
    while (stack.length) {
      const index = stack.pop()!;
      voxels++;
      forNeighbours(index, size, (near) => {
        if (!inside[near] || numbers[near]) return;
        numbers[near] = number;
        stack.push(near);
      });
    }
    sizes.push(voxels);
  }
  return { numbers, sizes };
}

/** The up to six voxels that share a face with one. */
export function forNeighbours(index: number, [nx, ny, nz]: GridSize, visit: (near: number) => void): void {
  const i = index % nx;
  const j = Math.floor(index / nx) % ny;
  const k = Math.floor(index / (nx * ny));
  if (i > 0) visit(index - 1);
  if (i < nx - 1) visit(index + 1);
  if (j > 0) visit(index - nx);
  if (j < ny - 1) visit(index + nx);
  if (k > 0) visit(index - nx * ny);
  if (k < nz - 1) visit(index + nx * ny);
}
