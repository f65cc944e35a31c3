/**
 * How far each voxel of the lungs lies below the surface of its lung. The surface is that of the whole lung: chest wall,
 * diaphragm and mediastinum, where visceral pleura lies on parietal pleura. Fissures are pleura too, but "subpleural"
 * and "peripheral" mean the outer surface (Hansell et al., Fleischner Society glossary, Radiology 2008;246:697), and a
 * fissure is drawn at a voxel of one lobe or the other. Where vessels and bronchi enter, or structures were taken away,
 * there is no pleura: gaps beneath the lung's envelope count as lung.
 */
import { LUNG_PARTS, type Side, sideOf } from '../../../protocol/names.ts';
import { squaredDistances } from '../../agreement/voxels/distanceTransform.ts';
import { cropGrid, type VoxelBox } from '../../ct/geometry/box.ts';
import { type Grid, type GridSize, type LabelMap, perAxis, spacingMm } from '../../ct/geometry/volume.ts';
import { labelledBox } from '../lungBox.ts';

/** The envelope is the lung closed by a ball of this radius: hila, and vessels up to twice as wide, are bridged. */
const ENVELOPE_RADIUS_MM = 10;
/** Gaps less deep than this beneath the envelope are dents of the surface. */
const DENT_MM = 5;
/** The envelope is computed on voxels of about this size. */
const COARSE_MM = 3;

/** By label of a lobe; 0 is outside the lungs. */
const SIDE_OF_LABEL: readonly (Side | undefined)[] = [undefined, ...LUNG_PARTS.map(sideOf)];

/** One lung within its box: 1 where it is lung. */
export interface OneLung extends Grid {
  readonly box: VoxelBox;
  readonly isLung: Uint8Array;
}

/** Undefined where the CT shows nothing of that lung. */
export function lungOf(lobes: LabelMap, side: Side): OneLung | undefined {
  const isOfSide = Uint8Array.from(SIDE_OF_LABEL, (own) => (own === side ? 1 : 0));
  const whole = lobes.labels.map((label) => isOfSide[label]!);
  // A voxel of margin, so that the surface is within; at the edge of the CT there is none, and nobody knows of a pleura.
  const box = labelledBox({ ...lobes, labels: whole }, Math.max(...spacingMm(lobes)));
  if (!box) return undefined;
  const grid = cropGrid(lobes, box);
  const [mx, my, mz] = grid.size;
  const [nx, ny] = lobes.size;
  const isLung = new Uint8Array(mx * my * mz);
  for (let k = 0; k < mz; k++)
    for (let j = 0; j < my; j++) {
      const start = ((k + box.low[2]) * ny + j + box.low[1]) * nx + box.low[0];
      isLung.set(whole.subarray(start, start + mx), (k * my + j) * mx);
    }
  return { ...grid, box, isLung };
}

export interface LungSurface {
  /**
   * Euclidean distance in mm from the centre of each voxel of the box to that of the nearest one outside the lung, in
   * z, y, x order; 0 outside it, and infinite where the CT shows no outside.
   */
  readonly distanceMm: Float32Array;
  /** Voxels of gaps beneath the envelope in each slice of the box: above all the hilum. */
  readonly gaps: Int32Array;
}

/** Grids are orthogonal, as loaders make them. */
export function surfaceOf({ isLung, ...grid }: OneLung): LungSurface {
  const [nx, ny, nz] = grid.size;
  const { depth, at, rows } = envelopeOf({ isLung, ...grid });
  const gaps = new Int32Array(nz);
  const outside = new Uint8Array(isLung.length);
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const row = (at[2][k]! * rows[1] + at[1][j]!) * rows[0];
      for (let i = 0; i < nx; i++, v++) {
        if (isLung[v]) continue;
        if (depth[row + at[0][i]!]! >= DENT_MM ** 2) gaps[k]!++;
        else outside[v] = 1;
      }
    }
  const distanceMm = squaredDistances(outside, grid.size, spacingMm(grid), Float32Array);
  for (let v = 0; v < distanceMm.length; v++) distanceMm[v] = Math.sqrt(distanceMm[v]!);
  return { distanceMm, gaps };
}

interface Envelope {
  /** Squared mm beneath the envelope, on a coarser grid with room around the lung. */
  readonly depth: Float32Array;
  readonly rows: GridSize;
  /** The coarse voxel of each voxel of the box, axis by axis. */
  readonly at: readonly [Int32Array, Int32Array, Int32Array];
}

/** Morphological closing by two distance transforms, then a third from what it leaves open. */
function envelopeOf({ isLung, size, ...grid }: Omit<OneLung, 'box'>): Envelope {
  const spacing = spacingMm({ size, ...grid });
  const step = perAxis((a) => Math.max(1, Math.round(COARSE_MM / spacing[a])));
  const mm = perAxis((a) => spacing[a] * step[a]);
  const room = perAxis((a) => Math.ceil(ENVELOPE_RADIUS_MM / mm[a]) + 1);
  const rows = perAxis((a) => Math.ceil(size[a] / step[a]) + 2 * room[a]);
  const at = perAxis((a) => Int32Array.from({ length: size[a] }, (_, n) => Math.floor(n / step[a]) + room[a]));
  const lung = new Uint8Array(rows[0] * rows[1] * rows[2]);
  const middle = perAxis((a) => Math.floor(step[a] / 2));
  for (let k = middle[2]; k < size[2]; k += step[2])
    for (let j = middle[1]; j < size[1]; j += step[1])
      for (let i = middle[0]; i < size[0]; i += step[0])
        if (isLung[(k * size[1] + j) * size[0] + i]) lung[(at[2][k]! * rows[1] + at[1][j]!) * rows[0] + at[0][i]!] = 1;
  const squares = (marked: Uint8Array) => squaredDistances(marked, rows, mm, Float32Array);
  const radius = ENVELOPE_RADIUS_MM ** 2;
  const far = Uint8Array.from(squares(lung), (square) => (square > radius ? 1 : 0));
  const open = Uint8Array.from(squares(far), (square) => (square > radius ? 0 : 1));
  return { depth: squares(open), rows, at };
}
