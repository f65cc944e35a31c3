/** Lungs and lobes of a CT: the network at its own spacing, islands removed, probabilities brought to the CT's own voxels. */

import { LOBES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { type Resampled, resampleVolume } from '../ct/geometry/resample.ts';
import { inSharedFloats, isShared, sharedBytes } from '../ct/geometry/sharedArrays.ts';
import { type GridSize, type LabelMap, labelledMl, type Volume } from '../ct/geometry/volume.ts';
import { isAsTrained, labelsAsTrained } from '../inference/asTrained/onCt.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilities } from '../inference/run.ts';
import { largestBody, type WithBody } from './bodyAround.ts';
import { boxOfFirst } from './boxOfFirst.ts';
import { type Components, connectedComponents } from './components.ts';
import { planDrawing } from './drawLobes.ts';
import { removeDrawnIslands } from './drawnIslands.ts';
import { crop, pasteLabels } from './lungBox.ts';
import { findOutside, type OutsideBodyMl, outsideBodyMl } from './outsideBody.ts';
import { refineFissures } from './refineFissures.ts';
import { inSlabs, resampleInSlabs } from './slabs/inSlabs.ts';

/** A part of the lungs, or of a lobe, smaller than this share of the largest part is an island. */
const ISLAND_SHARE = 0.1;
/** The lungs are at most two parts: right and left. */
const LUNG_PARTS = 2;
/** Less than this is no pair of lungs, but air in a neck or an abdomen: the lungs of a newborn hold more. */
const MIN_LUNGS_ML = 60;
/** Walls of honeycombs at the pleura and notches in dense lung are closed, and no gap between lung and heart. */
const GAP_RADIUS_MM = 4;

/** Voxels of what looks around the lungs. */
const COARSE_MM = 3;

/** Lungs before the borders between their lobes are moved onto the fissures. */
export interface DrawnLungs {
  /** As `segmentLobes` gives them, but for the borders between the lobes of a lung. */
  readonly lobes: LabelMap;
  /** The CT as the network saw it. */
  readonly coarse: Resampled;
  /** Of what the network took for lung, and what lies outside the body; undefined where no body tells. */
  readonly outsideBodyMl: OutsideBodyMl | undefined;
}

/** Lobe labels 1–5 in the order of LOBES on the CT's own grid; all 0 where there is no lung. */
export async function segmentLobes(volume: Volume, model: Model, task: Task): Promise<LabelMap> {
  const { lobes } = await drawLungs(volume, model, subtask(task, 0, 0.85));
  if (isAsTrained(model)) return lobes;
  task.progress(0.85, 'looking for the fissures');
  return refineFissures(volume, lobes, task.signal);
}

/** The same with the borders between the lobes where the network saw them. */
export async function drawLungs(volume: Volume, model: Model, task: Task): Promise<DrawnLungs> {
  const box = await boxOfFirst(model, volume, subtask(task, 0, 0.3));
  if (box) {
    const { first: _, ...rest } = model;
    const { lobes } = await drawLungs(crop(volume, box), rest, subtask(task, 0.3, 1));
    return { lobes: pasteLabels(lobes.labels, box, volume), coarse: seenCoarsely(volume), outsideBodyMl: undefined };
  }
  if (isAsTrained(model)) return drawnAsTrained(volume, model, task);
  task.progress(0, 'resampling for the lobes');
  const coarse = await resampleInSlabs(volume, modelSpacing(model.manifest.input, volume));
  const running = probabilities(model, coarse, subtask(task, 0.1, 0.7));
  // The network is at work in a thread of its own.
  const body = largestBody(coarse);
  const planes = await running;
  task.progress(0.75, 'drawing the lobes at full resolution');
  return drawProbable(volume, { ...coarse, body }, planes);
}

/** Lobes are what the network calls them, without a drawing of ours. */
async function drawnAsTrained(volume: Volume, model: Model, task: Task): Promise<DrawnLungs> {
  const lobes = await labelsAsTrained(model, volume, task);
  if (labelledMl(lobes) < MIN_LUNGS_ML) lobes.labels.fill(0);
  return { lobes, coarse: seenCoarsely(volume), outsideBodyMl: undefined };
}

/** For what looks at the CT around the lungs, whatever voxels the network had. */
function seenCoarsely(volume: Volume): Resampled {
  return resampleVolume(volume, [COARSE_MM, COARSE_MM, COARSE_MM]);
}

/** `planes`, the probability of each lobe on the grid of `coarse`, one lobe after the other, is changed. */
export async function drawProbable(volume: Volume, coarse: WithBody, planes: Float32Array): Promise<DrawnLungs> {
  const voxels = coarse.hu.length;
  const shared = inSharedFloats(planes);
  const probable = LOBES.map((_, l) => shared.subarray(l * voxels, (l + 1) * voxels));
  const { lungs, outsideBodyMl } = removeIslands(probable, coarse);
  const labels = sharedBytes(volume.hu.length);
  await inSlabs(
    'draw',
    { drawing: planDrawing(probable, coarse, volume), labels, gapRadiusMm: GAP_RADIUS_MM },
    { slices: volume.size[2], shared: isShared(volume.hu) },
  );
  const lobes = { size: volume.size, affine: volume.affine, labels };
  removeDrawnIslands(lobes, lungs, coarse);
  if (labelledMl(lobes) < MIN_LUNGS_ML) lobes.labels.fill(0);
  return { lobes, coarse, outsideBodyMl };
}

/**
 * Takes the lobes' probabilities away outside the one or two parts within the body that are the lungs, and from a lobe's
 * own islands. Gives the lungs: 1 where they are more probable than not.
 */
function removeIslands(
  lobes: readonly Float32Array[],
  coarse: WithBody,
): { readonly lungs: Uint8Array; readonly outsideBodyMl: OutsideBodyMl | undefined } {
  const { size } = coarse;
  const voxels = lobes[0]!.length;
  const found = new Uint8Array(voxels);
  for (let v = 0; v < voxels; v++) {
    let sum = 0;
    for (let l = 0; l < lobes.length; l++) sum += lobes[l]![v]!;
    found[v] = sum > 0.5 ? 1 : 0;
  }
  const outside = findOutside(coarse, found);
  const inside = found.map((lung, v) => (outside.noLung[v] ? 0 : lung));
  const lungs = largestParts(connectedComponents(inside, size), LUNG_PARTS);
  for (let v = 0; v < voxels; v++)
    if (outside.noLung[v] || (found[v] && !lungs[v])) for (const lobe of lobes) lobe[v] = 0;
  giveIslandsAway(lobes, lungs, size);
  return { lungs, outsideBodyMl: outsideBodyMl(coarse, found, lungs, outside) };
}

/** Within the lungs, a lobe's own islands stay lung: their probability goes to the next likely lobe. */
function giveIslandsAway(lobes: readonly Float32Array[], lungs: Uint8Array, size: GridSize): void {
  const winner = lungs.map((lung, v) => (lung ? strongest(lobes, v) + 1 : 0));
  const { numbers, sizes } = connectedComponents(winner, size);
  /** Of each lobe, the number of its largest part. */
  const largest = new Int32Array(lobes.length + 1);
  for (let v = 0; v < winner.length; v++) {
    const lobe = winner[v]!;
    if (lobe && sizes[numbers[v]!]! > (sizes[largest[lobe]!] ?? 0)) largest[lobe] = numbers[v]!;
  }
  for (let v = 0; v < winner.length; v++) {
    if (!winner[v] || numbers[v] === largest[winner[v]!]) continue;
    const lobe = lobes[winner[v]! - 1]!;
    const probability = lobe[v]!;
    lobe[v] = 0;
    lobes[strongest(lobes, v)]![v]! += probability;
  }
}

function strongest(lobes: readonly Float32Array[], voxel: number): number {
  let best = 0;
  for (let l = 1; l < lobes.length; l++) if (lobes[l]![voxel]! > lobes[best]![voxel]!) best = l;
  return best;
}

/** 1 in the largest part, and in up to `most` in all where they are no islands beside it. */
function largestParts({ numbers, sizes }: Components, most: number): Uint8Array {
  const order = [...sizes.keys()].filter((n) => n > 0).sort((a, b) => sizes[b]! - sizes[a]!);
  const largest = sizes[order[0] ?? 0] ?? 0;
  const isKept = new Uint8Array(sizes.length);
  for (const n of order.slice(0, most)) if (sizes[n]! >= ISLAND_SHARE * largest) isKept[n] = 1;
  const inside = new Uint8Array(numbers.length);
  for (let v = 0; v < numbers.length; v++) inside[v] = isKept[numbers[v]!]!;
  return inside;
}
