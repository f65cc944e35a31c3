/** Lungs and lobes of a CT: the network at its own spacing, islands removed, probabilities brought to the CT's own voxels. */

import { LOBES } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { subtask } from '../base/task.ts';
import { blend, gridWeights, resampleVolume } from '../ct/resample.ts';
import { type Grid, type GridSize, type LabelMap, labelledMl, type Volume } from '../ct/volume.ts';
import type { Model } from '../inference/model.ts';
import { modelSpacing } from '../inference/modelSpacing.ts';
import { probabilities } from '../inference/run.ts';
import { connectedComponents } from './components.ts';
import { refineFissures } from './refineFissures.ts';
import { withoutPadding } from './withoutPadding.ts';

/** A part of the lungs, or of a lobe, smaller than this share of the largest part is an island. */
const ISLAND_SHARE = 0.1;
/** The lungs are at most two parts: right and left. */
const LUNG_PARTS = 2;
/** Less than this is no pair of lungs, but air in a neck or an abdomen: the lungs of a newborn hold more. */
const SMALLEST_LUNGS_ML = 60;

/** Lobe labels 1–5 in the order of LOBES on the CT's own grid; all 0 where there is no lung. */
export async function segmentLobes(volume: Volume, model: Model, task: Task): Promise<LabelMap> {
  task.progress(0, 'resampling for the lobes');
  const coarse = resampleVolume(volume, modelSpacing(model.manifest.input, volume));
  const planes = await probabilities(model, coarse, subtask(task, 0.1, 0.7));
  const voxels = coarse.hu.length;
  const lobes = LOBES.map((_, l) => planes.subarray(l * voxels, (l + 1) * voxels));
  removeIslands(lobes, coarse.size);
  task.progress(0.75, 'drawing the lobes at full resolution');
  const labels = upsampleLobes(lobes, coarse, volume);
  const drawn = withoutPadding(volume, { size: volume.size, affine: volume.affine, labels });
  if (labelledMl(drawn) < SMALLEST_LUNGS_ML) return { ...drawn, labels: drawn.labels.fill(0) };
  task.progress(0.85, 'looking for the fissures');
  return refineFissures(volume, drawn);
}

/** Takes the lobes' probabilities away outside the one or two parts that are the lungs, and from a lobe's own islands. */
function removeIslands(lobes: readonly Float32Array[], size: GridSize): void {
  const voxels = lobes[0]!.length;
  const lung = new Uint8Array(voxels);
  for (let v = 0; v < voxels; v++) lung[v] = lobes.reduce((sum, p) => sum + p[v]!, 0) > 0.5 ? 1 : 0;
  const keptLungs = largestParts(lung, size, LUNG_PARTS);
  for (let v = 0; v < voxels; v++) if (lung[v] && !keptLungs[v]) for (const lobe of lobes) lobe[v] = 0;
  const winner = new Uint8Array(voxels);
  for (let v = 0; v < voxels; v++) winner[v] = keptLungs[v] ? strongest(lobes, v) + 1 : 0;
  for (const [l, lobe] of lobes.entries()) {
    const own = winner.map((w) => (w === l + 1 ? 1 : 0));
    const kept = largestParts(own, size, 1);
    for (let v = 0; v < voxels; v++) {
      if (!own[v] || kept[v]) continue;
      // The island stays lung: its probability goes to the next likely lobe.
      const probability = lobe[v]!;
      lobe[v] = 0;
      lobes[strongest(lobes, v)]![v]! += probability;
    }
  }
}

function strongest(lobes: readonly Float32Array[], voxel: number): number {
  let best = 0;
  for (let l = 1; l < lobes.length; l++) if (lobes[l]![voxel]! > lobes[best]![voxel]!) best = l;
  return best;
}

/** The largest part, and up to `most` in all where they are no islands beside it. */
function largestParts(inside: Uint8Array, size: GridSize, most: number): Uint8Array {
  const { numbers, sizes } = connectedComponents(inside, size);
  const order = sizes
    .map((_, n) => n)
    .slice(1)
    .sort((a, b) => sizes[b]! - sizes[a]!);
  const largest = sizes[order[0] ?? 0] ?? 0;
  const kept = new Set(order.slice(0, most).filter((n) => sizes[n]! >= ISLAND_SHARE * largest));
  return inside.map((_, v) => (kept.has(numbers[v]!) ? 1 : 0));
}

/** Densities between which a voxel at the pleura passes from air to soft tissue, and how probable lung must be at either. */
const EDGE_HU = [-500, -200] as const;
const NEEDED_PROBABILITY = [0.1, 0.75] as const;

/**
 * How probable lung must be for a voxel of this density: at the pleura, where 3 mm voxels are undecided, air needs
 * less to be lung and soft tissue more. Where the network is sure (below 0.1 or above 0.75) the density has no say.
 * In between the edge follows the density: steps would draw it in steps.
 */
function neededProbability(hu: number): number {
  const share = Math.min(1, Math.max(0, (hu - EDGE_HU[0]) / (EDGE_HU[1] - EDGE_HU[0])));
  return NEEDED_PROBABILITY[0] + share * (NEEDED_PROBABILITY[1] - NEEDED_PROBABILITY[0]);
}

/**
 * Labels at full resolution from linearly interpolated probabilities. Between two coarse voxels that agree the
 * interpolation cannot change the winner, so only the rows' disagreeing stretches are computed voxel by voxel.
 */
function upsampleLobes(lobes: readonly Float32Array[], coarse: Grid, volume: Volume): Uint8Array {
  const [wx, wy, wz] = gridWeights(coarse, volume);
  const [nx, ny, nz] = volume.size;
  const [mx, my] = coarse.size;
  const count = lobes.length;
  const labels = new Uint8Array(nx * ny * nz);
  const slice = lobes.map(() => new Float32Array(mx * my));
  const row = lobes.map(() => new Float32Array(mx));
  const sure = new Uint8Array(mx);
  const none = 255;
  const [never, always] = NEEDED_PROBABILITY;
  for (let k = 0; k < nz; k++) {
    for (let l = 0; l < count; l++) blend(lobes[l]!, slice[l]!, wz, k, mx * my);
    for (let j = 0; j < ny; j++) {
      for (let l = 0; l < count; l++) blend(slice[l]!, row[l]!, wy, j, mx);
      for (let i = 0; i < mx; i++) {
        let sum = 0;
        let best = 0;
        for (let l = 0; l < count; l++) {
          sum += row[l]![i]!;
          if (row[l]![i]! > row[best]![i]!) best = l;
        }
        sure[i] = sum < never ? 0 : sum > always ? best + 1 : none;
      }
      const start = (k * ny + j) * nx;
      for (let i = 0; i < nx; i++) {
        const first = wx.first[i]!;
        const last = first + wx.count[i]! - 1;
        if (sure[first] !== none && sure[first] === sure[last]) {
          labels[start + i] = sure[first]!;
          continue;
        }
        let sum = 0;
        let best = 0;
        let most = -1;
        for (let l = 0; l < count; l++) {
          let p = 0;
          for (let n = 0; n < wx.count[i]!; n++) p += wx.weights[wx.offset[i]! + n]! * row[l]![first + n]!;
          sum += p;
          if (p > most) {
            most = p;
            best = l;
          }
        }
        labels[start + i] = sum > neededProbability(volume.hu[start + i]!) ? best + 1 : 0;
      }
    }
  }
  return labels;
}
