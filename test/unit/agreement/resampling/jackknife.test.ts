/** Leaving out cases or patients. */
import { describe, expect, it } from 'vitest';
import { contingencyTable } from '../../../../src/kernel/agreement/categories/contingency.ts';
import { kappaJackknife } from '../../../../src/kernel/agreement/categories/kappa.ts';
import { kappaStatistic } from '../../../../src/kernel/agreement/categories/kappaValue.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { jackknife, leaveOneOut } from '../../../../src/kernel/agreement/resampling/jackknife.ts';
import { observedSample } from '../../../../src/kernel/agreement/resampling/resample.ts';

const left = [0, 0, 1, 1, 2, 2, 2, 0, 1, 2];
const right = [0, 1, 1, 1, 2, 2, 1, 0, 0, 2];
const sumOf = (sample: Int32Array) => sample.reduce((a, b) => a + b, 0);

describe('leaveOneOut', () => {
  it('leaves out each case, or each patient with all its cases', () => {
    expect(leaveOneOut(4, sumOf)).toEqual([6, 5, 4, 3]);
    expect(leaveOneOut([[0, 3], [1], [2]], sumOf)).toEqual([3, 5, 4]);
  });
});

describe('jackknife', () => {
  it('of the mean has the mean’s own standard error', () => {
    const values = [3, 5, 8, 13];
    const mean = (sample: Int32Array) => sample.reduce((sum, n) => sum + values[n]!, 0) / sample.length;
    const variance = values.reduce((sum, value) => sum + (value - 7.25) ** 2, 0) / 3;
    expect(valueIn(jackknife(7.25, leaveOneOut(4, mean)).se)).toBeCloseTo(Math.sqrt(variance / 4), 12);
  });

  it('of κ is the same from the table as from leaving out case after case', () => {
    const statistic = kappaStatistic(left, right, 3, 'linear');
    const kappa = statistic(observedSample(left.length))!;
    const own = kappaJackknife(contingencyTable(left, right, 3), 'linear');
    const other = jackknife(kappa, leaveOneOut(left.length, statistic));
    for (const part of ['se', 'ciLow'] as const) expect(valueIn(own[part])).toBeCloseTo(valueIn(other[part])!, 12);
    // The formula’s own end lies beyond what κ can be.
    expect(valueIn(other.ciHigh)).toBeGreaterThan(1);
    expect(valueIn(own.ciHigh)).toBe(1);
  });

  it('of κ stays within −1 and 1 on both sides', () => {
    const opposite = kappaJackknife(
      [
        [0, 2],
        [1, 1],
      ],
      'none',
    );
    expect(valueIn(opposite.ciLow)).toBe(-1);
    expect(valueIn(opposite.ciHigh)).toBeLessThanOrEqual(1);
  });

  it('says why it has no value', () => {
    expect(jackknife(1, [1, 2]).se).toEqual({ undefinedBecause: 'a jackknife needs at least 3 patients' });
    expect(jackknife(1, [1, 2, undefined]).se).toHaveProperty('undefinedBecause');
  });
});
