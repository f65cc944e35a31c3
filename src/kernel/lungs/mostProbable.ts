/** The most probable class of each voxel of the lungs, on the CT's grid. */
import { type AxisWeights, gridWeights, type Stretch, sampleAt } from '../ct/geometry/resample.ts';
import type { LabelMap } from '../ct/geometry/volume.ts';
import { cropGrid, type VoxelBox } from './lungBox.ts';
import { classesOf, forEachRunOfRow, type ProbabilityPlanes, planesOf, rowMaker } from './lungVoxels.ts';

/** What the most probable classes are drawn from, and where. */
export interface Classified {
  readonly lobes: LabelMap;
  readonly probabilities: ProbabilityPlanes;
  readonly box: VoxelBox;
  /** 0 before, on the grid of the lobes: the place of the most probable class from 1 on, or 0 where none of them is. */
  readonly textures: Uint8Array;
}

/** Where the voxels that one is drawn from have different winners. */
const MIXED = 255;

/**
 * Draws the most probable class of each voxel of lung in some slices of the box. Between voxels of the model that agree
 * the interpolation cannot change the winner, so only where they disagree are probabilities interpolated.
 */
export function mostProbableDrawer({ lobes, probabilities, box, textures }: Classified): (slices: Stretch) => void {
  const classes = classesOf(probabilities).length;
  const part = cropGrid(lobes, box);
  const [wx, wy, wz] = gridWeights(probabilities, part);
  const makeRows = rowMaker(probabilities, wy, wz);
  const agreed = agreedColumns(probabilities, wy, wz, classes);
  return ({ from, to }) => {
    for (let k = from; k < to; k++)
      for (let j = 0; j < part.size[1]; j++) {
        let winners: Uint8Array | undefined;
        let rows: readonly Float32Array[] | undefined;
        forEachRunOfRow(lobes, box, { k, j }, ({ index, length, column }) => {
          winners ??= agreed(k, j);
          for (let n = 0; n < length; n++) {
            const winner = winnerAmong(winners, wx, column + n);
            if (winner === MIXED) rows ??= makeRows(k, j);
            textures[index + n] = winner === MIXED ? winnerAt(rows!, wx, column + n, classes) : winner;
          }
        });
      }
  };
}

/** The label that all columns which voxel `i` is drawn from agree on, or MIXED. */
function winnerAmong(winners: Uint8Array, { first, count }: AxisWeights, i: number): number {
  const start = first[i]!;
  const winner = winners[start]!;
  for (let n = start + 1; n < start + count[i]!; n++) if (winners[n] !== winner) return MIXED;
  return winner;
}

/** From 1 on, or 0 where the plane of "none of them" is above that of every class. */
function winnerAt(rows: readonly Float32Array[], wx: AxisWeights, i: number, classes: number): number {
  let most = -1;
  let label = 0;
  for (let plane = 0; plane < rows.length; plane++) {
    const value = Math.fround(sampleAt(rows[plane]!, 0, wx, i));
    if (value <= most) continue;
    most = value;
    label = plane < classes ? plane + 1 : 0;
  }
  return label;
}

/** Gives, for a slice and a row of the part, the winner of each of the model's columns where all that the row is drawn from agree; used again. */
function agreedColumns(
  probabilities: ProbabilityPlanes,
  wy: AxisWeights,
  wz: AxisWeights,
  classes: number,
): (k: number, j: number) => Uint8Array {
  const [mx] = probabilities.size;
  const winnersOf = sliceWinners(probabilities, classes);
  const agreed = new Uint8Array(mx);
  return (k, j) => {
    for (let z = 0; z < wz.count[k]!; z++) {
      const slice = winnersOf(wz.first[k]! + z);
      for (let y = 0; y < wy.count[j]!; y++) {
        const row = slice.subarray((wy.first[j]! + y) * mx, (wy.first[j]! + y + 1) * mx);
        if (z === 0 && y === 0) agreed.set(row);
        else for (let x = 0; x < mx; x++) if (agreed[x] !== row[x]) agreed[x] = MIXED;
      }
    }
    return agreed;
  };
}

/** The winner of each voxel of the model's slices, which are looked at when they are first asked for. */
function sliceWinners(probabilities: ProbabilityPlanes, classes: number): (z: number) => Uint8Array {
  const {
    bytes,
    size: [mx, my, mz],
  } = probabilities;
  const slice = mx * my;
  const planes = planesOf(probabilities);
  const known = new Map<number, Uint8Array>();
  const look = (z: number): Uint8Array => {
    const most = bytes.slice(z * slice, (z + 1) * slice);
    const winners = new Uint8Array(slice).fill(1);
    for (let plane = 1; plane < planes; plane++) {
      const label = plane < classes ? plane + 1 : 0;
      for (let p = 0, v = (plane * mz + z) * slice; p < slice; p++, v++)
        if (bytes[v]! > most[p]!) {
          most[p] = bytes[v]!;
          winners[p] = label;
        }
    }
    known.set(z, winners);
    return winners;
  };
  return (z) => known.get(z) ?? look(z);
}
