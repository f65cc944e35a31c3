/** What must hold of every agreement coefficient whatever the data: bounds, symmetry, invariance, no value that is not finite. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, holm } from '../../../src/kernel/agreement/adjustedP.ts';
import { agreementIndices } from '../../../src/kernel/agreement/categories/agreementIndices.ts';
import { categoryAgreement } from '../../../src/kernel/agreement/categories/categoryAgreement.ts';
import { contingencyTable } from '../../../src/kernel/agreement/categories/contingency.ts';
import { gwetAgreement } from '../../../src/kernel/agreement/categories/gwet.ts';
import { cohenKappa, kappaJackknife } from '../../../src/kernel/agreement/categories/kappa.ts';
import { kappaStatistic } from '../../../src/kernel/agreement/categories/kappaValue.ts';
import { bowker, stuartMaxwell } from '../../../src/kernel/agreement/categories/marginalHomogeneity.ts';
import { pabak, percentAgreement } from '../../../src/kernel/agreement/categories/observedAgreement.ts';
import { KAPPA_WEIGHTS } from '../../../src/kernel/agreement/categories/weights.ts';
import { blandAltman, blandAltmanRatio } from '../../../src/kernel/agreement/continuous/blandAltman.ts';
import { concordance } from '../../../src/kernel/agreement/continuous/concordance.ts';
import { intraclass } from '../../../src/kernel/agreement/continuous/intraclass.ts';
import { proportionalBias } from '../../../src/kernel/agreement/continuous/proportionalBias.ts';
import { repeatability } from '../../../src/kernel/agreement/continuous/repeatability.ts';
import { kendall } from '../../../src/kernel/agreement/correlation/kendall.ts';
import { pearson } from '../../../src/kernel/agreement/correlation/pearson.ts';
import { spearman, spearmanStatistic } from '../../../src/kernel/agreement/correlation/spearman.ts';
import { type Estimate, type Interval, valueIn } from '../../../src/kernel/agreement/estimate.ts';
import { kappaRange } from '../../../src/kernel/agreement/published/kappaFromMargins.ts';
import { categoryCounts, fleissKappa } from '../../../src/kernel/agreement/readers/fleiss.ts';
import { krippendorffAlpha, MEASUREMENT_LEVELS } from '../../../src/kernel/agreement/readers/krippendorff.ts';
import { observedSample } from '../../../src/kernel/agreement/resampling/resample.ts';

const CATEGORIES = 4;
const grade = fc.integer({ min: 0, max: CATEGORIES - 1 });
const gradePairs = fc.array(fc.tuple(grade, grade), { minLength: 0, maxLength: 30 });
const tableOf = (pairs: readonly (readonly [number, number])[]) =>
  contingencyTable(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
    CATEGORIES,
  );
/** Few different values, so that ties, constants and degenerate cases come often. */
const value = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8),
);
const valuePairs = fc.array(fc.tuple(value, value), { minLength: 0, maxLength: 12 });
const grid = (readers: number) =>
  fc.array(fc.array(value, { minLength: readers, maxLength: readers }), { maxLength: 12 });

const left = <T>(pairs: readonly (readonly [T, T])[]) => pairs.map(([a]) => a);
const right = <T>(pairs: readonly (readonly [T, T])[]) => pairs.map(([, b]) => b);

/** Every number anywhere in a result is finite: undefined is said with a reason. */
function expectFinite(result: unknown): void {
  if (typeof result === 'number') expect(Number.isFinite(result)).toBe(true);
  else if (result && typeof result === 'object') for (const part of Object.values(result)) expectFinite(part);
}

function expectSame(a: Estimate, b: Estimate): void {
  const [x, y] = [valueIn(a), valueIn(b)];
  if (x === undefined) expect(y).toBeUndefined();
  else expect(y).toBeCloseTo(x, 9);
}

function expectWithin(estimate: Estimate, low: number, high: number): void {
  const x = valueIn(estimate);
  if (x === undefined) return;
  expect(x).toBeGreaterThanOrEqual(low - 1e-9);
  expect(x).toBeLessThanOrEqual(high + 1e-9);
}

function expectContains(interval: Interval, estimate: Estimate): void {
  const [low, x, high] = [valueIn(interval.ciLow), valueIn(estimate), valueIn(interval.ciHigh)];
  expect(low === undefined).toBe(high === undefined);
  if (low === undefined || x === undefined) return;
  expect(low).toBeLessThanOrEqual(x + 1e-9);
  expect(high).toBeGreaterThanOrEqual(x - 1e-9);
}

describe('two readers’ categories', () => {
  it('never give a number that is not finite', () => {
    fc.assert(
      fc.property(gradePairs, (pairs) => {
        const table = tableOf(pairs);
        for (const weights of KAPPA_WEIGHTS)
          expectFinite([cohenKappa(table, weights), kappaJackknife(table, weights), gwetAgreement(table, weights)]);
        expectFinite([agreementIndices(table), categoryAgreement(table), percentAgreement(table), pabak(table)]);
        expectFinite([bowker(table), stuartMaxwell(table)]);
      }),
    );
  });

  it('give a κ within −1 to 1, inside its interval and the range that its margins allow', () => {
    fc.assert(
      fc.property(gradePairs, fc.constantFrom(...KAPPA_WEIGHTS), (pairs, weights) => {
        const table = tableOf(pairs);
        const own = cohenKappa(table, weights);
        expectWithin(own.kappa, -1, 1);
        expectContains(own, own.kappa);
        const counts = (grades: readonly number[]) =>
          Array.from({ length: CATEGORIES }, (_, category) => grades.filter((g) => g === category).length);
        const { min, max } = kappaRange(counts(left(pairs)), counts(right(pairs)), weights);
        expectWithin(own.kappa, valueIn(min) ?? 0, valueIn(max) ?? 0);
        if (weights === 'none') expectSame(agreementIndices(table).kappaMax, max);
      }),
    );
  });

  it('agree perfectly exactly where κ is 1', () => {
    fc.assert(
      fc.property(gradePairs, fc.constantFrom(...KAPPA_WEIGHTS), (pairs, weights) => {
        const kappa = valueIn(cohenKappa(tableOf(pairs), weights).kappa);
        fc.pre(kappa !== undefined);
        expect(Math.abs(kappa - 1) < 1e-12).toBe(pairs.every(([a, b]) => a === b));
      }),
    );
  });

  it('give the same whichever side is left, and in any order of patients', () => {
    fc.assert(
      fc.property(gradePairs, fc.constantFrom(...KAPPA_WEIGHTS), (pairs, weights) => {
        const swapped = tableOf(pairs.map(([a, b]) => [b, a] as const).reverse());
        const table = tableOf(pairs);
        const [one, other] = [cohenKappa(table, weights), cohenKappa(swapped, weights)];
        expectSame(one.kappa, other.kappa);
        expectSame(one.se, other.se);
        expectSame(gwetAgreement(table, weights).value, gwetAgreement(swapped, weights).value);
        expectSame(stuartMaxwell(table).chiSquare, stuartMaxwell(swapped).chiSquare);
      }),
    );
  });

  it('give the same unweighted agreement under any renaming of categories, and weighted under reversal', () => {
    fc.assert(
      fc.property(gradePairs, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (pairs, names) => {
        const table = tableOf(pairs);
        const renamed = tableOf(pairs.map(([a, b]) => [names[a]!, names[b]!] as const));
        const reversed = tableOf(pairs.map(([a, b]) => [CATEGORIES - 1 - a, CATEGORIES - 1 - b] as const));
        expectSame(cohenKappa(table, 'none').kappa, cohenKappa(renamed, 'none').kappa);
        expectSame(gwetAgreement(table, 'none').se, gwetAgreement(renamed, 'none').se);
        expectSame(bowker(table).chiSquare, bowker(renamed).chiSquare);
        expectSame(stuartMaxwell(table).chiSquare, stuartMaxwell(renamed).chiSquare);
        expectSame(cohenKappa(table, 'linear').kappa, cohenKappa(reversed, 'linear').kappa);
        expectSame(cohenKappa(table, 'quadratic').se, cohenKappa(reversed, 'quadratic').se);
      }),
    );
  });

  it('give a resampled κ that is that of the table', () => {
    fc.assert(
      fc.property(gradePairs, fc.constantFrom(...KAPPA_WEIGHTS), (pairs, weights) => {
        const statistic = kappaStatistic(left(pairs), right(pairs), CATEGORIES, weights);
        const own = valueIn(cohenKappa(tableOf(pairs), weights).kappa);
        const resampled = statistic(observedSample(pairs.length));
        if (own === undefined) expect(resampled).toBeUndefined();
        else expect(resampled).toBeCloseTo(own, 12);
      }),
    );
  });
});

describe('correlations', () => {
  it('stay within their bounds and intervals, are symmetric, and keep under rising scales', () => {
    fc.assert(
      fc.property(valuePairs, (pairs) => {
        const [x, y] = [left(pairs), right(pairs)];
        for (const correlate of [pearson, spearman, kendall]) {
          const own = correlate(x, y);
          expectFinite(own);
          expectWithin(own.coefficient, -1, 1);
          expectWithin(own.p, 0, 1);
          expectContains(own, own.coefficient);
          expectSame(own.coefficient, correlate(y, x).coefficient);
          expectSame(own.p, correlate(y, x).p);
        }
        const risen = x.map((v) => Math.atan(v / 100));
        expectSame(spearman(x, y).coefficient, spearman(risen, y).coefficient);
        expectSame(kendall(x, y).coefficient, kendall(risen, y).coefficient);
        expectSame(
          pearson(x, y).coefficient,
          pearson(
            x.map((v) => 3 * v + 1),
            y,
          ).coefficient,
        );
      }),
    );
  });

  it('give a resampled ρ that is that of the resampled values', () => {
    fc.assert(
      fc.property(valuePairs, fc.array(fc.nat(), { maxLength: 15 }), (pairs, places) => {
        fc.pre(pairs.length > 0);
        const sample = places.map((place) => place % pairs.length);
        const resampled = spearmanStatistic(left(pairs), right(pairs))(Int32Array.from(sample));
        const own = valueIn(
          spearman(
            sample.map((n) => pairs[n]![0]),
            sample.map((n) => pairs[n]![1]),
          ).coefficient,
        );
        if (own === undefined) expect(resampled).toBeUndefined();
        else expect(resampled).toBeCloseTo(own, 9);
      }),
    );
  });
});

describe('several readers', () => {
  it('give finite coefficients of at most 1, whatever the order of readers and patients', () => {
    const ratings = fc.array(fc.array(grade, { minLength: 3, maxLength: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(ratings, (rows) => {
        const other = rows.map((row) => [row[2]!, row[0]!, row[1]!]).reverse();
        const own = fleissKappa(categoryCounts(rows, CATEGORIES));
        expectFinite(own);
        expectWithin(own.overall.kappa, -1, 1);
        expectContains(own.overall, own.overall.kappa);
        expectSame(own.overall.kappa, fleissKappa(categoryCounts(other, CATEGORIES)).overall.kappa);
        expectSame(own.overall.se, fleissKappa(categoryCounts(other, CATEGORIES)).overall.se);
        for (const level of MEASUREMENT_LEVELS) {
          const alpha = krippendorffAlpha(rows, level);
          expectFinite(alpha);
          expectWithin(alpha.alpha, Number.NEGATIVE_INFINITY, 1);
          expectSame(alpha.alpha, krippendorffAlpha(other, level).alpha);
        }
      }),
    );
  });

  it('agree perfectly exactly where κ and α are 1', () => {
    const ratings = fc.array(fc.array(grade, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(ratings, fc.boolean(), (drawn, same) => {
        const rows = same ? drawn.map((row) => row.map(() => row[0]!)) : drawn;
        const perfect = rows.every((row) => row.every((category) => category === row[0]));
        const coefficients = [
          fleissKappa(categoryCounts(rows, CATEGORIES)).overall.kappa,
          ...MEASUREMENT_LEVELS.map((level) => krippendorffAlpha(rows, level).alpha),
        ];
        for (const coefficient of coefficients) {
          const x = valueIn(coefficient);
          if (x !== undefined) expect(Math.abs(x - 1) < 1e-12).toBe(perfect);
        }
      }),
    );
  });
});

describe('continuous readings', () => {
  it('never give a number that is not finite, and intervals hold their estimates', () => {
    fc.assert(
      fc.property(grid(2), (rows) => {
        const [x, y] = [rows.map((row) => row[0]!), rows.map((row) => row[1]!)];
        const differences = blandAltman(x, y);
        const agreement = concordance(x, y);
        expectFinite([differences, blandAltmanRatio(x, y), agreement, proportionalBias(x, y), repeatability(rows)]);
        expectContains(differences.bias, differences.bias.value);
        expectContains(differences.upper.exact, differences.upper.limit);
        expectContains(differences.lower.approximate, differences.lower.limit);
        expectWithin(agreement.concordance, -1, 1);
        expectContains(agreement, agreement.concordance);
      }),
    );
  });

  it('give finite ICCs of at most 1 that keep when a constant is added to all readings', () => {
    fc.assert(
      fc.property(grid(3), (rows) => {
        const own = intraclass(rows);
        expectFinite(own);
        const moved = intraclass(rows.map((row) => row.map((v) => v + 64)));
        // Form 2 has no lower bound: the readers' mean square is taken away too.
        expectWithin(own.icc11.icc, -1 / 2, 1);
        expectWithin(own.icc31.icc, -1 / 2, 1);
        expectWithin(own.icc21.icc, Number.NEGATIVE_INFINITY, 1);
        for (const form of ['icc11', 'icc21', 'icc31'] as const) {
          expectWithin(own[form].p, 0, 1);
          expectSame(own[form].icc, moved[form].icc);
        }
        expectContains(own.icc31, own.icc31.icc);
      }),
    );
  });

  it('turn round with the sides: bias changes its sign, ratios their reciprocal, concordance nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })), {
          minLength: 2,
          maxLength: 12,
        }),
        (pairs) => {
          const [x, y] = [left(pairs), right(pairs)];
          expect(valueIn(blandAltman(x, y).bias.value)!).toBeCloseTo(-valueIn(blandAltman(y, x).bias.value)!, 9);
          const [ratio, turned] = [blandAltmanRatio(x, y), blandAltmanRatio(y, x)];
          expect(valueIn(ratio.upper.limit)! * valueIn(turned.lower.limit)!).toBeCloseTo(1, 9);
          expectSame(concordance(x, y).concordance, concordance(y, x).concordance);
        },
      ),
    );
  });
});

describe('adjusted p values', () => {
  it('are never below the raw ones nor above 1, keep their order, and Holm’s are at least Benjamini and Hochberg’s', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (p) => {
        const [family, discovery] = [holm(p), benjaminiHochberg(p)];
        for (const [n, raw] of p.entries()) {
          expect(discovery[n]).toBeGreaterThanOrEqual(raw);
          expect(family[n]!).toBeGreaterThanOrEqual(discovery[n]! - 1e-12);
          expect(family[n]).toBeLessThanOrEqual(1);
          for (const [other, more] of p.entries())
            if (more > raw) expect(family[other]!).toBeGreaterThanOrEqual(family[n]!);
        }
      }),
    );
  });
});
