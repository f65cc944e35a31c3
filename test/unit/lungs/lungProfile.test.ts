/** How much lung each slice shows, of lobes and estimated. */
import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type LabelMap, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import {
  estimatedProfile,
  lungExtent,
  profileOfLabels,
  sliceWithMostLung,
} from '../../../src/kernel/lungs/lungProfile.ts';

const SIZE = [80, 70, 30] as const;
const GRID = { size: SIZE, affine: axisAlignedAffine([2, 2, 3], [0, 0, 0]) };

/** Fills a box, ends included. */
function fill<T extends Int16Array | Uint8Array>(
  data: T,
  [i0, i1]: readonly [number, number],
  [j0, j1]: readonly [number, number],
  [k0, k1]: readonly [number, number],
  value: number,
): void {
  for (let k = k0; k <= k1; k++)
    for (let j = j0; j <= j1; j++)
      data.fill(value, (k * SIZE[1] + j) * SIZE[0] + i0, (k * SIZE[1] + j) * SIZE[0] + i1 + 1);
}

/** A body in air on a mattress that is as thin as lung, with two lungs from slice 8 to 22; the right one is the broader. */
function lying(): Volume {
  const hu = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(-1000);
  fill(hu, [0, 79], [58, 66], [0, 29], -900);
  fill(hu, [10, 69], [10, 57], [0, 29], 40);
  fill(hu, [16, 36], [18, 49], [8, 22], -800);
  fill(hu, [46, 62], [18, 49], [8, 22], -800);
  // Bowel: gas with a thin border.
  fill(hu, [20, 26], [20, 26], [0, 4], -700);
  fill(hu, [21, 25], [21, 25], [0, 4], -1000);
  return { ...GRID, hu };
}

describe('lung in slices', () => {
  it('is estimated within the body: neither a mattress nor bowel counts', () => {
    const profile = estimatedProfile(lying());
    expect(lungExtent(profile, 'axial')).toEqual([8, 22]);
    expect(lungExtent(profile, 'coronal')).toEqual([18, 49]);
    expect(lungExtent(profile, 'sagittal')).toEqual([16, 63]);
    // Of the lungs; between them is none.
    const sagittal = sliceWithMostLung(profile, 'sagittal');
    expect([sagittal >= 16 && sagittal <= 36, profile.sagittal[41]]).toEqual([true, 0]);
  });

  it('is looked for in every third of thin slices, those between taking the number of the one below', () => {
    const { size, hu } = lying();
    const thin = { size, hu, affine: axisAlignedAffine([2, 2, 0.8], [0, 0, 0]) };
    expect(lungExtent(estimatedProfile(thin), 'axial')).toEqual([9, 23]);
  });

  it('is that of the lobes where they are known', () => {
    const labels = new Uint8Array(SIZE[0] * SIZE[1] * SIZE[2]);
    fill(labels, [20, 30], [20, 40], [5, 20], 1);
    fill(labels, [50, 60], [20, 40], [10, 25], 4);
    const profile = profileOfLabels({ ...GRID, labels } satisfies LabelMap);
    expect(lungExtent(profile, 'axial')).toEqual([5, 25]);
    expect(lungExtent(profile, 'coronal')).toEqual([20, 41]);
    expect(sliceWithMostLung(profile, 'axial')).toBeGreaterThanOrEqual(10);
  });

  it('is none where there is none, and the middle slice is shown', () => {
    const hu = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(40);
    const profile = estimatedProfile({ ...GRID, hu });
    expect(lungExtent(profile, 'axial')).toBeUndefined();
    expect([sliceWithMostLung(profile, 'axial'), sliceWithMostLung(profile, 'sagittal')]).toEqual([15, 40]);
  });
});
