/** Two readers' categories as papers print them, and what stands beside κ by hand. */
import { describe, expect, it } from 'vitest';
import { agreementIndices } from '../../../../src/kernel/agreement/categories/agreementIndices.ts';
import { categoryAgreement } from '../../../../src/kernel/agreement/categories/categoryAgreement.ts';
import { oneAgainstRest, pairsOfTable } from '../../../../src/kernel/agreement/categories/contingency.ts';
import { gwetAgreement } from '../../../../src/kernel/agreement/categories/gwet.ts';
import { cohenKappa, kappaJackknife } from '../../../../src/kernel/agreement/categories/kappa.ts';
import {
  pabak,
  percentAgreement,
  withinOneCategory,
} from '../../../../src/kernel/agreement/categories/observedAgreement.ts';
import { KAPPA_WEIGHTS } from '../../../../src/kernel/agreement/categories/weights.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { examples, expectClose, expectCloseInterval } from '../references.ts';

describe('two readers of 85 xeromammograms (Altman 1991)', () => {
  const { table, ...by } = examples.xeromammograms;

  it('have the κ that is printed, .47 and with linear weights .57', () => {
    const printed = (weights: 'none' | 'linear') => valueIn(cohenKappa(table, weights).kappa)!.toFixed(2);
    expect([printed('none'), printed('linear')]).toEqual(['0.47', '0.57']);
  });

  it.each(KAPPA_WEIGHTS)('have statsmodels’ interval and p of κ with weights %s', (weights) => {
    const own = cohenKappa(table, weights);
    const [kappa, se, low, high, seNull, p] = by.kappa[weights];
    expectClose(own.kappa, kappa, 'κ');
    expectClose(own.se, se, 'standard error');
    expectCloseInterval(own, [low, high], 'κ');
    expectClose(own.seNull, seNull, 'standard error under κ = 0');
    expect(valueIn(own.p)! / p!).toBeCloseTo(1, 6);
  });

  it('agree in 54 of 85, and within one category in 82', () => {
    for (const [own, [value, se, low, high]] of [
      [percentAgreement(table), by.percentAgreement],
      [withinOneCategory(table), by.withinOneCategory],
    ] as const) {
      expectClose(own.value, value, 'agreement');
      expectClose(own.se, se, 'standard error');
      expectCloseInterval(own, [low, high], 'agreement');
    }
  });

  it('agree on each category against the rest', () => {
    expect(table.map((_, category) => oneAgainstRest(table, category))).toEqual(by.oneAgainstRest);
    const categories = categoryAgreement(table);
    expect(categories.map(({ left, right, both }) => [left, right, both])).toEqual([
      [33, 28, 21],
      [22, 38, 17],
      [29, 16, 15],
      [1, 3, 1],
    ]);
    for (const { category, kappa } of categories) {
      const [value, se, low, high] = by.kappaOfCategories[category]!;
      expectClose(kappa.kappa, value, `κ of category ${category}`);
      expectClose(kappa.se, se, `its standard error ${category}`);
      // statsmodels goes beyond 1.
      expectCloseInterval(kappa, [low, Math.min(1, high!)], `κ of category ${category}`);
    }
  });

  it('are 85 pairs', () => {
    const { left, right } = pairsOfTable(table);
    const times = (a: number, b: number) => left.filter((category, n) => category === a && right[n] === b).length;
    expect(table.map((row, i) => row.map((_, j) => times(i, j)))).toEqual(table);
    expect(right).toHaveLength(85);
  });
});

describe('what stands beside κ', () => {
  // 40 both present, 9 left alone, 6 right alone, 45 both absent.
  const table = [
    [45, 6],
    [9, 40],
  ];

  it('is by the formulas of Byrt, Bishop and Carlin', () => {
    const { prevalenceIndex, biasIndex, kappaMax, pabak: adjusted, percentAgreement: agreed } = agreementIndices(table);
    // |40 − 45|/100 and |9 − 6|/100.
    expectClose(prevalenceIndex, 0.05, 'prevalence index');
    expectClose(biasIndex, 0.03, 'bias index');
    // 2·.85 − 1.
    expectClose(adjusted, 0.7, 'PABAK');
    expectClose(agreed, 85, 'percent agreement');
    // Margins .51, .49 and .54, .46: at most .51 + .46 agree, .51·.54 + .49·.46 = .5008 by chance.
    expectClose(kappaMax, (0.97 - 0.5008) / (1 - 0.5008), 'κ-max');
  });

  it('cuts a longer scale at its first step', () => {
    // Absent for both 4 of 10, present for both 3, left alone 1, right alone 2.
    const { prevalenceIndex, biasIndex } = agreementIndices([
      [4, 1, 1],
      [1, 1, 0],
      [0, 1, 1],
    ]);
    expectClose(prevalenceIndex, 0.1, 'prevalence index');
    expectClose(biasIndex, 0.1, 'bias index');
  });

  it('says why it has no value', () => {
    const none = { undefinedBecause: 'there are no pairs' };
    expect(Object.values(agreementIndices([[0]]))).toEqual([none, none, none, none, none, none]);
    expect(agreementIndices([[3]]).kappaMax).toHaveProperty('undefinedBecause');
    expect(gwetAgreement([[3]], 'none').value).toEqual({
      undefinedBecause: 'a scale of one category has no agreement to measure',
    });
    expect(
      gwetAgreement(
        [
          [0, 0],
          [0, 0],
        ],
        'none',
      ).p,
    ).toEqual(none);
    expect(percentAgreement([[0]]).ciLow).toEqual(none);
  });
});

describe('an interval', () => {
  it('of κ and of its category ends at −1 and 1', () => {
    // κ is −1, or close to ±1 in so few cases that ± 1.96·SE would reach beyond.
    const opposite = cohenKappa(
      [
        [0, 4],
        [4, 0],
      ],
      'none',
    );
    expect([opposite.kappa, opposite.ciLow]).toEqual([{ value: -1 }, { value: -1 }]);
    expect(
      cohenKappa(
        [
          [0, 4],
          [3, 1],
        ],
        'none',
      ).ciLow,
    ).toEqual({ value: -1 });
    expect(
      cohenKappa(
        [
          [3, 0],
          [1, 4],
        ],
        'none',
      ).ciHigh,
    ).toEqual({ value: 1 });
    expect(
      gwetAgreement(
        [
          [3, 0],
          [1, 4],
        ],
        'none',
      ).ciHigh,
    ).toEqual({ value: 1 });
    const [first] = categoryAgreement([
      [1, 2],
      [2, 9],
    ]);
    const [, second] = categoryAgreement([
      [1, 1],
      [0, 9],
    ]);
    expect([first!.specific.ciLow, second!.specific.ciHigh]).toEqual([{ value: 0 }, { value: 100 }]);
  });

  it('of a share by Wilson holds 0 and 1, where the share is', () => {
    // z²/(n + z²) of 10 pairs.
    const [none, all] = [
      percentAgreement([
        [0, 5],
        [5, 0],
      ]),
      percentAgreement([
        [5, 0],
        [0, 5],
      ]),
    ];
    expectCloseInterval(none, [0, 27.75327998628898], 'no agreement');
    expectCloseInterval(all, [72.246720013711, 100], 'full agreement');
    expectCloseInterval(
      pabak([
        [0, 5],
        [5, 0],
      ]),
      [-1, 2 * 0.2775327998628898 - 1],
      'PABAK',
    );
  });

  it('by the jackknife needs three patients, and κ itself', () => {
    expect(
      kappaJackknife(
        [
          [2, 0],
          [0, 0],
        ],
        'none',
      ).se,
    ).toEqual({ undefinedBecause: 'κ itself has no value' });
    expect(
      kappaJackknife(
        [
          [1, 0],
          [0, 1],
        ],
        'none',
      ).se,
    ).toEqual({
      undefinedBecause: 'a jackknife needs at least 3 patients',
    });
  });
});
