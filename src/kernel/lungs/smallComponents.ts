/** Finds small islands of a texture: connected components over runs of voxels, joined by union-find (Rosenfeld & Pfaltz, J ACM 1966). */
import type { LungVoxels } from './lungVoxels.ts';

interface Runs {
  /** Place in the CT, in the list of lung voxels, length and label of each run of one label. */
  readonly start: Int32Array;
  readonly voxel: Int32Array;
  readonly length: Int32Array;
  readonly label: Uint8Array;
  /** The first run of each row of the CT, and after them the number of runs. */
  readonly ofRow: Int32Array;
}

/** The lung voxels, by their place in the list, in components (six neighbours) of fewer than `fewest`, but for those labelled `except`. */
export function smallComponents(
  voxels: Pick<LungVoxels, 'size' | 'runs'>,
  labels: Uint8Array,
  fewest: number,
  except: number,
): number[] {
  const runs = runsOf(voxels, labels);
  const { start, voxel, length, label, ofRow } = runs;
  const [nx, ny] = voxels.size;
  const parent = Int32Array.from(start, (_, n) => n);
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
    let [i, j] = [ofRow[a]!, ofRow[b]!];
    const [endA, endB] = [ofRow[a + 1]!, ofRow[b + 1]!];
    while (i < endA && j < endB) {
      const [fromA, fromB] = [start[i]! - a * nx, start[j]! - b * nx];
      const [toA, toB] = [fromA + length[i]!, fromB + length[j]!];
      if (label[i] === label[j] && label[i] !== except && fromA < toB && fromB < toA) parent[root(i)] = root(j);
      if (toA <= toB) i++;
      else j++;
    }
  };
  for (let row = 0; row + 1 < ofRow.length; row++) {
    if (row % ny) join(row, row - 1);
    if (row >= ny) join(row, row - ny);
  }
  const sizes = new Int32Array(start.length);
  for (let n = 0; n < start.length; n++) sizes[root(n)]! += length[n]!;
  const small: number[] = [];
  for (let n = 0; n < start.length; n++)
    if (label[n] !== except && sizes[root(n)]! < fewest) for (let v = 0; v < length[n]!; v++) small.push(voxel[n]! + v);
  return small;
}

function runsOf({ size: [nx, ny, nz], runs }: Pick<LungVoxels, 'size' | 'runs'>, labels: Uint8Array): Runs {
  let count = 0;
  for (let r = 0, n = 0; r < runs.length; r += 2)
    for (const end = n + runs[r + 1]!; n < end; n++)
      if (n === end - runs[r + 1]! || labels[n] !== labels[n - 1]) count++;
  const found = {
    start: new Int32Array(count),
    voxel: new Int32Array(count),
    length: new Int32Array(count),
    label: new Uint8Array(count),
    ofRow: new Int32Array(ny * nz + 1),
  };
  let last = -1;
  for (let r = 0, n = 0; r < runs.length; r += 2) {
    const first = n;
    for (const end = n + runs[r + 1]!; n < end; n++) {
      if (n > first && labels[n] === labels[n - 1]) {
        found.length[last]!++;
        continue;
      }
      last++;
      found.start[last] = runs[r]! + n - first;
      found.voxel[last] = n;
      found.length[last] = 1;
      found.label[last] = labels[n]!;
      found.ofRow[Math.floor(runs[r]! / nx) + 1]!++;
    }
  }
  for (let row = 0; row + 1 < found.ofRow.length; row++) found.ofRow[row + 1]! += found.ofRow[row]!;
  return found;
}
