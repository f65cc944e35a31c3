/** Measurements, several readers with missing readings, and sample sizes against test/reference/agreementFurther.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deming } from '../../../src/kernel/agreement/continuous/deming.ts';
import { linkedLimits, unlinkedLimits } from '../../../src/kernel/agreement/continuous/nestedLimits.ts';
import { passingBablok } from '../../../src/kernel/agreement/continuous/passingBablok.ts';
import { regressionLimits } from '../../../src/kernel/agreement/continuous/regressionLimits.ts';
import { toleranceFactor, toleranceIntervals } from '../../../src/kernel/agreement/continuous/toleranceInterval.ts';
import { type Estimate, type Interval, valueIn } from '../../../src/kernel/agreement/estimate.ts';
import { homogeneity } from '../../../src/kernel/agreement/homogeneity.ts';
import { readerCoefficients } from '../../../src/kernel/agreement/readers/chanceCorrected.ts';
import { type Against, smallestNumber } from '../../../src/kernel/agreement/sampleSize/design.ts';
import { largestDeviation } from '../../../src/kernel/agreement/sampleSize/flack.ts';
import { iccDesign } from '../../../src/kernel/agreement/sampleSize/iccDesign.ts';
import { kappaDesign } from '../../../src/kernel/agreement/sampleSize/kappaDesign.ts';
import { assuranceAt, limitsDesign, rangeFactor } from '../../../src/kernel/agreement/sampleSize/limitsDesign.ts';
import { spearmanDesign } from '../../../src/kernel/agreement/sampleSize/spearmanDesign.ts';

type Reference = number | null;
type Triple = [Reference, Reference, Reference];

interface Further {
  readonly measures: {
    name: string;
    left: number[];
    right: number[];
    ratio: number;
    confidence: number;
    deming: [Triple, Triple];
    passingBablok: [Triple, Triple];
    prediction: number[];
    tolerance: number[];
    regression: { bias: Triple; scatter: Triple; middle: number[] | null };
  }[];
  readonly nested: {
    name: string;
    kind: 'linked' | 'unlinked';
    confidence: number;
    left: number[][];
    right: number[][];
    bias: Triple;
    sd: number;
    lower: Triple;
    upper: Triple;
  }[];
  readonly readers: ({ name: string; categories: number; ratings: string[] } & Record<
    'none' | 'linear' | 'quadratic',
    Record<'gwet' | 'brennanPrediger' | 'fleiss' | 'conger', Reference[]> & { percentAgreement: number }
  >)[];
  readonly homogeneity: { values: number[]; variances: number[]; chiSquare: number; p: number }[];
  readonly toleranceFactors: { n: number; content: number; confidence: number; factor: number }[];
  readonly plans: {
    kappa: {
      kappa: number;
      shares: number[];
      readers: number;
      against: number;
      confidence: number;
      sides: 1 | 2;
      power: number;
      patients: number;
      reached: number;
      widths: number[];
      flack: Reference;
    }[];
    icc: {
      icc: number;
      readers: number;
      against: number;
      confidence: number;
      sides: 1 | 2;
      power: number;
      width: number;
      walter: number;
      bonett: number;
    }[];
    limits: { patients: number; confidence: number; factor: number; width: number; assurance: number }[];
    spearman: {
      rho: number;
      against: number;
      confidence: number;
      sides: 1 | 2;
      patients: number;
      power: number;
      width: number;
    }[];
  };
}

const FURTHER = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/agreementFurther.json'), 'utf8'),
) as Further;

/** To eight digits; null where there has to be no value. */
function expectClose(actual: number | undefined, reference: Reference, digits = 8): void {
  if (reference === null) expect(actual).toBeUndefined();
  else {
    expect(actual).toBeDefined();
    expect(Math.abs(actual! - reference)).toBeLessThanOrEqual(10 ** -digits * Math.max(1, Math.abs(reference)));
  }
}

function expectLine(actual: Interval & { readonly value: Estimate }, reference: Triple, digits?: number): void {
  for (const [n, part] of [actual.value, actual.ciLow, actual.ciHigh].entries())
    expectClose(valueIn(part), reference[n]!, digits);
}

describe('two sides in the same unit', () => {
  for (const set of FURTHER.measures)
    it(`have lines, tolerance intervals and limits by regression: ${set.name}`, () => {
      const { left, right, ratio, confidence } = set;
      // The jackknife's lines are found by search in the reference.
      const line = deming(left, right, ratio, confidence);
      expectLine(line.intercept, set.deming[0], 6);
      expectLine(line.slope, set.deming[1], 6);
      const robust = passingBablok(left, right, confidence);
      expectLine(robust.intercept, set.passingBablok[0]);
      expectLine(robust.slope, set.passingBablok[1]);
      const apart = left.map((value, i) => value - right[i]!);
      const { prediction, tolerance } = toleranceIntervals(apart, 0.95, confidence);
      for (const [actual, reference] of [[prediction, set.prediction] as const, [tolerance, set.tolerance] as const]) {
        expectClose(valueIn(actual.ciLow), reference[0]!);
        expectClose(valueIn(actual.ciHigh), reference[1]!);
      }
      const { bias, scatter, means, limitAt } = regressionLimits(left, right);
      for (const [actual, reference] of [
        [bias, set.regression.bias] as const,
        [scatter, set.regression.scatter] as const,
      ])
        for (const [n, part] of [actual.intercept.value, actual.slope.value, actual.p].entries())
          expectClose(valueIn(part), reference[n]!);
      expectClose(valueIn(limitAt('lower', means![1])), set.regression.middle?.[0] ?? null);
      expectClose(valueIn(limitAt('upper', means![1])), set.regression.middle?.[1] ?? null);
    });

  it.each(FURTHER.toleranceFactors)(
    'have the tolerance factor of $n differences',
    ({ n, content, confidence, factor }) => {
      expectClose(toleranceFactor(n, content, confidence), factor, 9);
    },
  );

  it('have no line, and say why, where there are too few or one side is constant', () => {
    for (const line of [deming, passingBablok]) {
      expect(line([1, 2], [1, 2]).slope.value).toEqual({ undefinedBecause: 'a regression needs at least 3 pairs' });
      expect(line([1, 1, 1], [1, 2, 3]).slope.value).toEqual({
        undefinedBecause: 'all values of one side are the same',
      });
    }
    expect(deming([1, 2, 1, 2], [1, 1, 2, 2]).slope.value).toEqual({
      undefinedBecause: 'both sides vary independently, so no line is nearer than others',
    });
    expect(toleranceIntervals([3, 3, 3]).tolerance.ciLow).toEqual({ undefinedBecause: 'all differences are the same' });
  });

  it('are the same line whatever the order of the patients', () => {
    const [left, right] = [
      [1, 1, 2, 4, 4, 7],
      [2, 1, 3, 4, 5, 6],
    ];
    const turned = passingBablok([...left!].reverse(), [...right!].reverse());
    expect(turned).toEqual(passingBablok(left!, right!));
  });
});

describe('patients measured repeatedly', () => {
  it.each(FURTHER.nested)('have limits of single measurements: $name', (set) => {
    const patients = set.left.map((left, n) => ({ left, right: set.right[n]! }));
    const limits = (set.kind === 'linked' ? linkedLimits : unlinkedLimits)(patients, set.confidence);
    expectLine(limits.bias, set.bias);
    expectClose(valueIn(limits.sd), set.sd);
    expectLine(limits.lower, set.lower);
    expectLine(limits.upper, set.upper);
  });

  it('have none of a single patient, and no interval where nothing differs', () => {
    expect(linkedLimits([{ left: [1, 2], right: [1, 2] }]).bias.value).toEqual({
      undefinedBecause: 'limits of agreement need at least 2 patients',
    });
    const same = [1, 2].map((value) => ({ left: [value, value], right: [value - 1, value - 1] }));
    for (const limits of [linkedLimits(same), unlinkedLimits(same)]) {
      expect(limits.lower.value).toEqual({ value: 1 });
      expect(limits.lower.ciLow).toEqual({ undefinedBecause: 'all differences are the same' });
    }
  });
});

describe('several readers, some of whom read some patients', () => {
  for (const set of FURTHER.readers)
    it(`have irrCAC’s coefficients: ${set.name}`, () => {
      const readings = set.ratings.map((row) => [...row].map((digit) => (digit === '.' ? undefined : Number(digit))));
      for (const weights of ['none', 'linear', 'quadratic'] as const) {
        const ours = readerCoefficients(readings, set.categories, weights);
        expectClose(valueIn(ours.percentAgreement.value), set[weights].percentAgreement);
        for (const name of ['gwet', 'brennanPrediger', 'fleiss', 'conger'] as const) {
          const { value, se, ciLow, ciHigh, p } = ours[name];
          const reference = set[weights][name];
          for (const [n, part] of [value, se, ciLow, ciHigh].entries()) expectClose(valueIn(part), reference[n]!);
          if (valueIn(se)! > 0) expectClose(valueIn(p!), reference[4]!);
        }
      }
    });

  it('have none, and say why, where nobody is read twice or all readings are one category', () => {
    expect(
      readerCoefficients(
        [
          [0, undefined],
          [undefined, 1],
        ],
        2,
        'none',
      ).gwet.value,
    ).toEqual({
      undefinedBecause: 'agreement of several readers needs at least 2 patients, one of them read twice',
    });
    const same = readerCoefficients(
      [
        [1, 1],
        [1, 1],
      ],
      2,
      'none',
    );
    expect(same.fleiss.value).toEqual({
      undefinedBecause: 'all readings are in one category, so nothing exceeds chance',
    });
    expect(same.gwet.value).toEqual({ value: 1 });
    expect(valueIn(same.percentAgreement.value)).toBe(1);
  });
});

describe('coefficients of groups', () => {
  it.each(FURTHER.homogeneity)('have the χ² of homogeneity', ({ values, variances, chiSquare, p }) => {
    const test = homogeneity(values.map((value, n) => ({ value, variance: variances[n] })));
    expectClose(valueIn(test.chiSquare), chiSquare);
    expectClose(valueIn(test.p), p);
    expect(test.degreesOfFreedom).toBe(values.length - 1);
  });
});

describe('sample sizes', () => {
  it.each(FURTHER.plans.kappa)('of κ $kappa against $against by $readers readers', (plan) => {
    const { kappa, shares, readers, confidence } = plan;
    const design = kappaDesign({ kappa, shares, readers, confidence }, { value: plan.against, sides: plan.sides });
    expect(smallestNumber((n) => design.powerAt!(n) >= plan.power, 2)).toBe(plan.patients);
    expectClose(design.powerAt!(plan.patients), plan.reached);
    for (const [n, patients] of [50, 200].entries()) expectClose(design.widthAt(patients), plan.widths[n]!);
    if (plan.flack !== null) expectClose(largestDeviation(kappa, shares), plan.flack);
  });

  it('of κ are those that kappaSize gives', () => {
    const patients = (shares: number[]) => {
      const design = kappaDesign({ kappa: 0.7, shares, readers: 2, confidence: 0.95 }, { value: 0.4, sides: 2 });
      return smallestNumber((n) => design.powerAt!(n) >= 0.8, 2);
    };
    // PowerBinary(kappa0 = 0.4, kappa1 = 0.7, props = 0.5, raters = 2): 73.26; at a prevalence of 0.2: 107.
    expect([patients([0.5, 0.5]), patients([0.2, 0.8])]).toEqual([74, 107]);
  });

  it.each(FURTHER.plans.icc)('of ICC $icc by $readers readings', (plan) => {
    const { icc, readers, confidence } = plan;
    const against: Against = { value: plan.against, sides: plan.sides };
    const design = iccDesign({ icc, readers, confidence }, against);
    expect(smallestNumber((n) => design.powerAt!(n) >= plan.power, design.fewest)).toBe(plan.walter);
    expect(smallestNumber((n) => design.widthAt(n) <= plan.width, design.fewest)).toBe(plan.bonett);
  });

  it('of an ICC of 0.8 against 0.6 by two readings is the printed 39 (Walter, Eliasziw & Donner 1998)', () => {
    const { powerAt } = iccDesign({ icc: 0.8, readers: 2, confidence: 0.95 }, { value: 0.6, sides: 1 });
    expect(smallestNumber((n) => powerAt!(n) >= 0.8, 2)).toBe(39);
  });

  it.each(FURTHER.plans.limits)(
    'of limits with $patients patients',
    ({ patients, confidence, factor, width, assurance }) => {
      expectClose(rangeFactor(patients, confidence), factor);
      expectClose(limitsDesign({ sd: 1, confidence }).widthAt(patients), width);
      expectClose(assuranceAt(patients, 4.8, { sd: 1, confidence }), assurance);
    },
  );

  it('of limits of ± 2.25 SD are the printed 155 (Jan & Shieh 2018)', () => {
    const design = limitsDesign({ sd: 19.61, confidence: 0.95 });
    expect(smallestNumber((n) => design.widthAt(n) <= 2 * 2.25 * 19.61, 3)).toBe(155);
  });

  it.each(FURTHER.plans.spearman)(
    'of ρ $rho against $against',
    ({ rho, against, confidence, sides, patients, power, width }) => {
      const design = spearmanDesign({ rho, confidence }, { value: against, sides });
      expectClose(design.powerAt!(patients), power);
      expectClose(design.widthAt(patients), width);
    },
  );

  it('are none where no number is enough', () => {
    expect(smallestNumber(() => false, 2)).toBeUndefined();
    expect(smallestNumber((n) => n >= 7, 2)).toBe(7);
    expect(smallestNumber(() => true, 5)).toBe(5);
  });
});
