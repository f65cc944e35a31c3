/** Adjusted p values against statsmodels and R. */
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, holm } from '../../../src/kernel/agreement/adjustedP.ts';
import { statistics, statisticsOfR } from './references.ts';

const rounded = (values: readonly (number | undefined)[]) => values.map((value) => value?.toFixed(9));

describe('adjusted p values', () => {
  it.each(statistics.adjusted.map((set, n) => [set.p.length, set, statisticsOfR.adjusted[n]!] as const))(
    'are statsmodels’ and R’s for %i tests',
    (_, set, ofR) => {
      expect(rounded(holm(set.p))).toEqual(rounded(set.holm));
      expect(rounded(holm(set.p))).toEqual(rounded(ofR.holm));
      expect(rounded(benjaminiHochberg(set.p))).toEqual(rounded(set.benjaminiHochberg));
      expect(rounded(benjaminiHochberg(set.p))).toEqual(rounded(ofR.benjaminiHochberg));
    },
  );

  it('do not count tests without a p', () => {
    expect(holm([0.01, undefined, 0.04])).toEqual([0.02, undefined, 0.04]);
    expect(benjaminiHochberg([undefined, 0.02, 0.03])).toEqual([undefined, 0.03, 0.03]);
    expect(holm([undefined])).toEqual([undefined]);
  });
});
