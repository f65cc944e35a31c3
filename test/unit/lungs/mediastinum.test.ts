import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import { mediastinumLeftMm } from '../../../src/kernel/lungs/mediastinum.ts';

const SIZE = [60, 50, 40] as const;
const SPACING_MM = 5;
const RUL = 1;
const LLL = 5;

/** Two blocks of lung from column 5 to 54, apart from the columns that `gap` gives for a row and a slice. */
function lungs(gap: (j: number, k: number) => readonly [first: number, last: number]): LabelMap {
  const labels = new Uint8Array(SIZE[0] * SIZE[1] * SIZE[2]);
  for (let k = 0, index = 0; k < SIZE[2]; k++)
    for (let j = 0; j < SIZE[1]; j++) {
      const [first, last] = gap(j, k);
      for (let i = 0; i < SIZE[0]; i++, index++)
        if (i >= 5 && i <= 54 && (i < first || i > last)) labels[index] = i < first ? RUL : LLL;
    }
  return { size: SIZE, affine: axisAlignedAffine([SPACING_MM, SPACING_MM, SPACING_MM], [0, 0, 0]), labels };
}

describe('mediastinumLeftMm', () => {
  it('is 0 where the gap lies in the middle', () => {
    expect(mediastinumLeftMm(lungs(() => [25, 34]))).toBe(0);
  });

  it('is the shift of a straight gap in mm', () => {
    expect(mediastinumLeftMm(lungs(() => [27, 36]))).toBe(10);
    expect(mediastinumLeftMm(lungs(() => [22, 31]))).toBe(-15);
  });

  it('weighs the aorta as much as heart and arch together', () => {
    // Half the shift for each of two columns more to the left: the heart in front and below, the aorta behind.
    const heart = lungs((j, k) => (j < 30 && k < 20 ? [25, 38] : [25, 34]));
    const aorta = lungs((j) => (j > 31 ? [25, 38] : [25, 34]));
    expect(mediastinumLeftMm(heart)).toBeCloseTo(10 / 4, 0);
    expect(mediastinumLeftMm(aorta)).toBeGreaterThan(mediastinumLeftMm(heart)!);
  });

  it('changes its sign with the sides', () => {
    const gap = (j: number, k: number) => [24 - (j % 3), 36 + (k % 2)] as const;
    const mirrored = (j: number, k: number) => [59 - gap(j, k)[1], 59 - gap(j, k)[0]] as const;
    expect(mediastinumLeftMm(lungs(mirrored))).toBeCloseTo(-mediastinumLeftMm(lungs(gap))!, 10);
  });

  it('is undefined without two lungs', () => {
    const map = lungs(() => [25, 34]);
    expect(
      mediastinumLeftMm({ ...map, labels: map.labels.map((label) => (label === LLL ? 0 : label)) }),
    ).toBeUndefined();
    expect(mediastinumLeftMm({ ...map, labels: map.labels.map(() => 0) })).toBeUndefined();
  });
});
