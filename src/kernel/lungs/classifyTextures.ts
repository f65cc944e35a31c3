/** The textures' probabilities in every lung voxel: the network on resampled slices around the lungs. */
import { freeMemory } from '../base/freeMemory.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { type LabelMap, perAxis, type Volume } from '../ct/geometry/volume.ts';
import { bytesAsTrained, isAsTrained } from '../inference/asTrained/onCt.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { ownClassesOf } from '../inference/output.ts';
import { probabilityBytes } from '../inference/run.ts';
import { boxOfFirst } from './boxOfFirst.ts';
import { crop, cropGrid, cropLabels, jointBox, nearestLabels, type VoxelBox } from './lungBox.ts';
import { gatherLungVoxels, type LungVoxels, textureBox } from './lungVoxels.ts';
import type { TextureProbabilities } from './quantification.ts';
import { resampleInSlabs } from './slabs/inSlabs.ts';

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
  if (isAsTrained(model)) return asTrained(volume, { lobes, box }, model, task);
  const part = cropGrid(volume, box);
  const resampled = await resampleInSlabs(volume, modelSpacing(model.manifest.input, part), box);
  const inside = nearestLabels(cropLabels(lobes, box), resampled.size);
  freeMemory();
  const planes = await probabilityBytes(model, resampled, inside, subtask(task, 0.1, 1));
  return { size: resampled.size, affine: resampled.affine, bytes: planes, ...own(model) };
}

/**
 * By a network that wants the whole CT, or the part that its first model finds: on the CT's own voxels, cut to the box
 * afterwards.
 */
async function asTrained(
  volume: Volume,
  { lobes, box }: { readonly lobes: LabelMap; readonly box: VoxelBox },
  model: Model,
  task: Task,
): Promise<TextureProbabilities> {
  const found = await boxOfFirst(model, volume, subtask(task, 0, 0.2));
  if (!found) return { ...(await bytesAsTrained(model, volume, { inside: lobes.labels, box }, task)), ...own(model) };
  const part = jointBox(found, box);
  const inside = cropLabels(lobes, part).labels;
  const boxThere = { low: perAxis((a) => box.low[a] - part.low[a]), high: perAxis((a) => box.high[a] - part.low[a]) };
  const wanted = { inside, box: boxThere };
  return { ...(await bytesAsTrained(model, crop(volume, part), wanted, subtask(task, 0.2, 1))), ...own(model) };
}

function own({ manifest }: Model): Pick<TextureProbabilities, 'ownClasses'> {
  const classes = ownClassesOf(manifest).map(({ name }) => name);
  return classes.length ? { ownClasses: classes } : {};
}
