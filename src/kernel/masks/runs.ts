/** A region of a CT as stretches of voxels within its rows: airways and vessels are a few percent of a map that would hold them. */
import type { GridSize } from '../ct/geometry/volume.ts';

/** First voxel and length of each stretch, in z, y, x order. */
export type Runs = Int32Array;

/** The runs of what `inside` marks. */
export function runsOf(inside: ArrayLike<number>, [nx]: GridSize): Runs {
  const runs: number[] = [];
  for (let v = 0; v < inside.length; v++) {
    if (!inside[v]) continue;
    const begin = v++;
    while (v % nx !== 0 && inside[v]) v++;
    runs.push(begin, v - begin);
    // The loop goes on behind the first voxel that is not inside, or with the next row's first.
    v--;
  }
  return Int32Array.from(runs);
}

export function forEachVoxel(runs: Runs, visit: (voxel: number) => void): void {
  for (let r = 0; r < runs.length; r += 2) for (let v = runs[r]!, end = v + runs[r + 1]!; v < end; v++) visit(v);
}

export function voxelsIn(runs: Runs): number {
  let count = 0;
  for (let r = 1; r < runs.length; r += 2) count += runs[r]!;
  return count;
}
