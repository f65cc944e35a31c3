/** The texture of every lung voxel: the network on resampled slices around the lungs, its probabilities kept as bytes. */

import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { blend, gridWeights, resampleVolume } from '../ct/resample.ts';
import type { Grid, LabelMap, Volume } from '../ct/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilityBytes } from '../inference/run.ts';
import { crop, cropLabels, labelledBox, nearestLabels, type VoxelBox } from './lungBox.ts';
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
  const box = labelledBox(lobes, MARGIN_MM);
  if (!box) throw new Error('no lobe is labelled');
  const part = crop(volume, box);
  const resampled = resampleVolume(part, modelSpacing(model.manifest.input, part));
  const inside = nearestLabels(cropLabels(lobes, box), resampled.size);
  const planes = await probabilityBytes(model, resampled, inside, subtask(task, 0.1, 0.85));
  const bytes = planes.subarray(0, TEXTURE_CLASSES.length * resampled.hu.length);
  const probabilities = { size: resampled.size, affine: resampled.affine, bytes };
  task.progress(0.9, 'drawing the textures at full resolution');
  const labels = decide(planes, resampled, part, box, lobes);
  return { textures: { size: volume.size, affine: volume.affine, labels }, probabilities };
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
