/** Checks that the distance of a border from the fissure is measured right, and that noise is not taken for a fissure. */
import { expect, it } from 'vitest';
import { scoreFissures } from '../../../models/evaluation/fissures.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';

const SIZE = [60, 60, 60] as const;
const [LUL, LLL] = [4, 5];
const FISSURE_MM = 30;

/** A left lung whose lower lobe ends with the voxel at `borderMm`, half a voxel below the border, with a fissure of the given density at 30 mm. */
function score(borderMm: number, fissureHu: number) {
  const hu = new Int16Array(60 ** 3);
  const labels = new Uint8Array(60 ** 3);
  for (let v = 0; v < hu.length; v++) {
    const z = Math.floor(v / 3600);
    hu[v] = -870 + fissureHu * Math.max(0, 1 - Math.abs(z - FISSURE_MM) / 1.5) + ((v * 7919) % 41) - 20;
    labels[v] = z > borderMm ? LUL : LLL;
  }
  const grid = { size: SIZE, affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]) };
  return scoreFissures({ ...grid, hu }, { ...grid, labels }).find(({ fissure }) => fissure === 'LUL | LLL')!;
}

it.each([
  [30, 0.5, 1],
  [33, 3.5, 0],
  [26, 3.5, 0],
])('a border above voxel %d is %d mm away', (border, distance, near) => {
  const { visibleShare, nearShare, medianMm } = score(border, 180);
  expect(visibleShare).toBe(1);
  expect(Math.abs(medianMm! - distance)).toBeLessThanOrEqual(0.5);
  expect(nearShare).toBe(near);
});

it('sees no fissure where there is none, and none too far away', () => {
  expect(score(30, 0)).toMatchObject({ visibleShare: 0, nearShare: undefined, medianMm: undefined });
  expect(score(45, 180).visibleShare).toBe(0);
});
