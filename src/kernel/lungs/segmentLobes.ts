/** Lungs and lobes of a CT: the network at its own spacing, islands removed, probabilities brought to the CT's own voxels. */

import { LOBES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { type Resampled, resampleVolume } from '../ct/geometry/resample.ts';
import { type LabelMap, labelledMl, type Volume } from '../ct/geometry/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilities } from '../inference/run.ts';
import { lookAround, openAir, outsideBody } from './bodyAround.ts';
import { closeGaps } from './closing.ts';
import { type Components, connectedComponents } from './components.ts';
import { drawLobes } from './drawLobes.ts';
import { removeDrawnIslands } from './drawnIslands.ts';
import { refineFissures } from './refineFissures.ts';
import { withoutPadding } from './withoutPadding.ts';

/** A part of the lungs, or of a lobe, smaller than this share of the largest part is an island. */
const ISLAND_SHARE = 0.1;
/** The lungs are at most two parts: right and left. */
const LUNG_PARTS = 2;
/** Less than this is no pair of lungs, but air in a neck or an abdomen: the lungs of a newborn hold more. */
const MIN_LUNGS_ML = 60;
/** Walls of honeycombs at the pleura and notches in dense lung are closed, and no gap between lung and heart. */
const GAP_RADIUS_MM = 4;

/** Lobe labels 1–5 in the order of LOBES on the CT's own grid; all 0 where there is no lung. */
export async function segmentLobes(volume: Volume, model: Model, task: Task): Promise<LabelMap> {
  return (await segmentLungs(volume, model, task)).lobes;
}

/** The lobes as `segmentLobes` gives them, and the CT as the network saw it. */
export async function segmentLungs(
  volume: Volume,
  model: Model,
  task: Task,
): Promise<{ readonly lobes: LabelMap; readonly coarse: Resampled }> {
  task.progress(0, 'resampling for the lobes');
  const coarse = resampleVolume(volume, modelSpacing(model.manifest.input, volume));
  const planes = await probabilities(model, coarse, subtask(task, 0.1, 0.7));
  const voxels = coarse.hu.length;
  const lobes = LOBES.map((_, l) => planes.subarray(l * voxels, (l + 1) * voxels));
  const lungs = removeIslands(lobes, coarse);
  task.progress(0.75, 'drawing the lobes at full resolution');
  const labels = drawLobes(lobes, coarse, volume);
  closeGaps(volume, labels, GAP_RADIUS_MM);
  const drawn = withoutPadding(volume, { size: volume.size, affine: volume.affine, labels });
  removeDrawnIslands(drawn, lungs, coarse);
  if (labelledMl(drawn) < MIN_LUNGS_ML) return { lobes: { ...drawn, labels: drawn.labels.fill(0) }, coarse };
  task.progress(0.85, 'looking for the fissures');
  return { lobes: refineFissures(volume, drawn), coarse };
}

/**
 * Takes the lobes' probabilities away outside the one or two parts within the body that are the lungs, and from a lobe's
 * own islands. Gives the lungs: 1 where they are more probable than not.
 */
function removeIslands(lobes: readonly Float32Array[], coarse: Resampled): Uint8Array {
  const { size } = coarse;
  const voxels = lobes[0]!.length;
  const lung = new Uint8Array(voxels);
  for (let v = 0; v < voxels; v++) lung[v] = lobes.reduce((sum, p) => sum + p[v]!, 0) > 0.5 ? 1 : 0;
  const seen = lookAround(coarse, lung);
  const open = seen && openAir(coarse, seen);
  if (open) for (let v = 0; v < voxels; v++) if (open[v]) lung[v] = 0;
  const parts = connectedComponents(lung, size);
  const keptLungs = largestParts(parts, LUNG_PARTS, seen && outsideBody(parts, seen));
  for (let v = 0; v < voxels; v++) if (open?.[v] || (lung[v] && !keptLungs[v])) for (const lobe of lobes) lobe[v] = 0;
  const winner = new Uint8Array(voxels);
  for (let v = 0; v < voxels; v++) winner[v] = keptLungs[v] ? strongest(lobes, v) + 1 : 0;
  for (const [l, lobe] of lobes.entries()) {
    const own = winner.map((w) => (w === l + 1 ? 1 : 0));
    const kept = largestParts(connectedComponents(own, size), 1);
    for (let v = 0; v < voxels; v++) {
      if (!own[v] || kept[v]) continue;
      // The island stays lung: its probability goes to the next likely lobe.
      const probability = lobe[v]!;
      lobe[v] = 0;
      lobes[strongest(lobes, v)]![v]! += probability;
    }
  }
  return keptLungs;
}

function strongest(lobes: readonly Float32Array[], voxel: number): number {
  let best = 0;
  for (let l = 1; l < lobes.length; l++) if (lobes[l]![voxel]! > lobes[best]![voxel]!) best = l;
  return best;
}

/** 1 in the largest part, and in up to `most` in all where they are no islands beside it; parts in `left` are left out. */
function largestParts({ numbers, sizes }: Components, most: number, left: ReadonlySet<number> = new Set()): Uint8Array {
  const order = [...sizes.keys()].filter((n) => n > 0 && !left.has(n)).sort((a, b) => sizes[b]! - sizes[a]!);
  const largest = sizes[order[0] ?? 0] ?? 0;
  const kept = new Set(order.slice(0, most).filter((n) => sizes[n]! >= ISLAND_SHARE * largest));
  const inside = new Uint8Array(numbers.length);
  for (let v = 0; v < numbers.length; v++) if (kept.has(numbers[v]!)) inside[v] = 1;
  return inside;
}
