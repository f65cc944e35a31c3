/** What hangs together with a voxel and has its label, over faces of voxels: found row by row, and given another label. */
import { type Layer, NORMAL, NOTHING } from '../../../protocol/painting/brush.ts';
import type { GridSize } from '../../ct/geometry/volume.ts';
import type { LayerMaps, SetLabel } from './labelEdits.ts';
import { setLabel } from './paintStroke.ts';

/** What a rejected island becomes: a lobe's is no lung, a finding's is normal lung. */
export function labelOfRejected(layer: Layer): number {
  return layer === 'lobes' ? NOTHING : NORMAL;
}

/** The number of voxels that were rejected; none where the voxel has no label, or the one that islands become. */
export function rejectIsland(
  layer: Layer,
  seed: number,
  { maps, size: [nx, ny, nz] }: { readonly maps: LayerMaps; readonly size: GridSize },
  set: SetLabel,
): number {
  const labels = maps[layer];
  const label = labels[seed]!;
  const after = labelOfRejected(layer);
  if (label === NOTHING || label === after) return 0;
  const slice = nx * ny;
  const waiting = [seed];
  let count = 0;
  /** The beginning of each stretch of the label in a row, beside one that was rejected. */
  const lookBeside = (from: number, to: number) => {
    for (let v = from; v <= to; v++)
      if (labels[v] === label && (v === from || labels[v - 1] !== label)) waiting.push(v);
  };
  while (waiting.length) {
    const voxel = waiting.pop()!;
    if (labels[voxel] !== label) continue;
    const row = voxel - (voxel % nx);
    let from = voxel;
    while (from > row && labels[from - 1] === label) from--;
    let to = voxel;
    while (to < row + nx - 1 && labels[to + 1] === label) to++;
    for (let v = from; v <= to; v++) setLabel(layer, v, after, set);
    count += to - from + 1;
    const [j, k] = [Math.floor(row / nx) % ny, Math.floor(row / slice)];
    if (j > 0) lookBeside(from - nx, to - nx);
    if (j < ny - 1) lookBeside(from + nx, to + nx);
    if (k > 0) lookBeside(from - slice, to - slice);
    if (k < nz - 1) lookBeside(from + slice, to + slice);
  }
  return count;
}
