/** The texture of every lung voxel: the network on resampled slices around the lungs, its probabilities kept as bytes. */

import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { resampleVolume } from '../ct/geometry/resample.ts';
import type { Grid, LabelMap, Volume } from '../ct/geometry/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilityBytes } from '../inference/run.ts';
import { crop, cropLabels, nearestLabels, type VoxelBox } from './lungBox.ts';
import { forEachLungVoxel, textureBox } from './lungVoxels.ts';
import type { TextureProbabilities } from './quantification.ts';

export interface Textures {
  /** 1–6 in the order of TEXTURE_CLASSES on the CT's own grid; 0 outside the lobes, and where none is most probable. */
  readonly textures: LabelMap;
  readonly probabilities: TextureProbabilities;
}

export async function classifyTextures(volume: Volume, lobes: LabelMap, model: Model, task: Task): Promise<Textures> {
  task.progress(0, 'resampling for the textures');
  const box = textureBox(lobes);
  if (!box) throw new Error('no lobe is labelled');
  const part = crop(volume, box);
  const resampled = resampleVolume(part, modelSpacing(model.manifest.input, part));
  const inside = nearestLabels(cropLabels(lobes, box), resampled.size);
  const planes = await probabilityBytes(model, resampled, inside, subtask(task, 0.1, 0.85));
  const bytes = planes.subarray(0, TEXTURE_CLASSES.length * resampled.hu.length);
  const probabilities = { size: resampled.size, affine: resampled.affine, bytes };
  task.progress(0.9, 'drawing the textures at full resolution');
  const labels = decide(planes, resampled, box, lobes);
  return { textures: { size: volume.size, affine: volume.affine, labels }, probabilities };
}

/** The most probable class of every lung voxel. A plane after those of the classes is for "none of them". */
function decide(planes: Uint8Array, grid: Grid, box: VoxelBox, lobes: LabelMap): Uint8Array {
  const labels = new Uint8Array(lobes.labels.length);
  forEachLungVoxel(planes, grid, box, lobes, (index, probabilities) => {
    let best = 0;
    for (let c = 1; c < probabilities.length; c++) if (probabilities[c]! > probabilities[best]!) best = c;
    labels[index] = best < TEXTURE_CLASSES.length ? best + 1 : 0;
  });
  return labels;
}
