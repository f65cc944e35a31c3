import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  clusterSampleOf,
  jackknifeStandardError,
  quantile,
} from '../../../src/kernel/agreement/bootstrap.ts';
import { contingencyTable } from '../../../src/kernel/agreement/contingency.ts';
import { valueIn } from '../../../src/kernel/agreement/estimate.ts';
import { cohenKappa } from '../../../src/kernel/agreement/kappa.ts';
import { createRandom } from '../../../src/kernel/base/random.ts';

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('bootstrapInterval', () => {
  const random = createRandom('sample');
  const values = Array.from({ length: 200 }, () => random.normal());
  const meanOf = (sample: readonly number[]) => mean(sample.map((n) => values[n]!));

  it('finds the standard error of a mean', () => {
    const { low, high, standardError } = bootstrapInterval(values.length, meanOf, 4000, 1);
    const sd = Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
    const expected = sd / Math.sqrt(values.length);
    expect(valueIn(standardError)! / expected).toBeCloseTo(1, 1);
    expect((valueIn(high)! - valueIn(low)!) / (2 * 1.96 * expected)).toBeCloseTo(1, 1);
  });

  it('gives the same interval for the same seed, and another for another', () => {
    const interval = (seed: number) => bootstrapInterval(values.length, meanOf, 200, seed);
    expect(interval(5)).toEqual(interval(5));
    expect(interval(5)).not.toEqual(interval(6));
  });

  it('has no interval where most resamples have no value, and says so', () => {
    const { low } = bootstrapInterval(10, () => undefined, 200, 1);
    expect(low).toEqual({ undefinedBecause: 'only 0 of 200 bootstrap samples gave a value' });
  });
});

describe('quantile', () => {
  it('interpolates as R does by default', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([1, 2, 3, 4, 10], 0.5)).toBe(3);
  });
});

describe('other intervals of κ', () => {
  const left = [0, 1, 1, 2, 3, 0, 1, 2, 4, 0, 1, 1, 2, 0, 3, 1, 0, 2, 1, 1];
  const right = [0, 1, 2, 2, 3, 0, 1, 1, 4, 0, 0, 1, 2, 0, 2, 1, 1, 2, 1, 1];
  const kappaOf = (sample: readonly number[]) =>
    valueIn(
      cohenKappa(
        contingencyTable(
          sample.map((n) => left[n]!),
          sample.map((n) => right[n]!),
          5,
        ),
        'none',
      ).kappa,
    );

  it('by BCa hold the estimate, and are not those by percentiles for a skewed statistic', () => {
    const bca = bootstrapInterval(20, kappaOf, 2000, 3, 'bca');
    const percentile = bootstrapInterval(20, kappaOf, 2000, 3);
    const value = kappaOf(left.map((_, n) => n))!;
    expect(valueIn(bca.low)!).toBeLessThan(value);
    expect(valueIn(bca.high)!).toBeGreaterThan(value);
    expect(valueIn(bca.low)).not.toBe(valueIn(percentile.low));
  });

  it('by BCa are those of scipy for a mean', () => {
    // scipy.stats.bootstrap(([1, 2, 3, 4, 5, 6, 7, 8, 9, 30],), np.mean, n_resamples=200000, method='BCa', rng=default_rng(1))
    const expected = [4.4, 16.0] as const;
    const data = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30];
    const mean = (sample: readonly number[]) => sample.reduce((sum, n) => sum + data[n]!, 0) / sample.length;
    const { low, high } = bootstrapInterval(10, mean, 20_000, 1, 'bca');
    expect(Math.abs(valueIn(low)! - expected[0])).toBeLessThan(0.15);
    expect(Math.abs(valueIn(high)! - expected[1])).toBeLessThan(0.3);
  });

  it('by the jackknife have its standard error, which for a mean is the usual one', () => {
    const data = [3, 5, 8, 13, 2];
    const mean = (sample: readonly number[]) => sample.reduce((sum, n) => sum + data[n]!, 0) / sample.length;
    const centre = 31 / 5;
    const usual = Math.sqrt(data.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 4 / 5);
    expect(valueIn(jackknifeStandardError(5, mean))).toBeCloseTo(usual, 12);
  });

  it('draw whole patients where lobes belong together, and are wider than they would be without', () => {
    const clusters = Array.from({ length: 12 }, (_, patient) =>
      Array.from({ length: 5 }, (_, lobe) => patient * 5 + lobe),
    );
    const data = Array.from({ length: 60 }, (_, n) => Math.floor(n / 5) + (n % 5) / 10);
    const mean = (sample: readonly number[]) => sample.reduce((sum, n) => sum + data[n]!, 0) / sample.length;
    const width = ({ low, high }: ReturnType<typeof bootstrapInterval>) => valueIn(high)! - valueIn(low)!;
    const clustered = bootstrapInterval(60, mean, 1000, 1, 'percentile', clusterSampleOf(clusters));
    expect(width(clustered)).toBeGreaterThan(1.5 * width(bootstrapInterval(60, mean, 1000, 1)));
  });

  it('take any table of weights', () => {
    const table = contingencyTable(left, right, 5);
    const linear = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (__, j) => 1 - Math.abs(i - j) / 4));
    expect(cohenKappa(table, linear)).toEqual(cohenKappa(table, 'linear'));
  });
});
