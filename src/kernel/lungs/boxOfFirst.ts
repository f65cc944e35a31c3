/** The part of a CT that a model is given, where another model finds it first. */
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { resampleVolume } from '../ct/geometry/resample.ts';
import { type LabelMap, perAxis, type Volume } from '../ct/geometry/volume.ts';
import { isAsTrained, labelsAsTrained } from '../inference/asTrained/onCt.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { labelNamesOf } from '../inference/output.ts';
import { probabilities } from '../inference/run.ts';
import { labelledBox, nearestIndices, type VoxelBox } from './lungBox.ts';

/** Undefined where the model takes the whole CT. Throws a UserError where its first model finds nothing. */
export async function boxOfFirst(model: Model, volume: Volume, task: Task): Promise<VoxelBox | undefined> {
  const { first, manifest } = model;
  const { cropTo } = manifest.input;
  if (!first || !cropTo) return undefined;
  const found = isAsTrained(first)
    ? await labelsAsTrained(first, volume, task)
    : await foundCoarsely(first, volume, task);
  const box = labelledBox(found, cropTo.marginMm);
  if (!box)
    throw new UserError(
      'no-lung',
      `The model "${first.manifest.id}" finds nothing in this CT, and "${manifest.id}" is given what it finds. Look at it with \`show\`: is it a chest, and are its Hounsfield units right (air near −1000)?`,
    );
  if (found.size.every((length, a) => length === volume.size[a])) return box;
  const places = nearestIndices(found.size, volume.size);
  const steps = perAxis((a) => Math.ceil(volume.size[a] / found.size[a]));
  return {
    low: perAxis((a) => Math.max(0, places[a][box.low[a]]! - steps[a])),
    high: perAxis((a) => Math.min(volume.size[a] - 1, places[a][box.high[a]]! + steps[a])),
  };
}

/** On the first model's own grid: 1 where any of its names is more probable than not. */
async function foundCoarsely(first: Model, volume: Volume, task: Task): Promise<LabelMap> {
  const coarse = resampleVolume(volume, modelSpacing(first.manifest.input, volume));
  const planes = await probabilities(first, coarse, subtask(task, 0.1, 1));
  const voxels = coarse.hu.length;
  const labels = new Uint8Array(voxels);
  const names = labelNamesOf(first.manifest).length;
  for (let v = 0; v < voxels; v++) {
    let sum = 0;
    for (let n = 0; n < names; n++) sum += planes[n * voxels + v]!;
    labels[v] = sum > 0.5 ? 1 : 0;
  }
  return { size: coarse.size, affine: coarse.affine, labels };
}
