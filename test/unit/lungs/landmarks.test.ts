import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type LabelMap, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { findLandmarks } from '../../../src/kernel/lungs/landmarks.ts';

const SIZE = [60, 50, 60] as const;
const SPACING_MM = 5;

/** A chest of blocks: lungs on both sides, between them a trachea above and the spine behind, a sternum in front. */
function chest(turn: (i: number, j: number, k: number) => readonly [number, number, number]): {
  volume: Volume;
  lobes: LabelMap;
} {
  const grid = { size: SIZE, affine: axisAlignedAffine([SPACING_MM, SPACING_MM, SPACING_MM], [0, 0, 0]) };
  const hu = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(40);
  const labels = new Uint8Array(hu.length);
  for (let k = 0, index = 0; k < SIZE[2]; k++)
    for (let j = 0; j < SIZE[1]; j++)
      for (let i = 0; i < SIZE[0]; i++, index++) {
        const [x, y, z] = turn(i, j, k);
        const beside = Math.abs(x - 29.5);
        if (beside > 6 && beside < 25 && y > 8 && y < 42 && z > 5 && z < 54) {
          labels[index] = x < 29.5 ? 1 : 4;
          hu[index] = -850;
        } else if (beside < 2 && Math.abs(y - 27) < 2 && z > 38) hu[index] = -990;
        else if (beside < 4 && ((y > 36 && y < 46) || (y > 7 && y < 10))) hu[index] = 600;
      }
  return { volume: { ...grid, hu }, lobes: { ...grid, labels } };
}

const landmarks = (turn: Parameters<typeof chest>[0]) => {
  const { volume, lobes } = chest(turn);
  return findLandmarks(volume, lobes);
};

describe('findLandmarks', () => {
  const upright = landmarks((i, j, k) => [i, j, k]);

  it('finds the spine behind and the trachea at the top', () => {
    expect(upright.boneMl.front).toBeGreaterThan(0);
    expect(upright.boneMl.back).toBeGreaterThan(2 * upright.boneMl.front);
    expect(upright.trachea).toEqual({ top: 1, bottom: 0 });
  });

  it('finds the spine in front of a chest that is turned about its length', () => {
    const { boneMl, trachea } = landmarks((i, j, k) => [SIZE[0] - 1 - i, SIZE[1] - 1 - j, k]);
    expect(boneMl).toEqual({ front: upright.boneMl.back, back: upright.boneMl.front });
    expect(trachea).toEqual(upright.trachea);
  });

  it('finds the trachea below in a chest that stands on its head', () => {
    const { boneMl, trachea } = landmarks((i, j, k) => [i, j, SIZE[2] - 1 - k]);
    expect(boneMl.back).toBeGreaterThan(boneMl.front);
    expect(trachea).toEqual({ top: 0, bottom: 1 });
  });

  it('takes no lung for a trachea', () => {
    const { volume, lobes } = chest((i, j, k) => [i, j, k]);
    const all = lobes.labels.map((label, index) => (volume.hu[index]! < -500 ? 1 : label));
    expect(findLandmarks(volume, { ...lobes, labels: all }).trachea.top).toBe(0);
  });
});
