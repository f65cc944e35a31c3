import { describe, expect, it } from 'vitest';
import { axisWeights, resampleVolume, respacedGrid } from '../../../src/kernel/ct/geometry/resample.ts';
import { extractSlice } from '../../../src/kernel/ct/geometry/slice.ts';
import { axisAlignedAffine, spacingMm, type Volume, voxelMl } from '../../../src/kernel/ct/geometry/volume.ts';

const volume = (f: (i: number, j: number, k: number) => number): Volume => {
  const size = [12, 10, 8] as const;
  const hu = Int16Array.from({ length: 960 }, (_, n) => f(n % 12, Math.floor(n / 12) % 10, Math.floor(n / 120)));
  return { size, affine: axisAlignedAffine([1, 2, 3], [5, 6, 7]), hu };
};

describe('resampleVolume', () => {
  it('changes nothing at the same spacing', () => {
    const original = volume((i, j, k) => i * 7 - j * 3 + k);
    expect(Array.from(resampleVolume(original, [1, 2, 3]).hu)).toEqual(Array.from(original.hu));
  });

  it('keeps a ramp a ramp, finer or coarser, at the right place in the patient', () => {
    const original = volume((i) => i * 100);
    for (const spacing of [0.5, 2, 3]) {
      const { size, affine, hu } = resampleVolume(original, [spacing, 2, 3]);
      const middle = Math.floor(size[0] / 2);
      const xMm = affine[3]! + affine[0]! * middle;
      expect(hu[middle]).toBeCloseTo((xMm - 5) * 100, 3);
    }
  });

  it('refuses a grid that is larger than the computer, by both spacings and its size', () => {
    expect(() =>
      resampleVolume(
        volume(() => 0),
        [0.0001, 0.0001, 0.0001],
      ),
    ).toThrow(
      /^The CT has voxels of 1 × 2 × 3 mm by its header\. At 0\.0001 × 0\.0001 × 0\.0001 mm, as the model wants, it would have 120000 × 200000 × 240000 of them/,
    );
  });

  it('averages noise where voxels grow', () => {
    const noisy = volume((i, j, k) => ((i + j + k) % 2 ? 100 : -100));
    const { hu, size } = resampleVolume(noisy, [4, 2, 3]);
    expect(Math.abs(hu[Math.floor(size[0] / 2)]!)).toBeLessThan(15);
  });

  it('covers the same box', () => {
    const grid = respacedGrid(
      volume(() => 0),
      [3, 4, 6],
    );
    expect(grid.size).toEqual([4, 5, 4]);
    expect(spacingMm(grid)).toEqual([3, 4, 6]);
    expect(grid.affine[3]! - 1.5).toBeCloseTo(5 - 0.5);
  });
});

describe('axisWeights', () => {
  it('sums to one for every output', () => {
    const { offset, count, weights } = axisWeights(17, 40, 17 / 40, (17 / 40 - 1) / 2);
    for (let o = 0; o < 40; o++)
      expect(weights.subarray(offset[o], offset[o]! + count[o]!).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });
});

describe('voxelMl', () => {
  it('is the same for a sheared grid, as a tilted gantry gives', () => {
    expect(voxelMl({ size: [1, 1, 1], affine: [1, 0, 0, 0, 0, 1, 0.6, 0, 0, 0, 4, 0, 0, 0, 0, 1] })).toBeCloseTo(0.004);
  });
});

describe('extractSlice', () => {
  // x to the patient's left, y to the back, z to the head: each value says where it lies.
  const { hu, size } = volume((i, j, k) => i + 20 * j + 400 * k);
  it('shows axial slices with the patient’s right on the left and the front on top', () => {
    const { pixels, width } = extractSlice(hu, size, 'axial', 3);
    expect([pixels[0], pixels[width - 1], pixels[width]]).toEqual([1200, 1211, 1220]);
  });
  it('shows coronal slices with the head on top', () => {
    const { pixels, width, height } = extractSlice(hu, size, 'coronal', 4);
    expect([width, height, pixels[0], pixels[width - 1], pixels.at(-1)]).toEqual([
      12,
      8,
      80 + 2800,
      80 + 2811,
      80 + 11,
    ]);
  });
  it('shows sagittal slices with the front on the left and the head on top', () => {
    const { pixels, width, height } = extractSlice(hu, size, 'sagittal', 2);
    expect([width, height, pixels[0], pixels[width - 1], pixels[width]]).toEqual([10, 8, 2802, 2802 + 180, 2402]);
  });
});
