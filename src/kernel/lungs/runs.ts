/** Runs of voxels in the rows of a CT, and their connected components: union-find over runs (Rosenfeld & Pfaltz, J ACM 1966). */
import type { GridSize } from '../ct/geometry/volume.ts';

export interface Runs {
  /** Place in the CT, length and label of each run of one label. */
  readonly start: Int32Array;
  readonly length: Int32Array;
  readonly label: Int32Array;
  /** The first run of each row of the CT, and after them the number of runs. */
  readonly ofRow: Int32Array;
}

/** For each run the number of one of the runs that it is joined with, the same for all of them: those of one label whose voxels share faces. */
export function joinedRuns({ start, length, label, ofRow }: Runs, [nx, ny]: GridSize): Int32Array {
  const parent = new Int32Array(start.length);
  for (let n = 0; n < parent.length; n++) parent[n] = n;
  const root = (n: number): number => {
    let at = n;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  /** Joins runs of row `a` with those of row `b` that lie beside them. */
  const join = (a: number, b: number) => {
    let i = ofRow[a]!;
    let j = ofRow[b]!;
    const endA = ofRow[a + 1]!;
    const endB = ofRow[b + 1]!;
    while (i < endA && j < endB) {
      const fromA = start[i]! - a * nx;
      const fromB = start[j]! - b * nx;
      const toA = fromA + length[i]!;
      const toB = fromB + length[j]!;
      if (label[i] === label[j] && fromA < toB && fromB < toA && parent[i] !== parent[j]) parent[root(i)] = root(j);
      if (toA <= toB) i++;
      else j++;
    }
  };
  for (let row = 0; row + 1 < ofRow.length; row++) {
    if (row % ny) join(row, row - 1);
    if (row >= ny) join(row, row - ny);
  }
  for (let n = 0; n < parent.length; n++) parent[n] = root(n);
  return parent;
}

/** A list of whole numbers that grows, without the cost of an array of objects. */
export function grower() {
  let values = new Int32Array(1 << 16);
  let count = 0;
  return {
    push(value: number): void {
      if (count === values.length) {
        const larger = new Int32Array(2 * count);
        larger.set(values);
        values = larger;
      }
      values[count++] = value;
    },
    values: () => values.subarray(0, count),
  };
}
