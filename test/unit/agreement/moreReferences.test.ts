/** Correlations, limits, intraclass correlations and tests against scipy, statsmodels, pingouin and krippendorff (test/reference/moreAgreement.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, holm } from '../../../src/kernel/agreement/adjustP.ts';
import { agreementIndices } from '../../../src/kernel/agreement/agreementIndices.ts';
import { blandAltman } from '../../../src/kernel/agreement/blandAltman.ts';
import { compareAgreements } from '../../../src/kernel/agreement/compareAgreements.ts';
import { concordance } from '../../../src/kernel/agreement/concordance.ts';
import { type Estimate, valueIn } from '../../../src/kernel/agreement/estimate.ts';
import { gwetAc2 } from '../../../src/kernel/agreement/gwetAc2.ts';
import { ICC_FORMS, intraclassCorrelations } from '../../../src/kernel/agreement/icc.ts';
import type { Interval } from '../../../src/kernel/agreement/interval.ts';
import { kappaCurve } from '../../../src/kernel/agreement/kappaCurve.ts';
import { kendallTauB } from '../../../src/kernel/agreement/kendall.ts';
import { bowker, stuartMaxwell } from '../../../src/kernel/agreement/marginalHomogeneity.ts';
import { noncentralTCdf, noncentralTQuantile } from '../../../src/kernel/agreement/noncentralT.ts';
import { pearson } from '../../../src/kernel/agreement/pearson.ts';
import { inconsistencies, kappaRangeOfMargins } from '../../../src/kernel/agreement/publishedTable.ts';
import { ALPHA_LEVELS, fleissKappa, krippendorffAlpha } from '../../../src/kernel/agreement/severalReaders.ts';
import { spearmanRho } from '../../../src/kernel/agreement/spearman.ts';
import { specificAgreement, withinOneCategory } from '../../../src/kernel/agreement/specificAgreement.ts';

type Nullable = number | null;
interface References {
  readonly continuous: readonly {
    x: number[];
    y: number[];
    pearson: Nullable[];
    kendall: Nullable[];
    ccc: number;
    bias: number[];
    upper: number[];
    within: number[];
    icc: Nullable[][];
    iccCi: Nullable[][];
  }[];
  readonly square: readonly { table: number[][]; bowker: Nullable[]; stuartMaxwell: Nullable[] }[];
  readonly several: readonly {
    scores: number[][];
    missing: Nullable[][];
    fleiss: number;
    alpha: Record<string, number>;
  }[];
  readonly adjusted: readonly { p: number[]; holm: number[]; bh: number[] }[];
  readonly noncentralT: readonly [t: number, df: number, delta: number, cdf: number][];
}

const references = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/moreAgreement.json'), 'utf8'),
) as References;
const numbers = ({ value, ciLow, ciHigh }: Interval) => [value, ciLow, ciHigh].map(valueIn);
/** To 1e-9 of the size of the number; null is undefined. */
function expectClose(found: readonly (number | undefined)[], expected: readonly Nullable[], tolerance = 1e-9): void {
  for (const [n, value] of expected.entries()) {
    if (value === null) continue;
    expect(found[n], `number ${n}`).toBeDefined();
    expect(Math.abs(found[n]! - value), `number ${n}: ${found[n]} and ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(value)),
    );
  }
}

describe.each(references.continuous.map((r, n) => [n, r] as const))('pairs %i', (_, r) => {
  it('have Pearson’s r, Kendall’s τ-b and Lin’s concordance', () => {
    const found = pearson(r.x, r.y);
    expectClose([valueIn(found.value), valueIn(found.p), valueIn(found.ciLow), valueIn(found.ciHigh)], r.pearson, 1e-7);
    const { tau, p } = kendallTauB(r.x, r.y);
    expectClose([valueIn(tau), valueIn(p)], r.kendall);
    expectClose([valueIn(concordance(r.x, r.y).value)], [r.ccc]);
  });

  it('have Bland and Altman’s limits with exact intervals, and repeatability', () => {
    const found = blandAltman(r.x, r.y);
    expectClose(numbers(found.bias), r.bias);
    expectClose(numbers(found.upperLimit), r.upper, 1e-7);
    expectClose(numbers(found.withinSubjectSd), r.within);
    const [low, high] = [found.lowerLimit, found.upperLimit].map(numbers);
    expect(low![0]! + high![0]!).toBeCloseTo(2 * r.bias[0]!, 9);
  });

  it('have the six intraclass correlations', () => {
    const found = intraclassCorrelations(r.x.map((value, n) => [value, r.y[n]!]));
    for (const [n, form] of ICC_FORMS.entries()) {
      expectClose([valueIn(found[form].value), valueIn(found[form].p)], r.icc[n]!, 1e-7);
      // pingouin rounds its intervals to two decimals.
      const [low, high] = r.iccCi[n]!;
      if (low !== null && high !== null)
        expectClose([valueIn(found[form].ciLow), valueIn(found[form].ciHigh)], [low!, high!], 0.0051);
    }
  });
});

it('intraclass correlations are the published ones of Shrout and Fleiss (1979)', () => {
  const ratings = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];
  const found = intraclassCorrelations(ratings);
  expect(ICC_FORMS.map((form) => valueIn(found[form].value)!.toFixed(2))).toEqual([
    '0.17',
    '0.29',
    '0.71',
    '0.44',
    '0.62',
    '0.91',
  ]);
});

describe.each(references.square.map((r, n) => [n, r] as const))('table %i', (_, r) => {
  it('has Bowker’s and Stuart and Maxwell’s tests', () => {
    const [symmetry, margins] = [bowker(r.table), stuartMaxwell(r.table)];
    if (r.bowker[2] === symmetry.degreesOfFreedom)
      expectClose([valueIn(symmetry.statistic), valueIn(symmetry.p)], r.bowker.slice(0, 2));
    if (r.stuartMaxwell[2] === margins.degreesOfFreedom)
      expectClose([valueIn(margins.statistic), valueIn(margins.p)], r.stuartMaxwell.slice(0, 2), 1e-7);
  });

  it('has AC2 without weights equal to AC1, and agreement within a category between 0 and 100', () => {
    expect(valueIn(gwetAc2(r.table, 'none'))).toBeCloseTo(valueIn(agreementIndices(r.table).ac1)!, 12);
    const { percentAgreement } = agreementIndices(r.table);
    expect(valueIn(withinOneCategory(r.table))!).toBeGreaterThanOrEqual(valueIn(percentAgreement)!);
    for (const c of r.table.keys()) expect(valueIn(specificAgreement(r.table, c)) ?? 0).toBeLessThanOrEqual(100);
  });
});

describe.each(references.several.map((r, n) => [n, r] as const))('readers %i', (_, r) => {
  it('have Fleiss’ κ and Krippendorff’s α with missing scores', () => {
    expectClose([valueIn(fleissKappa(r.scores, 5).value)], [r.fleiss]);
    const missing = r.missing.map((scores) => scores.map((score) => score ?? undefined));
    for (const level of ALPHA_LEVELS) expectClose([valueIn(krippendorffAlpha(missing, level))], [r.alpha[level]!]);
  });
});

it.each(references.adjusted.map((r) => [r.p.length, r] as const))(
  '%i p-values are adjusted as by statsmodels',
  (_, r) => {
    expectClose(holm(r.p), r.holm);
    expectClose(benjaminiHochberg(r.p), r.bh);
    expect(holm([undefined, 0.5])).toEqual([undefined, 0.5]);
  },
);

describe('the noncentral t distribution', () => {
  it.each(references.noncentralT)('at %d with %i degrees of freedom and noncentrality %d', (t, df, delta, cdf) => {
    expect(noncentralTCdf(t, df, delta)).toBeCloseTo(cdf, 8);
    if (cdf > 1e-6 && cdf < 1 - 1e-6) expect(noncentralTQuantile(cdf, df, delta)).toBeCloseTo(t, 4);
  });
});

const kindOf = (estimate: Estimate) => ('value' in estimate ? 'value' : 'undefined');
const scores = (length: number) => fc.array(fc.integer({ min: 0, max: 4 }), { minLength: length, maxLength: length });

describe('agreement', () => {
  it('does not depend on the order of patients, nor on who is first where it should not', () => {
    fc.assert(
      fc.property(scores(12), scores(12), (x, y) => {
        const order = x.map((_, n) => (n * 5) % 12);
        const shuffled = (values: number[]) => order.map((n) => values[n]!);
        for (const of of [
          (a: number[], b: number[]) => pearson(a, b).value,
          (a: number[], b: number[]) => kendallTauB(a, b).tau,
          (a: number[], b: number[]) => concordance(a, b).value,
          (a: number[], b: number[]) => intraclassCorrelations(a.map((v, n) => [v, b[n]!]))['ICC(2,1)'].value,
          (a: number[], b: number[]) =>
            krippendorffAlpha(
              a.map((v, n) => [v, b[n]!]),
              'ordinal',
            ),
        ]) {
          const [plain, moved, swapped] = [of(x, y), of(shuffled(x), shuffled(y)), of(y, x)];
          expect([kindOf(moved), kindOf(swapped)]).toEqual([kindOf(plain), kindOf(plain)]);
          const value = valueIn(plain);
          if (value === undefined) continue;
          expect(value).not.toBeNaN();
          expect(valueIn(moved)).toBeCloseTo(value, 9);
          expect(valueIn(swapped)).toBeCloseTo(value, 9);
          expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('is undefined with a reason where it has no value', () => {
    const constant = [2, 2, 2, 2];
    for (const estimate of [
      pearson(constant, [1, 2, 3, 4]).value,
      kendallTauB(constant, [1, 2, 3, 4]).tau,
      concordance(constant, constant).value,
      krippendorffAlpha([[1, 1]], 'nominal'),
      fleissKappa(
        [
          [1, 1],
          [1, 1],
        ],
        5,
      ).value,
      blandAltman([1], [2]).bias.value,
      specificAgreement(
        [
          [0, 0],
          [0, 3],
        ],
        0,
      ),
    ])
      expect(estimate).toEqual({ undefinedBecause: expect.stringMatching(/\w/) });
  });
});

describe('the difference of two agreements', () => {
  const truth = Array.from({ length: 60 }, (_, n) => n);
  const close = truth.map((v) => v + ((v * 7) % 5));
  const far = truth.map((v) => v + ((v * 37) % 60));
  const take = (values: readonly number[], sample: readonly number[]) => sample.map((n) => values[n]!);
  const rho = (values: readonly number[]) => (sample: readonly number[]) =>
    spearmanRho(take(truth, sample), take(values, sample));

  it('is found where there is one, with an interval off 0', () => {
    const found = compareAgreements(60, rho(close), rho(far), 500, 1);
    expect(valueIn(found.value)!).toBeGreaterThan(0.2);
    expect(valueIn(found.low)!).toBeGreaterThan(0);
    expect(valueIn(found.p)!).toBeLessThan(0.01);
  });

  it('is 0 with p 1 of an agreement and itself', () => {
    const found = compareAgreements(60, rho(far), rho(far), 200, 1);
    expect([valueIn(found.value), valueIn(found.p)]).toEqual([0, 1]);
  });
});

describe('the κ curve', () => {
  it('moves one cut between its neighbours, and counts as a fresh table would', () => {
    const curve = kappaCurve(
      [0, 3, 20, 30, 60, 90],
      [0, 1, 1, 2, 3, 4],
      [1, 25, 50, 75],
      1,
      [1, 15, 25, 40, 50],
      'linear',
    );
    expect(curve.map(({ cut, percentAgreement }) => [cut, Math.round(percentAgreement)])).toEqual([
      [15, 83],
      [25, 100],
      [40, 83],
    ]);
    expect(curve[1]).toMatchObject({ kappa: expect.closeTo(1, 9), weighted: expect.closeTo(1, 9) });
  });
});

describe('a published table', () => {
  it('allows a κ from least to most, between which every table with its margins lies', () => {
    fc.assert(
      fc.property(fc.array(scores(3), { minLength: 3, maxLength: 3 }), (table) => {
        const rows = table.map((row) => row.reduce((a, b) => a + b, 0));
        const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
        const range = kappaRangeOfMargins(rows, columns);
        const n = rows.reduce((a, b) => a + b, 0);
        if (!range || n === 0) return;
        const observed = table.reduce((sum, row, i) => sum + row[i]!, 0) / n;
        const chance = rows.reduce((sum, row, i) => sum + (row / n) * (columns[i]! / n), 0);
        const kappa = (observed - chance) / (1 - chance);
        expect(kappa).toBeGreaterThanOrEqual(range.least - 1e-9);
        expect(kappa).toBeLessThanOrEqual(range.most + 1e-9);
      }),
    );
  });

  it('of the study does not add up where it does not', () => {
    const row = (counts: number[], percents: (number | undefined)[] = []) =>
      inconsistencies({ counts, percents, n: 107, decimals: 1 });
    expect(row([70, 28, 0, 0, 0], [73.8])).toEqual([
      'the counts add up to 98, not to 107',
      '70 of 107 is 65.4 %, and 73.8 % is printed, which would be 79',
    ]);
    expect(row([0, 1, 8, 21, 78])).toEqual(['the counts add up to 108, not to 107']);
    expect(row([102, 4, 2, 0, 0])).toEqual(['the counts add up to 108, not to 107']);
    expect(row([44, 62, 1, 0, 0])).toEqual([]);
  });
});
