/** The texture of every lung voxel: the network on resampled slices around the lungs, its probabilities kept as bytes. */

import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { blend, gridWeights, resampleVolume } from '../ct/resample.ts';
import { type Grid, type LabelMap, spacingMm, type Volume } from '../ct/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilityBytes } from '../inference/run.ts';
import type { TextureProbabilities } from './quantification.ts';

/** Room around the lungs in mm, so that the pleura is seen with what lies outside it. */
const MARGIN_MM = 10;

export interface Textures {
  /** 1–6 in the order of TEXTURE_CLASSES on the CT's own grid; 0 outside the lobes, and where none is most probable. */
  readonly textures: LabelMap;
  readonly probabilities: TextureProbabilities;
}

export async function classifyTextures(volume: Volume, lobes: LabelMap, model: Model, task: Task): Promise<Textures> {
  task.progress(0, 'resampling for the textures');
  const box = lungBox(lobes);
  const part = crop(volume, box);
  const resampled = resampleVolume(part, modelSpacing(model.manifest.input, part));
  const inside = nearestLabels(lobes, box, part, resampled);
  const planes = await probabilityBytes(model, resampled, inside, subtask(task, 0.1, 0.85));
  const bytes = planes.subarray(0, TEXTURE_CLASSES.length * resampled.hu.length);
  const probabilities = { size: resampled.size, affine: resampled.affine, bytes };
  task.progress(0.9, 'drawing the textures at full resolution');
  const labels = decide(planes, resampled, part, box, lobes);
  return { textures: { size: volume.size, affine: volume.affine, labels }, probabilities };
}

interface VoxelBox {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

function lungBox({ labels, ...grid }: LabelMap): VoxelBox {
  const [nx, ny, nz] = grid.size;
  let [x0, x1, y0, y1, z0, z1] = [nx, -1, ny, -1, nz, -1];
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) {
        if (!labels[index]) continue;
        if (i < x0) x0 = i;
        if (i > x1) x1 = i;
        if (j < y0) y0 = j;
        if (j > y1) y1 = j;
        if (k < z0) z0 = k;
        if (k > z1) z1 = k;
      }
  const spacing = spacingMm(grid);
  const margin = spacing.map((mm) => Math.ceil(MARGIN_MM / mm)) as [number, number, number];
  return {
    low: [Math.max(0, x0 - margin[0]), Math.max(0, y0 - margin[1]), Math.max(0, z0 - margin[2])],
    high: [Math.min(nx - 1, x1 + margin[0]), Math.min(ny - 1, y1 + margin[1]), Math.min(nz - 1, z1 + margin[2])],
  };
}

function crop(volume: Volume, { low, high }: VoxelBox): Volume {
  const size = low.map((l, a) => high[a]! - l + 1) as unknown as readonly [number, number, number];
  const [nx, ny] = volume.size;
  const hu = new Int16Array(size[0] * size[1] * size[2]);
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) {
      const from = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
      hu.set(volume.hu.subarray(from, from + size[0]), (k * size[1] + j) * size[0]);
    }
  const affine = [...volume.affine];
  for (let r = 0; r < 3; r++) for (let a = 0; a < 3; a++) affine[r * 4 + 3]! += volume.affine[r * 4 + a]! * low[a]!;
  return { size, affine, hu };
}

/** The lobes at the nearest voxel of the resampled grid. */
function nearestLabels(lobes: LabelMap, { low }: VoxelBox, part: Grid, resampled: Grid): Uint8Array {
  const [mx, my, mz] = resampled.size;
  const at = (a: 0 | 1 | 2) =>
    Int32Array.from({ length: resampled.size[a] }, (_, index) => {
      const position = ((index + 0.5) * part.size[a]) / resampled.size[a] - 0.5;
      return low[a] + Math.min(part.size[a] - 1, Math.max(0, Math.round(position)));
    });
  const [xs, ys, zs] = [at(0), at(1), at(2)];
  const [nx, ny] = lobes.size;
  const labels = new Uint8Array(mx * my * mz);
  for (let k = 0, index = 0; k < mz; k++)
    for (let j = 0; j < my; j++) {
      const row = (zs[k]! * ny + ys[j]!) * nx;
      for (let i = 0; i < mx; i++, index++) labels[index] = lobes.labels[row + xs[i]!]!;
    }
  return labels;
}

/**
 * The most probable class of every lung voxel, from probabilities interpolated linearly to the CT's own grid. A plane
 * after those of the classes is for "none of them".
 */
function decide(planes: Uint8Array, grid: Grid, part: Grid, { low }: VoxelBox, lobes: LabelMap): Uint8Array {
  const [wx, wy, wz] = gridWeights(grid, part);
  const [mx, my, mz] = grid.size;
  const [px, py, pz] = part.size;
  const [nx, ny] = lobes.size;
  const classes = planes.length / (mx * my * mz);
  const labels = new Uint8Array(lobes.labels.length);
  const volumes = Array.from({ length: classes }, (_, c) => planes.subarray(c * mx * my * mz, (c + 1) * mx * my * mz));
  const slices = volumes.map(() => new Float32Array(mx * my));
  const rows = volumes.map(() => new Float32Array(mx));
  for (let k = 0; k < pz; k++) {
    for (let c = 0; c < classes; c++) blend(volumes[c]!, slices[c]!, wz, k, mx * my);
    for (let j = 0; j < py; j++) {
      const start = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
      let ready = false;
      for (let i = 0; i < px; i++) {
        if (!lobes.labels[start + i]) continue;
        if (!ready) {
          for (let c = 0; c < classes; c++) blend(slices[c]!, rows[c]!, wy, j, mx);
          ready = true;
        }
        let best = 0;
        let most = -1;
        for (let c = 0; c < classes; c++) {
          let p = 0;
          for (let n = 0; n < wx.count[i]!; n++) p += wx.weights[wx.offset[i]! + n]! * rows[c]![wx.first[i]! + n]!;
          if (p > most) {
            most = p;
            best = c;
          }
        }
        labels[start + i] = best < TEXTURE_CLASSES.length ? best + 1 : 0;
      }
    }
  }
  return labels;
}
