/** Continuous readings as papers print them, and when there is no interval. */
import { describe, expect, it } from 'vitest';
import { blandAltman, blandAltmanRatio } from '../../../../src/kernel/agreement/continuous/blandAltman.ts';
import { concordance } from '../../../../src/kernel/agreement/continuous/concordance.ts';
import {
  INTRACLASS_FORMS,
  intraclass,
  intraclassStatistic,
} from '../../../../src/kernel/agreement/continuous/intraclass.ts';
import { proportionalBias } from '../../../../src/kernel/agreement/continuous/proportionalBias.ts';
import { repeatability } from '../../../../src/kernel/agreement/continuous/repeatability.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { examples, expectClose, expectCloseInterval } from '../references.ts';

describe('two peak flow meters and 17 people (Bland & Altman 1986)', () => {
  const { large, mini, ...by } = examples.peakFlow;
  const own = blandAltman(large, mini);

  it('differ by −2.1 l/min with the SD 38.8 that are printed', () => {
    const printed = [own.bias.value, own.bias.ciLow, own.bias.ciHigh, own.sd].map((e) => valueIn(e)!.toFixed(1));
    expect([own.n, ...printed]).toEqual([17, '-2.1', '-22.0', '17.8', '38.8']);
  });

  it('have limits at 1.96 SD (the paper takes 2)', () => {
    const [bias, sd] = [valueIn(own.bias.value)!, valueIn(own.sd)!];
    expectClose(own.lower.limit, bias - 1.959963984540054 * sd, 'lower limit');
    expectClose(own.upper.limit, bias + 1.959963984540054 * sd, 'upper limit');
  });

  it('have the line of the differences, with its interval and what scatters around it', () => {
    const line = proportionalBias(large, mini);
    const [value, se, low, high] = by.intercept;
    expectClose(line.intercept.value, value, 'intercept');
    expectClose(line.intercept.se, se, 'its standard error');
    expectCloseInterval(line.intercept, [low, high], 'intercept');
    expectClose(line.residualSd, by.residualSd[0], 'residual SD');
  });

  it('have the concordance’s precision and shifts', () => {
    const { precision, scaleShift, locationShift } = concordance(large, mini);
    expectClose(precision, by.pearson[0], 'precision');
    expectClose(scaleShift, by.scaleShift[0], 'scale shift');
    expectClose(locationShift, by.locationShift[0], 'location shift');
  });
});

describe('four judges of six targets (Shrout & Fleiss 1979)', () => {
  const ratings = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];

  it('have the ICCs that are printed, with the degrees of freedom of their F', () => {
    const own = intraclass(ratings);
    expect(
      INTRACLASS_FORMS.map((form) => [form, valueIn(own[form].icc)!.toFixed(2), own[form].degreesOfFreedom]),
    ).toEqual([
      ['icc11', '0.17', [5, 18]],
      ['icc21', '0.29', [5, 15]],
      ['icc31', '0.71', [5, 15]],
      ['icc1k', '0.44', [5, 18]],
      ['icc2k', '0.62', [5, 15]],
      ['icc3k', '0.91', [5, 15]],
    ]);
  });

  it('have the same ICCs when resampled, each target once', () => {
    const own = intraclass(ratings);
    for (const form of INTRACLASS_FORMS)
      expectClose(own[form].icc, intraclassStatistic(ratings, form)(Int32Array.from(ratings.keys())), form);
    expect(intraclassStatistic(ratings, 'icc11')(Int32Array.of(0))).toBeUndefined();
    expect(
      intraclassStatistic(
        [
          [1, 1],
          [1, 1],
        ],
        'icc11',
      )(Int32Array.of(0, 1)),
    ).toBeUndefined();
    // Patients do not differ at all, so that the mean of readers has no reliability to divide by.
    expect(
      intraclassStatistic(
        [
          [1, 2],
          [2, 1],
        ],
        'icc1k',
      )(Int32Array.of(0, 1)),
    ).toBeUndefined();
  });

  it('repeat themselves within the residual mean square', () => {
    // The paper's table 3: mean squares 6.26 within targets and 1.02 residual.
    const { withinPatientSd, residualSd } = repeatability(ratings);
    expect((valueIn(withinPatientSd.value)! ** 2).toFixed(2)).toBe('6.26');
    expect((valueIn(residualSd.value)! ** 2).toFixed(2)).toBe('1.02');
    // 15·1.0194/χ² with 15 degrees of freedom: 27.48839 and 6.262138 by R.
    const square = valueIn(residualSd.value)! ** 2;
    expectCloseInterval(
      residualSd,
      [Math.sqrt((15 * square) / 27.48839), Math.sqrt((15 * square) / 6.262138)],
      'SD',
      1e-6,
    );
  });
});

describe('too few or too equal readings', () => {
  it('have no coefficient, and say why', () => {
    const reason = 'an intraclass correlation needs at least 2 patients and 2 readers';
    expect(intraclass([[1, 2]]).icc11.icc).toEqual({ undefinedBecause: reason });
    expect(intraclass([[1], [2]]).icc31.p).toEqual({ undefinedBecause: reason });
    expect(
      intraclass([
        [2, 2],
        [2, 2],
      ]).icc21.icc,
    ).toEqual({ undefinedBecause: 'all readings are the same' });
    expect(
      intraclass([
        [1, 2],
        [2, 1],
      ]).icc3k.icc,
    ).toEqual({
      undefinedBecause: 'patients do not differ, so nothing can be told apart',
    });
    expect(concordance([1], [1]).concordance).toHaveProperty('undefinedBecause');
    expect(concordance([1, 1], [1, 2]).concordance).toEqual({
      undefinedBecause: 'all values of one side are the same',
    });
    expect(proportionalBias([1, 2], [2, 4]).slope.value).toHaveProperty('undefinedBecause');
    expect(proportionalBias([1, 2, 3], [3, 2, 1]).slope.value).toEqual({
      undefinedBecause: 'the means of the pairs are all the same',
    });
    expect(repeatability([[1, 2]]).withinPatientSd.value).toHaveProperty('undefinedBecause');
    const one = blandAltman([1], [2]);
    expect([one.bias.value, one.bias.ciLow, one.lower.limit]).toEqual([
      { value: -1 },
      ...[1, 2].map(() => ({
        undefinedBecause: 'limits of agreement and intervals need at least 2 pairs',
      })),
    ]);
    expect(blandAltmanRatio([2], [1]).bias.value).toEqual({ value: expect.closeTo(2, 12) });
    expect(blandAltman([], []).bias.value).toEqual({ undefinedBecause: 'there are no pairs' });
  });

  it('may have a coefficient without an interval', () => {
    const never = intraclass([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
    expect([never.icc11.icc, never.icc31.icc]).toEqual([{ value: 1 }, { value: 1 }]);
    expect(never.icc11.p).toEqual({
      undefinedBecause: 'the readings of a patient never differ, so F has no finite value',
    });
    expect(concordance([1, 2], [1, 3]).ciLow).toEqual({
      undefinedBecause: 'a confidence interval of the concordance needs at least 3 pairs',
    });
    expect(concordance([1, 2, 3], [1, 2, 3])).toMatchObject({
      concordance: { value: 1 },
      ciHigh: { undefinedBecause: 'all pairs are the same, where Fisher’s z has no interval' },
    });
    expect(concordance([1, 2, 3], [1, 2, 1]).se).toHaveProperty(
      'undefinedBecause',
      expect.stringContaining('exactly 0'),
    );
    expect(
      repeatability([
        [1, 1],
        [2, 2],
      ]).withinPatientSd,
    ).toMatchObject({
      value: { value: 0 },
      ciLow: { undefinedBecause: 'the readings of a patient never differ' },
    });
    expect(proportionalBias([2, 3, 4], [1, 2, 3]).p).toEqual({ undefinedBecause: 'all differences are the same' });
  });

  it('have limits that meet the bias where all differences are the same, but for rounding', () => {
    // 0.3 − 0.2, 0.2 − 0.1 and 1.1 − 1 differ in their last digits.
    for (const own of [blandAltman([0.3, 0.2, 1.1], [0.2, 0.1, 1]), blandAltman([3, 2, 9], [2, 1, 8])]) {
      expect(own.sd).toEqual({ value: 0 });
      expect([own.lower.limit, own.upper.limit]).toEqual([own.bias.value, own.bias.value]);
      for (const estimate of [own.biasP, own.bias.ciLow, own.lower.exact.ciLow, own.upper.approximate.ciHigh])
        expect(estimate).toEqual({ undefinedBecause: 'all differences are the same' });
    }
    expect(valueIn(blandAltman([1, 2], [1, 1]).biasP)).toBeCloseTo(0.5, 12);
  });

  it('have an ICC of 1 and no F where readers differ by a constant alone, but for rounding', () => {
    // −0.1 − 0.3 and its like leave a residual of some 1e-17, around a mean of 0 too.
    const readings = [
      [-0.3, -0.1],
      [-0.1, 0.1],
      [0.1, 0.3],
    ];
    for (const shift of [0, 7]) {
      const { icc, f } = intraclass(readings.map((row) => row.map((value) => value + shift))).icc31;
      expect([icc, valueIn(f)]).toEqual([{ value: 1 }, undefined]);
    }
  });

  it('of 0 have no ratio', () => {
    expect(blandAltmanRatio([1, 0, 2], [2, 1, 0]).upper.limit).toEqual({
      undefinedBecause: 'ratios need readings above 0 on both sides, and 2 of 3 pairs have another',
    });
    expect(blandAltmanRatio([1, 2], [1, 1]).bias.value).toEqual({ value: Math.exp(Math.log(2) / 2) });
  });
});
