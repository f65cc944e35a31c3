/** Checks that a great vessel that is counted as lung is told from consolidated lung, and from a mass at the chest wall. */
import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { findDoubts } from '../../../src/kernel/lungs/doubts.ts';

const SIZE = [60, 40, 20] as const;
const [LUNG, BLOOD, CONTRAST] = [-850, 40, 300];
const VOXEL_ML = 0.027;

type Box = readonly [fromX: number, toX: number, fromY: number, toY: number];

/** Two lungs beside a mediastinum of soft tissue; `dense` are boxes that are counted as lung, too, over 10 slices. */
function vesselLikeMl(...dense: readonly (readonly [hu: number, box: Box])[]): number {
  const grid = { size: SIZE, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]) };
  const hu = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(BLOOD);
  const labels = new Uint8Array(hu.length);
  const fill = ([fromX, toX, fromY, toY]: Box, [from, to]: readonly [number, number], set: (v: number) => void) => {
    for (let k = from; k < to; k++)
      for (let j = fromY; j < toY; j++) for (let i = fromX; i < toX; i++) set((k * SIZE[1] + j) * SIZE[0] + i);
  };
  for (const [lung, label] of [
    [[4, 22, 5, 35], 1],
    [[38, 56, 5, 35], 4],
  ] as const)
    fill(lung, [2, 18], (v) => {
      hu[v] = LUNG;
      labels[v] = label;
    });
  for (const [density, box] of dense)
    fill(box, [5, 15], (v) => {
      hu[v] = density;
      labels[v] = 4;
    });
  return findDoubts({ ...grid, hu }, { ...grid, labels }, undefined).vesselLikeMl;
}

it('finds nothing in lungs that are drawn rightly', () => {
  expect(vesselLikeMl()).toBe(0);
});

it('finds an aorta that is counted as lung, with contrast agent or without', () => {
  const aorta: Box = [30, 38, 26, 34];
  expect(vesselLikeMl([BLOOD, aorta])).toBeCloseTo(8 * 8 * 10 * VOXEL_ML);
  expect(vesselLikeMl([CONTRAST, aorta])).toBeCloseTo(8 * 8 * 10 * VOXEL_ML);
  expect(vesselLikeMl([CONTRAST, [42, 50, 12, 20]])).toBeCloseTo(8 * 8 * 10 * VOXEL_ML);
});

it('takes consolidated lung at the chest wall, within the lung or beside the mediastinum for none, nor a layer', () => {
  expect(vesselLikeMl([BLOOD, [48, 56, 20, 35]])).toBe(0);
  expect(vesselLikeMl([BLOOD, [42, 50, 12, 20]])).toBe(0);
  expect(vesselLikeMl([BLOOD, [38, 50, 12, 20]])).toBe(0);
  expect(vesselLikeMl([BLOOD, [36, 38, 5, 35]])).toBe(0);
});
