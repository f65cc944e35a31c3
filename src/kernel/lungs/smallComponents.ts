/** Finds small islands of a texture: connected components over runs of voxels, joined by union-find (Rosenfeld & Pfaltz, J ACM 1966). */
import type { LungVoxels } from './lungVoxels.ts';

interface Runs {
  /** Place in the CT, in the list of lung voxels, length and label of each run of one label. */
  readonly start: Int32Array;
  readonly voxel: Int32Array;
  readonly length: Int32Array;
  readonly label: Int32Array;
  /** The first run of each row of the CT, and after them the number of runs. */
  readonly ofRow: Int32Array;
}

/** The lung voxels, by their place in the list, in components (six neighbours) of fewer than `fewest`, but for those labelled `except`. */
export function smallComponents(
  voxels: Pick<LungVoxels, 'size' | 'runs'>,
  labels: Uint8Array,
  fewest: number,
  except: number,
): Int32Array {
  const { start, voxel, length, label, ofRow } = runsOf(voxels, labels, except);
  const [nx, ny] = voxels.size;
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
  const sizes = new Int32Array(start.length);
  for (let n = 0; n < start.length; n++) sizes[root(n)]! += length[n]!;
  const small = grower();
  for (let n = 0; n < start.length; n++)
    if (sizes[root(n)]! < fewest) for (let v = 0; v < length[n]!; v++) small.push(voxel[n]! + v);
  return small.values();
}

/** Voxels of the label `except`, and of none, are in no run. */
function runsOf(
  { size: [nx, ny, nz], runs }: Pick<LungVoxels, 'size' | 'runs'>,
  labels: Uint8Array,
  except: number,
): Runs {
  const ofRow = new Int32Array(ny * nz + 1);
  const found = { start: grower(), voxel: grower(), length: grower(), label: grower() };
  for (let r = 0, first = 0; r < runs.length; r += 2) {
    const from = runs[r]!;
    const row = Math.floor(from / nx) + 1;
    const end = first + runs[r + 1]!;
    for (let n = first; n < end; ) {
      const label = labels[n]!;
      const begin = n++;
      while (n < end && labels[n] === label) n++;
      if (label === except || label === 0) continue;
      found.start.push(from + begin - first);
      found.voxel.push(begin);
      found.length.push(n - begin);
      found.label.push(label);
      ofRow[row]!++;
    }
    first = end;
  }
  for (let row = 0; row + 1 < ofRow.length; row++) ofRow[row + 1]! += ofRow[row]!;
  const { start, voxel, length, label } = found;
  return { start: start.values(), voxel: voxel.values(), length: length.values(), label: label.values(), ofRow };
}

/** A list of whole numbers that grows, without the cost of an array of objects. */
function grower() {
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
