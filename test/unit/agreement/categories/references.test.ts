/** Two readers' categories against scipy, statsmodels and R's vcd, on 98 tables. */
import { describe, expect, it } from 'vitest';
import { categoryAgreement } from '../../../../src/kernel/agreement/categories/categoryAgreement.ts';
import { gwetAgreement } from '../../../../src/kernel/agreement/categories/gwet.ts';
import { cohenKappa, kappaJackknife } from '../../../../src/kernel/agreement/categories/kappa.ts';
import { bowker, stuartMaxwell } from '../../../../src/kernel/agreement/categories/marginalHomogeneity.ts';
import { pabak, percentAgreement } from '../../../../src/kernel/agreement/categories/observedAgreement.ts';
import { KAPPA_WEIGHTS, type Weights } from '../../../../src/kernel/agreement/categories/weights.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { kappaRange, kappaStandardErrorRange } from '../../../../src/kernel/agreement/published/kappaFromMargins.ts';
import { expectClose, expectCloseInterval, statistics, statisticsOfR } from '../references.ts';

/** The 97.5 % quantile of the normal distribution, by R. */
const NORMAL_975 = 1.959963984540054;

/** Neighbouring categories count a little, the lower side less. */
const ownWeights = (k: number): Weights =>
  Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (_, j) => (i === j ? 1 : Math.abs(i - j) === 1 ? (i > j ? 0.5 : 0.4) : 0)),
  );

describe.each(statistics.tables.map((set) => [set.name, set] as const))('%s', (_, set) => {
  const { table } = set;

  it.each([...KAPPA_WEIGHTS, 'own'] as const)('has the reference’s κ and standard errors with weights %s', (name) => {
    const reference = set.kappa[name];
    const weights = name === 'own' ? ownWeights(table.length) : name;
    const own = cohenKappa(table, weights);
    if (!reference) {
      expect(own.kappa).toHaveProperty('undefinedBecause');
      return;
    }
    expectClose(own.kappa, reference.kappa, 'κ');
    // A variance of 0 comes out of both as rounding around 0, whose root is some 1e-7.
    expectClose(own.se, reference.se, 'standard error', reference.se < 1e-6 ? 1e-5 : 1e-9);
    if (reference.seNull < 1e-6) expect(own.seNull).toHaveProperty('undefinedBecause');
    else expectClose(own.seNull, reference.seNull, 'standard error under κ = 0');
    expectClose(kappaJackknife(table, weights).se, reference.jackknife, 'jackknife');
  });

  it('has the reference’s AC1 and AC2', () => {
    for (const weights of KAPPA_WEIGHTS) {
      const [value, se, low, high, p] = set.gwet[weights];
      const own = gwetAgreement(table, weights);
      expectClose(own.value, value, `AC ${weights}`);
      const none = typeof se === 'number' && se < 1e-6;
      expectClose(own.se, se, `standard error ${weights}`, none ? 1e-5 : 1e-9);
      if (none) continue;
      expectCloseInterval(own, [low, high], `AC ${weights}`);
      expectClose(own.p, p, `p ${weights}`);
    }
  });

  it('has the reference’s observed agreement, overall and by category', () => {
    const percent = percentAgreement(table);
    expectClose(percent.value, set.percentAgreement[0], 'percent agreement');
    expectCloseInterval(percent, set.percentAgreement.slice(1), 'percent agreement');
    const adjusted = pabak(table);
    expectClose(adjusted.value, set.pabak[0], 'PABAK');
    expectClose(adjusted.se, set.pabak[1], 'PABAK’s standard error');
    expectCloseInterval(adjusted, set.pabak.slice(2), 'PABAK');
    const categories = categoryAgreement(table);
    expect(categories.map(({ category }) => category)).toEqual([...table.keys()]);
    for (const { category, specific, givenLeft, givenRight } of categories) {
      const [value, se, left, right] = set.categories[category]!;
      expectClose(specific.value, value, `specific agreement ${category}`);
      if (typeof value === 'number' && typeof se === 'number' && se > 1e-5)
        expectCloseInterval(
          specific,
          [Math.max(0, value - NORMAL_975 * se), Math.min(100, value + NORMAL_975 * se)],
          `specific agreement ${category}`,
        );
      expectClose(specific.se, se, `its standard error ${category}`, se !== null && se! < 1e-5 ? 1e-5 : 1e-9);
      expectClose(givenLeft, left, `given left ${category}`);
      expectClose(givenRight, right, `given right ${category}`);
    }
  });

  it('has the reference’s tests of marginal homogeneity', () => {
    for (const [own, reference] of [
      [bowker(table), set.bowker],
      [stuartMaxwell(table), set.stuartMaxwell],
    ] as const) {
      expectClose(own.chiSquare, reference?.[0], 'χ²');
      expectClose(own.degreesOfFreedom, reference?.[1], 'degrees of freedom');
      expectClose(own.p, reference?.[2], 'p');
    }
  });

  it('allows by its margins what linear programming allows', () => {
    const left = table.map((row) => row.reduce((a, b) => a + b, 0));
    const right = table.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
    const n = left.reduce((a, b) => a + b, 0);
    for (const weights of KAPPA_WEIGHTS) {
      const range = kappaRange(left, right, weights);
      const [min, max, seMin, seMax] = set.margins[weights] ?? [];
      expectClose(range.min, min, `least κ ${weights}`, 1e-8);
      expectClose(range.max, max, `largest κ ${weights}`, 1e-8);
      const kappa = valueIn(cohenKappa(table, weights).kappa);
      if (kappa === undefined) continue;
      const se = kappaStandardErrorRange(left, right, weights, kappa, n);
      // Both solvers end within their own tolerance, and a root makes more of it near 0.
      expectClose(se.min, seMin, `least standard error ${weights}`, 2e-5);
      expectClose(se.max, seMax, `largest standard error ${weights}`, 2e-5);
    }
  });
});

describe.each(statisticsOfR.tables.map((set) => [set.name, set] as const))('vcd, %s', (name, reference) => {
  it('gives the same κ and standard error', () => {
    const { table } = statistics.tables.find((set) => set.name === name)!;
    for (const weights of KAPPA_WEIGHTS) {
      const own = cohenKappa(table, weights);
      expectClose(own.kappa, reference[weights][0], `κ ${weights}`);
      expectClose(
        own.se,
        reference[weights][1],
        `standard error ${weights}`,
        reference[weights][1]! < 1e-6 ? 1e-5 : 1e-9,
      );
    }
  });
});
