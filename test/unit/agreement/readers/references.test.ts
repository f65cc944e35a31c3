/** Several readers against krippendorff, statsmodels and scikit-learn, on 65 sets of readings. */
import { describe, expect, it } from 'vitest';
import { completeCases } from '../../../../src/kernel/agreement/completeCases.ts';
import { categoryCounts, type FleissKappa, fleissKappa } from '../../../../src/kernel/agreement/readers/fleiss.ts';
import {
  alphaStatistic,
  krippendorffAlpha,
  MEASUREMENT_LEVELS,
} from '../../../../src/kernel/agreement/readers/krippendorff.ts';
import { pairwiseKappa } from '../../../../src/kernel/agreement/readers/pairwiseKappa.ts';
import { observedSample } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { draws, expectClose, type ReadersReference, statistics } from '../references.ts';

function readingsOf({ ratings }: ReadersReference): (number | undefined)[][] {
  if (ratings) return ratings.map((row) => [...row].map((digit) => (digit === '.' ? undefined : Number(digit))));
  const [step, base] = [draws(5), draws(6)];
  return Array.from({ length: 10000 }, () => {
    const category = base() % 4;
    return Array.from({ length: 4 }, () => Math.min(4, category + (step() % 5 === 0 ? 1 : 0)));
  });
}

function expectFleiss(own: FleissKappa, reference: readonly number[] | null | undefined, what: string): void {
  expectClose(own.kappa, reference?.[0], what);
  const se = reference?.[1];
  expectClose(own.se, se, `${what}, standard error`, se !== undefined && se < 1e-6 ? 1e-6 : 1e-9);
  expectClose(own.seNull, reference?.[2], `${what}, standard error under κ = 0`);
}

describe.each(statistics.readers.map((set) => [set.name, set] as const))('%s', (_, set) => {
  const readings = readingsOf(set);

  it.each(MEASUREMENT_LEVELS)('has the reference’s α at the %s level', (level) => {
    expectClose(krippendorffAlpha(readings, level).alpha, set.alpha[level], 'α');
    const units = readings.map((row) => row.filter((reading) => reading !== undefined)).filter((row) => row.length > 1);
    const resampled = alphaStatistic(units, level)(observedSample(units.length));
    if (resampled !== undefined) expectClose({ value: resampled }, set.alpha[level], 'α of resampled patients');
    else expect(set.alpha[level]).toBeNull();
  });

  it('has the reference’s κ of the complete cases', () => {
    const { rows, missing } = completeCases(readings);
    expect({ complete: rows.length, missing }).toEqual({
      complete: set.complete,
      missing: readings.length - set.complete,
    });
    if (rows.length < 2) {
      expect([set.fleiss ?? null, set.light ?? null]).toEqual([null, null]);
      return;
    }
    const own = fleissKappa(categoryCounts(rows, set.categories));
    expectFleiss(own.overall, set.fleiss, 'overall');
    expect(own.byCategory).toHaveLength(set.categories);
    for (const [category, kappa] of own.byCategory.entries())
      expectFleiss(kappa, set.byCategory?.[category], `category ${category}`);
    expectClose(pairwiseKappa(rows, set.categories, 'linear').mean, set.light, 'Light’s κ');
  });
});
