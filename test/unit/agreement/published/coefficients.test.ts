/** Where a printed coefficient stops being possible: at its rounding, its margins, its interval's symmetry, its p. */
import { describe, expect, it } from 'vitest';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { checkInterval, checkKappa, checkRho } from '../../../../src/kernel/agreement/published/checkCoefficients.ts';
import { kappaRange, kappaStandardErrorRange } from '../../../../src/kernel/agreement/published/kappaFromMargins.ts';
import { printedNumber, roundingOf } from '../../../../src/kernel/agreement/published/printedNumber.ts';
import { cheapestTable } from '../../../../src/kernel/agreement/published/transport.ts';

const coefficient = (value: string, low?: string, high?: string) => ({
  value: printedNumber(value),
  ...(low && high ? { interval: [printedNumber(low), printedNumber(high)] as const } : {}),
});
const checksOf = (name: 'κ' | 'ρ', ...texts: [string, string?, string?]) =>
  checkInterval('GGO', name, coefficient(...texts)).map(({ code }) => code);

describe('a coefficient by itself', () => {
  it('lies within −1 to 1, but for its rounding', () => {
    for (const text of ['1', '1.00', '-1.00', '0.995', '−1']) expect(checksOf('ρ', text), text).toEqual([]);
    for (const text of ['1.01', '-1.01', '1.1', '-2']) expect(checksOf('ρ', text), text).toEqual(['coefficient-range']);
    // Half a unit of the last digit: 1.005 to 1.015 may be no 1.
    expect(roundingOf(printedNumber('1.01'))).toEqual({
      low: expect.closeTo(1.005, 12),
      high: expect.closeTo(1.015, 12),
    });
  });

  it('may be an end of its interval, and lies nowhere beyond', () => {
    expect(checksOf('ρ', '0.50', '0.50', '0.70')).toEqual([]);
    expect(checksOf('ρ', '0.50', '0.30', '0.50')).toEqual([]);
    expect(checksOf('ρ', '0.50', '0.51', '0.70')).toEqual(['interval-order']);
    expect(checksOf('ρ', '0.50', '0.30', '0.49')).toEqual(['interval-order']);
  });

  it('of κ lies in the middle, but for half a digit of each end and twice of its own', () => {
    // .09 below and .11 above: .02 apart, which 4 roundings of .005 can make.
    expect(checksOf('κ', '0.39', '0.30', '0.50')).toEqual([]);
    expect(checksOf('κ', '0.39', '0.30', '0.51')).toEqual(['interval-asymmetry']);
    expect(checksOf('κ', '0.39', '0.27', '0.48')).toEqual(['interval-asymmetry']);
    // Digits more make it sharper.
    expect(checksOf('κ', '0.390', '0.300', '0.483')).toEqual(['interval-asymmetry']);
    expect(checksOf('κ', '0.390', '0.300', '0.482')).toEqual([]);
  });

  it('of κ may lean where it is cut off at 1, and of ρ always', () => {
    expect(checksOf('κ', '0.90', '0.70', '1.00')).toEqual([]);
    expect(checksOf('κ', '0.90', '0.70', '0.99')).toEqual(['interval-asymmetry']);
    expect(checksOf('ρ', '0.90', '0.70', '0.99')).toEqual([]);
  });

  it('says how far the ends are', () => {
    const [finding] = checkInterval('GGO', 'κ', coefficient('0.39', '0.30', '0.51'));
    expect(finding).toMatchObject({
      found: '0.09 below and 0.12 above',
      message:
        'GGO: the interval of κ 0.39 [0.30–0.51] reaches 0.09 below and 0.12 above, more than rounding apart; a large-sample interval is symmetric.',
    });
  });
});

describe('κ under its margins', () => {
  // Half and half on the left, 45 and 5 of 50 on the right: 30 agree at most, 20 at least, 25 by chance.
  const [left, right] = [
    [25, 25],
    [45, 5],
  ];

  it('ends where its rounding leaves the range', () => {
    const checks = (kappa: string) =>
      checkKappa('GGO', { left: left!, right: right!, n: 50 }, coefficient(kappa), ['none']).map(({ code }) => code);
    expect(['0.20', '-0.20', '0.2', '0.205'].map(checks)).toEqual([[], [], [], ['kappa-margins']]);
    expect(['0.21', '-0.21'].map(checks)).toEqual([['kappa-margins'], ['kappa-margins']]);
  });

  it('may be the end itself, rounded away from 0', () => {
    // Nobody agrees, where ⅓ would by chance: κ is −½, which is −1 without decimals.
    expect(checkKappa('GGO', { left: [20, 20, 20], right: [20, 20, 20], n: 60 }, coefficient('-1'), ['none'])).toEqual(
      [],
    );
  });

  it('is as it is for shares of other totals, and has no value without cases', () => {
    const twice = kappaRange([50, 50], right!, 'none');
    expect([valueIn(twice.min), valueIn(twice.max)]).toEqual([expect.closeTo(-0.2, 12), expect.closeTo(0.2, 12)]);
    const none = { undefinedBecause: 'a side has no cases' };
    expect(kappaRange([0, 0], right!, 'none')).toEqual({ min: none, max: none });
    expect(kappaStandardErrorRange({ left: left!, right: [0, 0], n: 50 }, 'none', 0.1).min).toEqual(none);
    expect(kappaRange([5, 0], [5, 0], 'none').max).toHaveProperty('undefinedBecause');
  });

  it('has no standard error beyond that range, and one up to its ends', () => {
    const ends = (kappa: number) => kappaStandardErrorRange({ left: left!, right: right!, n: 50 }, 'none', kappa);
    for (const kappa of [-0.21, 0.21])
      expect(ends(kappa).max).toEqual({ undefinedBecause: 'the margins do not allow this κ' });
    // One table alone has 25 or 5 in the corner, so that both bounds meet.
    for (const kappa of [-0.2, 0.2]) {
      const { min, max } = ends(kappa);
      expect(valueIn(max)).toBeCloseTo(valueIn(min)!, 6);
      expect(valueIn(min)).toBeGreaterThan(0.05);
    }
  });

  it('takes the weights that fit its interval', () => {
    // With 20 of 60 in each of three categories 40 agree, and 1.96·√(⅔·⅓/60)/⅔ is .179 for unweighted κ.
    const margins = { left: [20, 20, 20], right: [20, 20, 20], n: 60 };
    const said = (low: string, high: string) =>
      checkKappa('GGO', margins, coefficient('0.50', low, high)).map(({ message }) => message);
    expect(said('0.32', '0.68')).toEqual([]);
    expect(said('0.33', '0.67')).toEqual([
      'GGO: the interval of κ 0.50 [0.33–0.67] is ± 0.170; with these counts and n 60 a large-sample 95 % interval is unweighted ± 0.178 to 0.179, linear ± 0.158 to 0.224, quadratic ± 0.134 to 0.269. It fits linear or quadratic κ only.',
    ]);
    expect(said('0.24', '0.76')).toEqual([expect.stringContaining('It fits quadratic κ only.')]);
    expect(said('0.48', '0.52')).toEqual([expect.stringContaining('It fits none of them')]);
    // An end at 1 says nothing of the width.
    expect(checkKappa('GGO', margins, coefficient('0.90', '0.85', '1.00'))).toEqual([]);
  });
});

describe('p of ρ', () => {
  const checks = (rho: string, relation: '=' | '<', p: string) =>
    checkRho('GGO', printedNumber(rho), { relation, value: printedNumber(p) }, 30);

  it('is any of the ρ that are printed so', () => {
    // By t with 28 degrees of freedom (scipy): .302 for .195 and .277 for .205.
    for (const p of ['0.30', '0.28', '0.277', '0.302']) expect(checks('0.20', '=', p), p).toEqual([]);
    for (const p of ['0.27', '0.31']) expect(checks('0.20', '=', p), p).toHaveLength(1);
    expect(checks('-0.20', '=', '0.29')).toEqual([]);
    expect(checks('-0.20', '=', '0.31')).toMatchObject([{ expected: '0.28 to 0.30', found: '0.31' }]);
  });

  it('reaches 1 where ρ may be 0, whichever side its rounding leans to', () => {
    // .979 for ±.005.
    for (const p of ['1.00', '0.98']) expect(checks('0.00', '=', p), p).toEqual([]);
    expect(checks('0.00', '=', '0.97')).toHaveLength(1);
    expect(checks('0.0', '=', '0.80')).toEqual([]);
  });

  it('is 0 where ρ may be 1', () => {
    expect(checks('1.00', '<', '0.001')).toEqual([]);
    expect(checks('1.00', '=', '0.05')).toHaveLength(1);
  });

  it('printed as less than a limit fits up to that limit', () => {
    expect(checks('0.20', '<', '0.28')).toEqual([]);
    expect(checks('0.20', '<', '0.27')).toMatchObject([{ found: '< 0.27' }]);
  });
});

describe('the cheapest table', () => {
  it('costs what linear programming finds', () => {
    // By scipy's linprog: 1020 for these costs.
    const costs = [
      [8, 6, 10, 9],
      [9, 12, 13, 7],
      [14, 9, 16, 5],
    ];
    const cells = cheapestTable([35, 50, 40], [45, 20, 30, 30], (i, j) => costs[i]![j]!);
    const rows = [0, 1, 2].map((i) => [...cells.slice(4 * i, 4 * i + 4)]);
    expect(rows.map((row) => row.reduce((a, b) => a + b, 0))).toEqual([35, 50, 40]);
    expect([0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + row[j]!, 0))).toEqual([45, 20, 30, 30]);
    expect(rows.flat().every((count) => count >= 0)).toBe(true);
    expect(cells.reduce((sum, count, cell) => sum + count * costs.flat()[cell]!, 0)).toBe(1020);
  });

  it('takes back what it gave, where that is cheaper', () => {
    // The first row goes to the first column until the second row, which has no other cheap one, needs it.
    const cells = cheapestTable(
      [1, 1],
      [1, 1],
      (i, j) =>
        [
          [0, 1],
          [0, 9],
        ][i]![j]!,
    );
    expect([...cells]).toEqual([0, 1, 1, 0]);
  });

  it('is empty of empty margins', () => {
    expect([...cheapestTable([0, 0], [0, 0], () => 1)]).toEqual([0, 0, 0, 0]);
  });
});
