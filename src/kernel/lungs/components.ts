/** Connected components of a label map, six neighbours per voxel. */
import type { GridSize } from '../ct/volume.ts';

export interface Components {
  /** 0 outside, else the component's number from 1, in z, y, x order. */
  readonly numbers: Int32Array;
  /** Voxels of each component; index 0 is unused. */
  readonly sizes: readonly number[];
}

/** Components of the voxels for which `inside` is not 0. */
export function connectedComponents(inside: Uint8Array, [nx, ny, nz]: GridSize): Components {
  const numbers = new Int32Array(inside.length);
  const sizes = [0];
  const stack: number[] = [];
  for (let start = 0; start < inside.length; start++) {
    if (!inside[start] || numbers[start]) continue;
    const number = sizes.length;
    let size = 0;
    numbers[start] = number;
    stack.push(start);
    while (stack.length) {
      const index = stack.pop()!;
      size++;
      const i = index % nx;
      const j = Math.floor(index / nx) % ny;
      const k = Math.floor(index / (nx * ny));
      const visit = (near: number) => {
        if (!inside[near] || numbers[near]) return;
        numbers[near] = number;
        stack.push(near);
      };
      if (i > 0) visit(index - 1);
      if (i < nx - 1) visit(index + 1);
      if (j > 0) visit(index - nx);
      if (j < ny - 1) visit(index + nx);
      if (k > 0) visit(index - nx * ny);
      if (k < nz - 1) visit(index + nx * ny);
    }
    sizes.push(size);
  }
  return { numbers, sizes };
}
