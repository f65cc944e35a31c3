/** What is made of resamples: quantiles, standard errors, p, and when there is no interval. */
import { describe, expect, it } from 'vitest';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { bcaLevels } from '../../../../src/kernel/agreement/resampling/bca.ts';
import {
  bootstrapInterval,
  intervalOfResamples,
  observedOf,
} from '../../../../src/kernel/agreement/resampling/bootstrap.ts';
import { twoSidedP } from '../../../../src/kernel/agreement/resampling/compare.ts';
import { jackknife, leaveOneOut } from '../../../../src/kernel/agreement/resampling/jackknife.ts';
import { quantile } from '../../../../src/kernel/agreement/resampling/quantile.ts';
import type { Statistic } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { examples, expectClose, expectCloseInterval } from '../references.ts';

const { values, resamples, ...by } = examples.resampling;
const meanOf: Statistic = (sample) => sample.reduce((sum, n) => sum + values[n]!, 0) / sample.length;
const ofResamples = (drawn: readonly number[], plan: { repetitions: number; confidence?: number }, units = 3) =>
  intervalOfResamples(
    drawn,
    observedOf(units, () => undefined),
    { seed: 1, ...plan },
  );

describe('the percentile interval', () => {
  it('ends at numpy’s quantiles of the resamples, with their standard deviation', () => {
    const own = ofResamples(resamples, { repetitions: resamples.length });
    expectCloseInterval(own, by.percentile, '95 %');
    expectClose(own.se, by.se[0], 'standard error');
    const narrow = ofResamples(resamples, { repetitions: resamples.length, confidence: 0.8 });
    expectCloseInterval(narrow, by.percentile80, '80 %');
  });

  it('needs half of the resamples, two of them and three patients', () => {
    expect(ofResamples([1, 2], { repetitions: 4 })).toMatchObject({ ciLow: { value: 1.025 }, withoutValue: 2 });
    expect(ofResamples([1, 2], { repetitions: 5 }).ciLow).toEqual({
      undefinedBecause: 'only 2 of 5 bootstrap samples gave a value',
    });
    expect(ofResamples([1], { repetitions: 1 }).se).toEqual({
      undefinedBecause: 'only 1 of 1 bootstrap samples gave a value',
    });
    expect(ofResamples([1, 2], { repetitions: 2 }, 2).ciLow).toEqual({
      undefinedBecause: 'a bootstrap needs at least 3 patients to draw from, and there are 2',
    });
  });

  it('takes the quantiles between values, and the ends as they are', () => {
    expect([0, 0.5, 0.9, 1].map((share) => quantile([1, 2, 4], share))).toEqual([1, 2, 3.6, 4]);
    expect(quantile([7], 0.975)).toBe(7);
  });
});

describe('the jackknife', () => {
  it('of a mean has the mean’s t interval', () => {
    const own = jackknife(meanOf(Int32Array.from(values.keys()))!, leaveOneOut(values.length, meanOf));
    const [se, low, high] = by.jackknife;
    expectClose(own.se, se, 'standard error');
    expectCloseInterval(own, [low, high], 'mean');
  });

  it('counts a value as often as there are units that give it', () => {
    const one = jackknife(2, [1, 1, 3]);
    expect(jackknife(2, [1, 3], [2, 1])).toEqual(one);
    // The mean is 5/3, the squares add up to 8/3, and (n − 1)/n is 2/3.
    expectClose(one.se, Math.sqrt(16 / 9), 'standard error');
  });
});

describe('BCa', () => {
  it('is the percentile interval where nothing is biased or skewed', () => {
    const shares = bcaLevels(Float64Array.of(1, 2, 3, 4), 2.5, [2, 3], 0.95);
    if ('undefinedBecause' in shares) throw new Error(shares.undefinedBecause);
    expect([shares.low, shares.high]).toEqual([expect.closeTo(0.025, 12), expect.closeTo(0.975, 12)]);
  });

  it('counts half of the resamples that equal the estimate', () => {
    expect(bcaLevels(Float64Array.of(1, 2, 2, 3), 2, [2, 3], 0.95)).toEqual(
      bcaLevels(Float64Array.of(1, 2, 3, 4), 2.5, [2, 3], 0.95),
    );
  });

  it('has no interval where resamples lie on one side, or one left out leaves nothing', () => {
    const oneSide = { undefinedBecause: expect.stringContaining('one side of the estimate') };
    expect(bcaLevels(Float64Array.of(1, 2), 0, [1, 2], 0.95)).toEqual(oneSide);
    expect(bcaLevels(Float64Array.of(1, 2), 3, [1, 2], 0.95)).toEqual(oneSide);
    expect(bcaLevels(Float64Array.of(1, 3), 2, [1, undefined], 0.95)).toEqual({
      undefinedBecause: expect.stringContaining('once a certain patient is left out'),
    });
    // There is an estimate of each sample drawn, and none of the patients as they are.
    const repeatsOnly: Statistic = (sample) => (new Set(sample).size < sample.length ? sample[0] : undefined);
    expect(bootstrapInterval(5, repeatsOnly, { repetitions: 50, seed: 1, method: 'bca' }).ciLow).toEqual({
      undefinedBecause: 'the statistic has no value for these data',
    });
  });

  it('keeps the standard error where only the interval has no value', () => {
    const own = intervalOfResamples(
      [1, 2, 3],
      observedOf(3, () => 9),
      { repetitions: 3, seed: 1, method: 'bca' },
    );
    expect([own.se, valueIn(own.ciLow)]).toEqual([{ value: 1 }, undefined]);
  });
});

describe('two-sided p of resamples', () => {
  it.each([
    // One of nine is not above 0: twice (1 + 1)/10.
    [[-1, 1, 2, 3, 4, 5, 6, 7, 8], undefined, 0.4],
    [[1, -1, -2, -3, -4, -5, -6, -7, -8], undefined, 0.4],
    [[1, 2, 3], undefined, 0.5],
    // Those that equal the value count on both sides.
    [[0, 0, 1], undefined, 1],
    // A ratio is tested against 1: one of four is not above it.
    [[0.5, 2, 3, 4], 1, 0.8],
  ])('of %j against %s is %s', (drawn, against, p) => {
    expect(twoSidedP(drawn, against)).toBeCloseTo(p, 12);
  });
});
