/** Lobes at the CT's own resolution: the network's probabilities, interpolated, and the density of each voxel. */
import {
  type AxisWeights,
  gridWeights,
  interpolateLayer,
  type Resampled,
  type Stretch,
  sampleAt,
} from '../ct/geometry/resample.ts';
import type { Grid, GridSize, Volume } from '../ct/geometry/volume.ts';
import { POSSIBLE_LABEL } from './closing.ts';
import { edgeDensity } from './lungEdge.ts';

/** How far below and above the density of the lung's edge a voxel is air or soft tissue, and how probable lung must be at either. */
const EDGE_WIDTH_HU = 150;
const NEEDED_PROBABILITY = [0.1, 0.8] as const;

/**
 * How probable lung must be for a voxel that is so much denser than the lung's edge: at the pleura, where 3 mm voxels
 * are undecided, air needs less to be lung and soft tissue more. Where the network is sure (below 0.1 or above 0.8)
 * the density has no say. In between the edge follows the density: steps would draw it in steps.
 */
function neededProbability(overEdgeHu: number): number {
  const share = Math.min(1, Math.max(0, (overEdgeHu / EDGE_WIDTH_HU + 1) / 2));
  return NEEDED_PROBABILITY[0] + share * (NEEDED_PROBABILITY[1] - NEEDED_PROBABILITY[0]);
}

/** What lobes are drawn from. */
export interface Drawing {
  /** The probability of each lobe on the grid of `coarse`. */
  readonly lobes: readonly Float32Array[];
  readonly coarse: Grid;
  readonly volume: Volume;
  /** The density of the lung's edge in blocks. */
  readonly edge: Resampled;
  /** 1 for the rows of `coarse` that can hold lung. */
  readonly mayHold: Uint8Array;
}

export function planDrawing(lobes: readonly Float32Array[], coarse: Resampled, volume: Volume): Drawing {
  const { size, affine } = coarse;
  return { lobes, coarse: { size, affine }, volume, edge: edgeDensity(lobes, coarse), mayHold: lungRows(lobes, size) };
}

/**
 * Sets slices of `labels`, which are 0, at full resolution from linearly interpolated probabilities; a lobe that is likely
 * enough for air, but not for the voxel's density, is labelled as possible. Between two coarse voxels that agree the
 * interpolation cannot change the winner, so only the rows' disagreeing stretches are computed voxel by voxel.
 */
export function lobeDrawer({ lobes, coarse, volume, edge, mayHold }: Drawing, labels: Uint8Array) {
  const [wx, wy, wz] = gridWeights(coarse, volume);
  const [ex, ey, ez] = gridWeights(edge, volume);
  const [nx, ny] = volume.size;
  const [mx, my] = coarse.size;
  const count = lobes.length;
  const slice = lobes.map(() => new Float32Array(mx * my));
  const row = lobes.map(() => new Float32Array(mx));
  const edgeSlice = new Float32Array(edge.size[0] * edge.size[1]);
  const edgeRow = new Float32Array(edge.size[0]);
  const sure = new Uint8Array(mx);
  const none = 255;
  const [never, always] = NEEDED_PROBABILITY;
  const canHold = rowsDrawnFrom(mayHold, my);
  return (slices: Stretch): void => {
    for (let k = slices.from; k < slices.to; k++) {
      if (!canHold(wz, k, undefined, 0)) continue;
      for (let l = 0; l < count; l++) interpolateLayer(lobes[l]!, slice[l]!, wz, k);
      interpolateLayer(edge.hu, edgeSlice, ez, k);
      for (let j = 0; j < ny; j++) {
        if (!canHold(wz, k, wy, j)) continue;
        for (let l = 0; l < count; l++) interpolateLayer(slice[l]!, row[l]!, wy, j);
        interpolateLayer(edgeSlice, edgeRow, ey, j);
        let hasLung = false;
        for (let i = 0; i < mx; i++) {
          let sum = 0;
          let best = 0;
          for (let l = 0; l < count; l++) {
            sum += row[l]![i]!;
            if (row[l]![i]! > row[best]![i]!) best = l;
          }
          sure[i] = sum < never ? 0 : sum > always ? best + 1 : none;
          hasLung ||= sure[i] !== 0;
        }
        if (!hasLung) continue;
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
            const p = sampleAt(row[l]!, 0, wx, i);
            sum += p;
            if (p > most) {
              most = p;
              best = l;
            }
          }
          if (sum <= never) continue;
          const overEdge = volume.hu[start + i]! - sampleAt(edgeRow, 0, ex, i);
          labels[start + i] = best + 1 + (sum > neededProbability(overEdge) ? 0 : POSSIBLE_LABEL);
        }
      }
    }
  };
}

/** Interpolated, a sum of probabilities is no larger than the largest that it was made of, but for rounding. */
const ROUNDING = 1e-4;

/** 1 for each row in which any voxel can be lung: what draws from nothing but rows that never are needs no look. */
function lungRows(lobes: readonly Float32Array[], [mx, my, mz]: GridSize): Uint8Array {
  const may = new Uint8Array(my * mz);
  const least = NEEDED_PROBABILITY[0] * (1 - ROUNDING);
  for (let row = 0, v = 0; row < may.length; row++)
    for (let i = 0; i < mx; i++, v++) {
      let sum = 0;
      for (let l = 0; l < lobes.length; l++) sum += lobes[l]![v]!;
      if (sum >= least) may[row] = 1;
    }
  return may;
}

/** Whether any of the rows that a slice, or a row in it, draws from is 1; `my` rows make a coarse slice. */
function rowsDrawnFrom(rows: Uint8Array, my: number) {
  return (wz: AxisWeights, k: number, wy: AxisWeights | undefined, j: number): boolean => {
    const [firstRow, count] = wy ? [wy.first[j]!, wy.count[j]!] : [0, my];
    for (let z = wz.first[k]!; z < wz.first[k]! + wz.count[k]!; z++)
      for (let y = firstRow; y < firstRow + count; y++) if (rows[z * my + y]) return true;
    return false;
  };
}
