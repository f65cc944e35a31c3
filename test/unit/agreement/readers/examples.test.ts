/** Several readers as papers print them, and which patients are left out. */
import { describe, expect, it } from 'vitest';
import type { NamedWeights } from '../../../../src/kernel/agreement/categories/weights.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { type FleissKappa, fleissKappa } from '../../../../src/kernel/agreement/readers/fleiss.ts';
import {
  krippendorffAlpha,
  krippendorffInterval,
  MEASUREMENT_LEVELS,
} from '../../../../src/kernel/agreement/readers/krippendorff.ts';
import { pairwiseKappa } from '../../../../src/kernel/agreement/readers/pairwiseKappa.ts';
import { readerStatistics } from '../../../../src/kernel/agreement/readers/readerStatistics.ts';
import { examples, expectClose, expectCloseInterval } from '../references.ts';

function expectFleiss(own: FleissKappa, reference: readonly number[], what: string): void {
  const [kappa, low, high, p] = reference;
  // The reference's derivatives are by differences.
  expectClose(own.kappa, kappa, what, 1e-8);
  expectCloseInterval(own, [low, high], what, 1e-8);
  expect(valueIn(own.p)! / p!, `${what}, p`).toBeCloseTo(1, 6);
}

describe('fourteen readers of ten patients', () => {
  const { counts, overall, byCategory, weak } = examples.fourteenReaders;

  it('have the Fleiss’ κ that is printed, .210', () => {
    const own = fleissKappa(counts);
    expect([own.patients, own.readers, valueIn(own.overall.kappa)!.toFixed(3)]).toEqual([10, 14, '0.210']);
  });

  it('have its interval and p, overall and by category', () => {
    const own = fleissKappa(counts);
    expectFleiss(own.overall, overall, 'overall');
    for (const [category, kappa] of own.byCategory.entries())
      expectFleiss(kappa, byCategory[category]!, `category ${category}`);
    expectFleiss(fleissKappa(weak.counts).overall, weak.overall, 'a κ below 0');
  });

  it('have no κ where numbers of readers differ, or there are too few', () => {
    const reasonOf = (rows: number[][]) => fleissKappa(rows).overall.kappa;
    expect(reasonOf([[2, 1]])).toEqual({ undefinedBecause: 'κ of several readers needs at least 2 patients' });
    expect(
      reasonOf([
        [1, 0],
        [0, 1],
      ]),
    ).toEqual({ undefinedBecause: 'κ of several readers needs at least 2 readers' });
    expect(
      reasonOf([
        [2, 1],
        [2, 0],
      ]),
    ).toHaveProperty('undefinedBecause', expect.stringContaining('the same number of readers'));
    expect(
      fleissKappa([
        [2, 0],
        [0, 2],
      ]).overall.kappa,
    ).toEqual({ value: 1 });
    expect(fleissKappa([[2, 1]]).byCategory).toHaveLength(2);
    expect(fleissKappa([])).toMatchObject({ patients: 0, readers: 0, byCategory: [] });
  });
});

describe('four observers of twelve units (Krippendorff)', () => {
  const readers = ['123321412...', '1233224125.3', '.3332342251.', '12332441251.'];
  const units = Array.from({ length: 12 }, (_, unit) =>
    readers.map((row) => (row[unit] === '.' ? undefined : Number(row[unit]))),
  );

  it('have the α that are printed: .743, .815, .849 and .797', () => {
    const printed = MEASUREMENT_LEVELS.map((level) => valueIn(krippendorffAlpha(units, level).alpha)!.toFixed(3));
    expect(printed).toEqual(['0.743', '0.815', '0.849', '0.797']);
  });

  it('leave out the unit that one observer saw alone', () => {
    expect(krippendorffAlpha(units, 'nominal')).toMatchObject({ patients: 11, readings: 40, missing: 1 });
    // A reading that is not finite is none.
    const others = units.map((row) => row.map((value) => value ?? Number.NaN));
    expect(krippendorffAlpha(others, 'ordinal')).toEqual(krippendorffAlpha(units, 'ordinal'));
  });

  it.each(['nominal', 'ordinal', 'interval'] as const)('have an interval around α at the %s level', (level) => {
    const alpha = valueIn(krippendorffAlpha(units, level).alpha)!;
    const { ciLow, ciHigh, se } = krippendorffInterval(units, level, { repetitions: 500, seed: 1 });
    expect(valueIn(ciLow)!).toBeLessThan(alpha);
    expect(valueIn(ciHigh)!).toBeGreaterThan(alpha);
    expect((valueIn(ciHigh)! - valueIn(ciLow)!) / valueIn(se)!).toBeGreaterThan(3);
  });

  it('have no α where no two readings can be paired, or a ratio would be of negative values', () => {
    expect(krippendorffAlpha([[1, undefined]], 'nominal').alpha).toEqual({
      undefinedBecause: 'no patient has two readings',
    });
    expect(
      krippendorffAlpha(
        [
          [-1, 2],
          [1, 1],
        ],
        'ratio',
      ).alpha,
    ).toEqual({
      undefinedBecause: 'the ratio level needs values of 0 or more',
    });
    expect(
      krippendorffAlpha(
        [
          [0, 2],
          [1, 1],
        ],
        'ratio',
      ).alpha,
    ).toHaveProperty('value');
  });
});

describe('pairs of readers', () => {
  const readings = [
    [0, 0, 1],
    [1, 1, undefined],
    [1, 0, 1],
    [0, undefined, 0],
  ];

  it('are all pairs once, each of the patients whom both have read', () => {
    const { pairs, mean } = pairwiseKappa(readings, 2, 'none');
    expect(pairs.map(({ left, right, n, missing }) => [left, right, n, missing])).toEqual([
      [0, 1, 3, 1],
      [0, 2, 3, 1],
      [1, 2, 2, 2],
    ]);
    expect(pairs[0]!.table).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(pairwiseKappa([[0, 1]], 2, 'none').pairs).toMatchObject([{ n: 1, missing: 0 }]);
    // κ is .4 twice: 2 of 3 agree, 4 of 9 by chance; the third pair never agrees, and is not expected to.
    expectClose(mean, (0.4 + 0.4 + 0) / 3, 'mean');
  });

  it('have no mean where one has no κ, or there are none', () => {
    expect(
      pairwiseKappa(
        [
          [0, 0, 1],
          [0, 0, 1],
        ],
        2,
        'none',
      ).mean,
    ).toHaveProperty('undefinedBecause');
    expect(pairwiseKappa([[1], [0]], 2, 'none').mean).toEqual({
      undefinedBecause: 'there are fewer than two readers',
    });
  });

  it('are named in the statistics of a class, with the weights of κ', () => {
    const named = (weights: NamedWeights) =>
      readerStatistics(
        {
          names: ['Ada', 'Ben', 'Cleo'],
          ofValues: readings,
          ofCategories: readings,
          unit: 'category',
          categories: 2,
        },
        weights,
        { repetitions: 10, seed: 1 },
      ).map(({ name }) => name);
    expect(named({ name: 'none', weights: 'none' })).toContain('Cohen’s κ, unweighted, Ada and Cleo');
    expect(named({ name: 'linear', weights: 'linear' }).at(-1)).toBe('mean pairwise κ, linear');
  });
});
