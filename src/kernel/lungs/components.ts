/** Connected components, six neighbours per voxel: rows and slices are joined by union-find (Rosenfeld & Pfaltz, J ACM 1966). */
import type { GridSize } from '../ct/geometry/volume.ts';

export interface Components {
  /** 0 outside, else the component's number from 1, in the order of their first voxels (z, y, x). */
  readonly numbers: Int32Array;
  /** Voxels of each component; index 0 is unused. */
  readonly sizes: readonly number[];
}

/** Components of the voxels that are not 0 in `labels`; voxels of different labels do not hang together. */
export function connectedComponents(labels: Uint8Array, [nx, ny]: GridSize): Components {
  const slice = nx * ny;
  const numbers = new Int32Array(labels.length);
  const union = createUnion();
  for (let v = 0, j = 0, k = 0; v < labels.length; j++) {
    if (j === ny) {
      j = 0;
      k++;
    }
    for (let i = 0; i < nx; i++, v++) {
      const label = labels[v];
      if (!label) continue;
      const left = i > 0 && labels[v - 1] === label ? numbers[v - 1]! : 0;
      const front = j > 0 && labels[v - nx] === label ? numbers[v - nx]! : 0;
      const below = k > 0 && labels[v - slice] === label ? numbers[v - slice]! : 0;
      const number = left || front || below || union.add();
      if (front && front !== number) union.join(number, front);
      if (below && below !== number) union.join(number, below);
      numbers[v] = number;
    }
  }
  const final = new Int32Array(union.count());
  const sizes = [0];
  for (let v = 0; v < numbers.length; v++) {
    if (!numbers[v]) continue;
    const root = union.root(numbers[v]!);
    const number = final[root] || sizes.push(0) - 1;
    final[root] = number;
    sizes[number]!++;
    numbers[v] = number;
  }
  return { numbers, sizes };
}

/** Sets of numbers from 1 that grow together. */
export interface Union {
  /** A new set of one number, which is returned. */
  add(): number;
  join(one: number, other: number): void;
  /** The number that stands for the set of `number`. */
  root(number: number): number;
  /** One more than the largest number. */
  count(): number;
}

export function createUnion(): Union {
  let parent = new Int32Array(1 << 10);
  let next = 1;
  const root = (number: number): number => {
    let at = number;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  return {
    add() {
      if (next === parent.length) {
        const larger = new Int32Array(2 * next);
        larger.set(parent);
        parent = larger;
      }
      parent[next] = next;
      return next++;
    },
    join(one, other) {
      parent[root(one)] = root(other);
    },
    root,
    count: () => next,
  };
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
