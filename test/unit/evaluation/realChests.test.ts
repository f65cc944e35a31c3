/** Lungs of a made-up chest on a couch, against what is known of them. */
import { expect, it } from 'vitest';
import { bodyOf } from '../../../models/evaluation/body.ts';
import { compareLungs } from '../../../models/evaluation/realChests.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';

const SIZE = [40, 40, 3] as const;
const VOXEL_ML = 0.027;
const AIR = -1000;
const TISSUE = 40;
const COUCH_ROW = 34;

const at = (i: number, j: number, k: number) => (k * SIZE[1] + j) * SIZE[0] + i;
type Box = readonly [x0: number, x1: number, y0: number, y1: number];
const BODY: Box = [6, 33, 8, 29];
const LUNG: Box = [11, 18, 13, 24];
/** Air between the body and the couch. */
const UNDER: Box = [15, 20, 31, 32];

function fill<T extends Int16Array | Uint8Array>(values: T, [x0, x1, y0, y1]: Box, value: number): T {
  for (let k = 0; k < SIZE[2]; k++)
    for (let j = y0; j <= y1; j++) for (let i = x0; i <= x1; i++) values[at(i, j, k)] = value;
  return values;
}

const voxels = SIZE[0] * SIZE[1] * SIZE[2];
const hu = new Int16Array(voxels).fill(AIR);
fill(hu, BODY, TISSUE);
fill(hu, LUNG, -850);
// The couch is a thin, dense shell as wide as the picture, and touches the body at its sides.
fill(hu, [0, 39, COUCH_ROW, COUCH_ROW + 1], 200);
fill(hu, [6, 6, 30, 33], 200);
fill(hu, [33, 33, 30, 33], 200);
const known = fill(new Uint8Array(voxels), LUNG, 1);
const volume = { size: SIZE, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]), hu };

it('takes couch and what lies on it for no body, and lungs and tissue for one', () => {
  const body = bodyOf(hu, SIZE, known);
  expect(body[at(15, 15, 1)]).toBe(1);
  expect(body[at(25, 15, 1)]).toBe(1);
  expect(body[at(17, 31, 1)]).toBe(0);
  expect(body[at(20, COUCH_ROW, 1)]).toBe(0);
  expect(body[at(2, 2, 1)]).toBe(0);
});

it('counts lung outside the body, and dense voxels that are known to be none', () => {
  const labels = fill(fill(fill(new Uint8Array(voxels), LUNG, 2), UNDER, 3), [19, 20, 13, 14], 2);
  const { lungs, dense, apart, outside } = compareLungs(volume, labels, known);
  expect(outside).toBeCloseTo(6 * 2 * 3 * VOXEL_ML);
  expect(dense).toBeCloseTo(2 * 2 * 3 * VOXEL_ML);
  // Of two columns beside the lung the outer one.
  expect(apart).toBeCloseTo(2 * 3 * VOXEL_ML);
  expect(lungs).toBeCloseTo((2 * 96) / (96 + 96 + 12 + 4));
});

it('takes no voxel into account that is not known', () => {
  const partly = fill(known.slice(), [19, 20, 13, 24], 3);
  const labels = fill(fill(new Uint8Array(voxels), LUNG, 1), [19, 20, 13, 24], 1);
  expect(compareLungs(volume, labels, partly)).toEqual({ lungs: 1, dense: 0, apart: 0, outside: 0 });
});
