import { describe, expect, it } from 'vitest';
import { bootstrapInterval, quantile } from '../../../src/kernel/agreement/bootstrap.ts';
import { valueIn } from '../../../src/kernel/agreement/estimate.ts';
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
