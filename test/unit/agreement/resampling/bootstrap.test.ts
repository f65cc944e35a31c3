import { describe, expect, it } from 'vitest';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { bootstrapInterval } from '../../../../src/kernel/agreement/resampling/bootstrap.ts';
import { quantile } from '../../../../src/kernel/agreement/resampling/quantile.ts';
import type { Sample } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { createRandom } from '../../../../src/kernel/base/random.ts';

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('bootstrapInterval', () => {
  const random = createRandom('sample');
  const values = Array.from({ length: 200 }, () => random.normal());
  const meanOf = (sample: Sample) => mean(Array.from(sample, (n) => values[n]!));

  it('finds the standard error of a mean', () => {
    const { ciLow, ciHigh, se } = bootstrapInterval(values.length, meanOf, { repetitions: 4000, seed: 1 });
    const sd = Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
    const expected = sd / Math.sqrt(values.length);
    expect(valueIn(se)! / expected).toBeCloseTo(1, 1);
    expect((valueIn(ciHigh)! - valueIn(ciLow)!) / (2 * 1.96 * expected)).toBeCloseTo(1, 1);
  });

  it('gives the same interval for the same seed, and another for another', () => {
    const interval = (seed: number) => bootstrapInterval(values.length, meanOf, { repetitions: 200, seed });
    expect(interval(5)).toEqual(interval(5));
    expect(interval(5)).not.toEqual(interval(6));
  });

  it('has no interval where most resamples have no value, and says so', () => {
    const { ciLow } = bootstrapInterval(10, () => undefined, { repetitions: 200, seed: 1 });
    expect(ciLow).toEqual({ undefinedBecause: 'only 0 of 200 bootstrap samples gave a value' });
  });
});

describe('quantile', () => {
  it('interpolates as R does by default', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([1, 2, 3, 4, 10], 0.5)).toBe(3);
  });
});
