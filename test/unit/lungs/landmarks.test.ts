import { describe, expect, it } from 'vitest';
import type { Resampled } from '../../../src/kernel/ct/geometry/resample.ts';
import { axisAlignedAffine, type LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import { findLandmarks } from '../../../src/kernel/lungs/landmarks.ts';

const SIZE = [60, 50, 60] as const;
const SPACING_MM = 5;

/**
 * A chest of blocks: lungs on both sides, their tips narrower and their base hollow, nearer to the midline in front;
 * between them a trachea above and the spine behind, a sternum in front, the liver below the right and gas below the left.
 */
function chest(
  turn: (i: number, j: number, k: number) => readonly [number, number, number],
  contrast = false,
): {
  volume: Resampled;
  lobes: LabelMap;
} {
  const grid = { size: SIZE, affine: axisAlignedAffine([SPACING_MM, SPACING_MM, SPACING_MM], [0, 0, 0]) };
  const hu = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(40);
  const labels = new Uint8Array(hu.length);
  for (let k = 0, index = 0; k < SIZE[2]; k++)
    for (let j = 0; j < SIZE[1]; j++)
      for (let i = 0; i < SIZE[0]; i++, index++) {
        const [x, y, z] = turn(i, j, k);
        const beside = Math.abs(x - 29.5);
        const fromAxis = Math.hypot(beside - 15.5 - (y - 25) * 0.3, y - 25) / 13;
        const isLung = beside > (y < 16 ? 3 : 6) && fromAxis < 1;
        if (isLung && z > 14 - 8 * fromAxis && z < 56 - 14 * fromAxis) {
          labels[index] = x < 29.5 ? 1 : 4;
          hu[index] = -850;
        } else if (beside < 2 && Math.abs(y - 27) < 2 && z > 38) hu[index] = -990;
        else if (beside < 4 && ((y > 36 && y < 46) || (y > 7 && y < 10 && z > 30))) hu[index] = 600;
        else if (x > 35 && x < 50 && z < 5) hu[index] = -900;
        else if (contrast && beside < 5 && y > 10 && y < 26 && z > 8 && z < 45) hu[index] = 350;
      }
  return { volume: { ...grid, hu }, lobes: { ...grid, labels } };
}

const landmarks = (...of: Parameters<typeof chest>) => {
  const { volume, lobes } = chest(...of);
  return findLandmarks(volume, lobes);
};

describe('findLandmarks', () => {
  const upright = landmarks((i, j, k) => [i, j, k]);

  it('finds the spine behind, the trachea at the top, the diaphragm below and the liver on the right', () => {
    expect(upright.spineMm!.front).toBe(0);
    expect(upright.spineMm!.back).toBeGreaterThan(10);
    expect(upright.fromMidlineMm!.back).toBeGreaterThan(upright.fromMidlineMm!.front + 5);
    expect(upright.trachea).toEqual({ top: 1, bottom: 0 });
    expect(upright.hollowBelow).toBeGreaterThan(0.5);
    expect(upright.notSolidBelow!.left).toBeGreaterThan(upright.notSolidBelow!.right + 0.2);
  });

  it('takes no heart full of contrast agent for a spine', () => {
    const { spineMm } = landmarks((i, j, k) => [i, j, k], true);
    expect(1.5 * spineMm!.front).toBeLessThan(spineMm!.back);
  });

  it('finds the spine in front of a chest that is turned about its length', () => {
    const { spineMm, fromMidlineMm, trachea } = landmarks((i, j, k) => [SIZE[0] - 1 - i, SIZE[1] - 1 - j, k]);
    expect(spineMm!.front).toBeCloseTo(upright.spineMm!.back, 5);
    expect(fromMidlineMm!.front).toBeGreaterThan(fromMidlineMm!.back + 5);
    expect(trachea).toEqual(upright.trachea);
  });

  it('finds trachea and diaphragm at the other end of a chest that stands on its head', () => {
    const { spineMm, trachea, hollowBelow } = landmarks((i, j, k) => [i, j, SIZE[2] - 1 - k]);
    expect(spineMm!.back).toBeGreaterThan(10);
    expect(trachea).toEqual({ top: 0, bottom: 1 });
    expect(hollowBelow).toBeCloseTo(-upright.hollowBelow!, 5);
  });

  it('measures the extent of two whole lungs', () => {
    const { volume, lobes } = chest((i, j, k) => [i, j, k]);
    const of = (axis: 0 | 1 | 2) => {
      const stride = [1, SIZE[0], SIZE[0] * SIZE[1]][axis]!;
      const places = [...lobes.labels.keys()]
        .filter((v) => lobes.labels[v])
        .map((v) => Math.floor(v / stride) % SIZE[axis]);
      return (Math.max(...places) - Math.min(...places) + 1) * SPACING_MM;
    };
    expect(findLandmarks(volume, lobes).extentMm).toEqual({ width: of(0), depth: of(1), height: of(2) });
  });

  it.each([
    [1, 'right'],
    [4, 'left'],
  ])('takes the middle of one lung alone, of label %i on the %s, for no midline', (label) => {
    const { volume, lobes } = chest((i, j, k) => [i, j, SIZE[2] - 1 - k]);
    const one = { ...lobes, labels: lobes.labels.map((own) => (own === label ? own : 0)) };
    expect(findLandmarks(volume, one)).toEqual({
      extentMm: undefined,
      spineMm: undefined,
      fromMidlineMm: undefined,
      trachea: { top: 0, bottom: 0 },
      hollowBelow: expect.any(Number),
      mediastinumLeftMm: undefined,
      notSolidBelow: undefined,
    });
    expect(findLandmarks(volume, one).hollowBelow).toBeLessThan(-0.15);
  });

  it('finds the liver below the left lung of a mirrored chest', () => {
    const { notSolidBelow } = landmarks((i, j, k) => [SIZE[0] - 1 - i, j, k]);
    expect(notSolidBelow!.right).toBeGreaterThan(notSolidBelow!.left + 0.2);
  });

  it('sees no spine in a slab, and no diaphragm where the tips are cut off', () => {
    const { volume, lobes } = chest((i, j, k) => [i, j, k]);
    const within = (first: number, last: number) => ({
      ...lobes,
      labels: lobes.labels.map((label, v) => {
        const k = Math.floor(v / (SIZE[0] * SIZE[1]));
        return k >= first && k <= last ? label : 0;
      }),
    });
    expect(findLandmarks(volume, within(20, 31)).spineMm).toBeUndefined();
    const lower = findLandmarks(volume, within(0, 33));
    expect([lower.fromMidlineMm, lower.hollowBelow]).toEqual([undefined, undefined]);
    // Nor do parts of lungs tell to which side the heart leans.
    expect(findLandmarks(volume, lobes).mediastinumLeftMm).toBeDefined();
    for (const [first, last] of [
      [20, 31],
      [0, 33],
      [30, 60],
    ] as const)
      expect(findLandmarks(volume, within(first, last)).mediastinumLeftMm).toBeUndefined();
    expect(lower.spineMm!.back).toBeGreaterThan(10);
  });

  it('takes no lung for a trachea', () => {
    const { volume, lobes } = chest((i, j, k) => [i, j, k]);
    const all = lobes.labels.map((label, index) => (volume.hu[index]! < -500 ? 1 : label));
    expect(findLandmarks(volume, { ...lobes, labels: all }).trachea.top).toBe(0);
  });
});
