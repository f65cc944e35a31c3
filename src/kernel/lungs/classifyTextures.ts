/** The textures' probabilities in every lung voxel: the network on resampled slices around the lungs. */
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { resampleVolume } from '../ct/geometry/resample.ts';
import type { LabelMap, Volume } from '../ct/geometry/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilityBytes } from '../inference/run.ts';
import { crop, cropLabels, nearestLabels } from './lungBox.ts';
import { gatherLungVoxels, type LungVoxels, textureBox } from './lungVoxels.ts';
import type { TextureProbabilities } from './quantification.ts';

export interface Textures {
  /** Ready to be decided, with their Hounsfield units. */
  readonly voxels: LungVoxels;
  readonly probabilities: TextureProbabilities;
}

export async function classifyTextures(volume: Volume, lobes: LabelMap, model: Model, task: Task): Promise<Textures> {
  const probabilities = await textureProbabilities(volume, lobes, model, task);
  return { voxels: gatherLungVoxels(lobes, probabilities, volume.hu), probabilities };
}

/** The probabilities around the lungs, on the model's grid; which lobe a voxel belongs to has no say. */
export async function textureProbabilities(
  volume: Volume,
  lobes: LabelMap,
  model: Model,
  task: Task,
): Promise<TextureProbabilities> {
  task.progress(0, 'resampling for the textures');
  const box = textureBox(lobes);
  if (!box) throw new Error('no lobe is labelled');
  const part = crop(volume, box);
  const resampled = resampleVolume(part, modelSpacing(model.manifest.input, part));
  const inside = nearestLabels(cropLabels(lobes, box), resampled.size);
  const planes = await probabilityBytes(model, resampled, inside, subtask(task, 0.1, 1));
  return { size: resampled.size, affine: resampled.affine, bytes: planes };
}
