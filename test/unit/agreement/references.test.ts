/** Every coefficient against scipy, statsmodels and scikit-learn: test/reference/agreement.py made the values. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agreementIndices } from '../../../src/kernel/agreement/categories/agreementIndices.ts';
import { contingencyTable } from '../../../src/kernel/agreement/categories/contingency.ts';
import { cohenKappa } from '../../../src/kernel/agreement/categories/kappa.ts';
import { KAPPA_WEIGHTS, type KappaWeights } from '../../../src/kernel/agreement/categories/weights.ts';
import { spearman } from '../../../src/kernel/agreement/correlation/spearman.ts';
import { type Estimate, valueIn } from '../../../src/kernel/agreement/estimate.ts';

interface SpearmanReference {
  readonly rho: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface KappaReference {
  readonly kappa: number | null;
  readonly se: number | null;
  readonly p: number | null;
}

interface DataSet {
  readonly name: string;
  readonly left: number[];
  readonly right: number[];
  readonly percent?: number[];
  readonly spearman: SpearmanReference;
  readonly spearmanOfPercent?: SpearmanReference;
  readonly kappa: Readonly<Record<KappaWeights, KappaReference>> & {
    readonly percentAgreement: number;
    readonly kappaMax: number | null;
    readonly pabak: number;
    readonly ac1: number;
  };
}

const file = join(import.meta.dirname, '../../reference/agreement.json');
const dataSets = JSON.parse(readFileSync(file, 'utf8')) as DataSet[];

function expectEqual(estimate: Estimate, reference: number | null, what: string): void {
  const value = valueIn(estimate);
  if (reference === null) expect(value, what).toBeUndefined();
  else expect(value, what).toBeCloseTo(reference, 9);
}

function expectSpearman(x: readonly number[], y: readonly number[], reference: SpearmanReference): void {
  const own = spearman(x, y);
  expectEqual(own.coefficient, reference.rho, 'rho');
  expectEqual(own.ciLow, reference.low, 'low');
  expectEqual(own.ciHigh, reference.high, 'high');
  // For n of 8 and 9 the reference does not enumerate all orders; the exact p is tested on its own.
  if (reference.p !== null && Math.abs(reference.rho ?? 0) < 1) expectEqual(own.p, reference.p, 'p');
}

describe.each(dataSets.map((set) => [set.name, set] as const))('%s', (_, set) => {
  it('has the reference’s rank correlations', () => {
    expectSpearman(set.left, set.right, set.spearman);
    if (set.percent && set.spearmanOfPercent) expectSpearman(set.percent, set.right, set.spearmanOfPercent);
  });

  it.each(KAPPA_WEIGHTS)('has the reference’s κ with weights %s', (weights) => {
    const own = cohenKappa(contingencyTable(set.left, set.right, 5), weights);
    const reference = set.kappa[weights];
    expectEqual(own.kappa, reference.kappa, 'kappa');
    if (reference.kappa === null) return;
    // Where κ cannot vary the reference's variance is rounding error around 0, at times below it.
    expect(valueIn(own.se)).toBeCloseTo(reference.se ?? 0, (reference.se ?? 0) < 1e-6 ? 6 : 9);
    // Where one side is constant the variance under chance is 0, and the reference's p is its rounding error.
    const constant = new Set(set.left).size === 1 || new Set(set.right).size === 1;
    if (constant) expect(own.p).toHaveProperty('undefinedBecause');
    else expectEqual(own.p, reference.p, 'p');
  });

  it('has the reference’s indices', () => {
    const own = agreementIndices(contingencyTable(set.left, set.right, 5));
    expectEqual(own.percentAgreement, set.kappa.percentAgreement, 'percent agreement');
    expectEqual(own.kappaMax, set.kappa.kappaMax, 'kappa max');
    expectEqual(own.pabak, set.kappa.pabak, 'pabak');
    expectEqual(own.ac1, set.kappa.ac1, 'ac1');
  });
});

describe('the exact p of ρ', () => {
  it('is the share of all orders, ties kept', () => {
    // 24 orders of four ranks; |ρ| = 1 for two of them, and |ρ| ≥ 0.8 for 8.
    expect(valueIn(spearman([1, 2, 3, 4], [1, 2, 3, 4]).p)).toBeCloseTo(2 / 24, 12);
    expect(valueIn(spearman([1, 2, 3, 4], [1, 2, 4, 3]).p)).toBeCloseTo(8 / 24, 12);
    expect(valueIn(spearman([0, 0, 1], [0, 1, 1]).p)).toBeCloseTo(1, 12);
  });
});

describe('weighted κ', () => {
  it('uses the full scale, not the grades that happen to occur', () => {
    // Grade 2 is unused here: on the four observed grades κ would be another (a trap that other tools fell into).
    const left = [0, 0, 1, 1, 3, 3, 4, 4, 1, 3];
    const right = [0, 1, 1, 1, 3, 4, 4, 4, 3, 3];
    // By scikit-learn with the labels 0 to 4; with 0, 1, 3 and 4 alone it gives .7368 and .8571.
    const table = contingencyTable(left, right, 5);
    expect(valueIn(cohenKappa(table, 'linear').kappa)).toBeCloseTo(0.7560975609756098, 12);
    expect(valueIn(cohenKappa(table, 'quadratic').kappa)).toBeCloseTo(0.8636363636363636, 12);
  });
});
