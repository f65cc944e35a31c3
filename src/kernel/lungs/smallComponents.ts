/** Finds small islands of a texture: connected components over runs of voxels. */
import type { LungVoxels } from './lungVoxels.ts';
import { grower, joinedRuns, type Runs } from './runs.ts';

interface VoxelRuns extends Runs {
  /** Place in the list of lung voxels of each run. */
  readonly voxel: Int32Array;
}

/** The lung voxels, by their place in the list, in components (six neighbours) of fewer than `fewest`, but for those labelled `except`. */
export function smallComponents(
  voxels: Pick<LungVoxels, 'size' | 'runs'>,
  labels: Uint8Array,
  fewest: number,
  except: number,
): Int32Array {
  const runs = runsOf(voxels, labels, except);
  const { voxel, length } = runs;
  const root = joinedRuns(runs, voxels.size);
  const sizes = new Int32Array(root.length);
  for (let n = 0; n < root.length; n++) sizes[root[n]!]! += length[n]!;
  const small = grower();
  for (let n = 0; n < root.length; n++)
    if (sizes[root[n]!]! < fewest) for (let v = 0; v < length[n]!; v++) small.push(voxel[n]! + v);
  return small.values();
}

/** Voxels of the label `except`, and of none, are in no run. */
function runsOf(
  { size: [nx, ny, nz], runs }: Pick<LungVoxels, 'size' | 'runs'>,
  labels: Uint8Array,
  except: number,
): VoxelRuns {
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
