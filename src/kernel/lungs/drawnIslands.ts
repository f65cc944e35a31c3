/**
 * Removes islands from lungs that were drawn at full resolution. Around a part that the network took for lung, and that
 * was removed, lung is still a little probable, which is enough to draw air; so what is drawn must hang together with
 * what was kept.
 */
import { forEachLabelledRun } from '../ct/geometry/labelled.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import { nearestIndices } from './lungBox.ts';
import { grower, joinedRuns, type Runs } from './runs.ts';

/** Takes the label of each connected part (six neighbours) in which no voxel of `core`, a mask on a grid over the same box, lies; in place. */
export function removeDrawnIslands(drawn: LabelMap, core: Uint8Array, { size }: Pick<Grid, 'size'>): void {
  const { labels } = drawn;
  const [nx, ny] = drawn.size;
  const [xs, ys, zs] = nearestIndices(drawn.size, size);
  const runs = labelledRuns(drawn);
  const root = joinedRuns(runs, drawn.size);
  const kept = new Uint8Array(root.length);
  for (let n = 0; n < root.length; n++) {
    if (kept[root[n]!]) continue;
    const first = runs.start[n]!;
    const i = first % nx;
    const j = Math.floor(first / nx) % ny;
    const row = (zs[Math.floor(first / (nx * ny))]! * size[1] + ys[j]!) * size[0];
    for (let x = i; x < i + runs.length[n]!; x++) if (core[row + xs[x]!]) kept[root[n]!] = 1;
  }
  for (let n = 0; n < root.length; n++)
    if (!kept[root[n]!]) labels.fill(0, runs.start[n]!, runs.start[n]! + runs.length[n]!);
}

/** Runs of labelled voxels, whatever their label. */
function labelledRuns({ labels, size: [nx, ny, nz] }: LabelMap): Runs {
  const ofRow = new Int32Array(ny * nz + 1);
  const [start, length] = [grower(), grower()];
  forEachLabelledRun(labels, nx, (first, end) => {
    start.push(first);
    length.push(end - first);
    ofRow[Math.floor(first / nx) + 1]!++;
  });
  for (let row = 0; row < ny * nz; row++) ofRow[row + 1]! += ofRow[row]!;
  return { start: start.values(), length: length.values(), label: new Int32Array(start.values().length), ofRow };
}
