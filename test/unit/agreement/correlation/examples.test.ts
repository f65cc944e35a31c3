/** Correlations of a printed example, and when there is none or no interval. */
import { describe, expect, it } from 'vitest';
import { kendall } from '../../../../src/kernel/agreement/correlation/kendall.ts';
import { pearson } from '../../../../src/kernel/agreement/correlation/pearson.ts';
import { ranks } from '../../../../src/kernel/agreement/correlation/ranks.ts';
import { spearman, spearmanRho, spearmanStatistic } from '../../../../src/kernel/agreement/correlation/spearman.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';

describe('lightness and quality of tuna (Hollander & Wolfe 1973, in R’s manual of cor.test)', () => {
  const lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
  const quality = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
  const printed = ({ coefficient, p }: ReturnType<typeof pearson>) =>
    [coefficient, p].map((estimate) => valueIn(estimate)!.toFixed(4));

  it('have R’s coefficients and p', () => {
    expect(printed(pearson(lightness, quality))).toEqual(['0.5712', '0.1082']);
    expect(printed(spearman(lightness, quality))).toEqual(['0.6000', '0.0968']);
    expect(printed(kendall(lightness, quality))).toEqual(['0.4444', '0.1194']);
  });

  it('have R’s interval of r', () => {
    const { ciLow, ciHigh } = pearson(lightness, quality);
    expect([valueIn(ciLow)!.toFixed(4), valueIn(ciHigh)!.toFixed(4)]).toEqual(['-0.1497', '0.8956']);
  });

  it('have the same ρ by itself', () => {
    expect(spearmanRho(lightness, quality)).toBeCloseTo(0.6, 12);
    expect(spearmanStatistic(lightness, quality)(Int32Array.from(lightness.keys()))).toBeCloseTo(0.6, 12);
  });
});

describe('a line', () => {
  it('has an r of 1, which rounding would make more', () => {
    expect(pearson([0.8, 0.5, 3.7], [2.4, 1.5, 11.1])).toMatchObject({ coefficient: { value: 1 }, p: { value: 0 } });
    expect(pearson([0.8, 0.5, 3.7], [-2.4, -1.5, -11.1]).coefficient).toEqual({ value: -1 });
  });
});

describe('ranks', () => {
  it('of ties are the mean of their places', () => {
    expect(ranks([7, 5, 7, 1, 7])).toEqual([4, 2, 4, 1, 4]);
  });
});

describe('too few or too equal values', () => {
  it.each([
    [[], 'a correlation needs at least 3 pairs, and there are 0'],
    [[1], 'a correlation needs at least 3 pairs, and there is 1'],
    [[1, 2], 'a correlation needs at least 3 pairs, and there are 2'],
    [[2, 2, 2], 'all values of one side are the same'],
  ])('%j have no correlation, and say why', (values, reason) => {
    const other = values.map((_, n) => n);
    for (const correlate of [pearson, spearman, kendall]) {
      expect(correlate(values, other).coefficient).toEqual({ undefinedBecause: reason });
      expect(correlate(other, values).p).toEqual({ undefinedBecause: reason });
    }
    expect(spearmanRho(values, other)).toBeUndefined();
    expect(spearmanRho(other, values)).toBeUndefined();
    expect(spearmanStatistic(values, other)(Int32Array.from(values.keys()))).toBeUndefined();
    expect(spearmanStatistic(other, values)(Int32Array.from(values.keys()))).toBeUndefined();
  });

  it('have no interval below 4 pairs, of τ below 5, and at ±1', () => {
    const [x, y] = [
      [1, 2, 3, 4, 5, 6],
      [2, 1, 4, 3, 6, 5],
    ];
    const lows = (n: number) =>
      [pearson, spearman, kendall].map((f) => valueIn(f(x!.slice(0, n), y!.slice(0, n)).ciLow));
    expect(lows(3)).toEqual([undefined, undefined, undefined]);
    expect(lows(4)).toEqual([expect.any(Number), expect.any(Number), undefined]);
    expect(lows(5)).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    for (const correlate of [pearson, spearman, kendall])
      expect(correlate(x!, x!).ciHigh).toEqual({
        undefinedBecause: 'the correlation is exactly ±1, where Fisher’s z has no interval',
      });
  });
});
