/** BCa intervals against scipy, from the distributions that it drew. */
import { describe, expect, it } from 'vitest';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import {
  bootstrapInterval,
  intervalOfResamples,
  observedOf,
} from '../../../../src/kernel/agreement/resampling/bootstrap.ts';
import type { Statistic } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { expectCloseInterval, statistics } from '../references.ts';

const meanOf =
  (values: readonly number[]): Statistic =>
  (sample) =>
    sample.reduce((sum, n) => sum + values[n]!, 0) / sample.length;

describe('the BCa interval', () => {
  it.each(statistics.biasCorrected.map((set) => [set.values.length, set] as const))(
    'is scipy’s for %i values',
    (n, set) => {
      const plan = { repetitions: set.resamples.length, seed: 1, method: 'bca' } as const;
      const own = intervalOfResamples(set.resamples, observedOf(n, meanOf(set.values)), plan);
      expectCloseInterval(own, [set.low, set.high], 'BCa');
    },
  );

  it('leans towards the long tail, where the percentile interval does not', () => {
    const { values } = statistics.biasCorrected[2]!;
    const plan = { repetitions: 2000, seed: 3 };
    const percentile = bootstrapInterval(values.length, meanOf(values), plan);
    const corrected = bootstrapInterval(values.length, meanOf(values), { ...plan, method: 'bca' });
    expect(valueIn(corrected.ciHigh)).toBeGreaterThan(valueIn(percentile.ciHigh)!);
    expect(corrected.se).toEqual(percentile.se);
  });

  it('says why there is none', () => {
    const plan = { repetitions: 50, seed: 1, method: 'bca' } as const;
    expect(bootstrapInterval(5, () => 1, plan).ciLow).toEqual({
      undefinedBecause: 'no patient changes the statistic when left out',
    });
    const onlyWhole: Statistic = (sample) => (sample.length === 5 ? sample[0]! : undefined);
    expect(bootstrapInterval(5, onlyWhole, plan).ciLow).toHaveProperty('undefinedBecause');
  });
});
