/** The κ curve against tables made anew at every position. */
import { describe, expect, it } from 'vitest';
import { contingencyTable } from '../../../../src/kernel/agreement/categories/contingency.ts';
import { cohenKappa } from '../../../../src/kernel/agreement/categories/kappa.ts';
import { type CurveSide, kappaCurve } from '../../../../src/kernel/agreement/categories/kappaCurve.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { createRandom } from '../../../../src/kernel/base/random.ts';
import { categoryOf } from '../../../../src/kernel/tables/categories.ts';

const CUTS = [1, 25, 50, 75];
const random = createRandom('curve');
// Whole percentages, so that many lie on a cut.
const percents = Array.from({ length: 200 }, () => Math.floor(random.between(0, 101)));
const near = percents.map((percent) => Math.min(100, Math.max(0, percent + Math.round(random.normal() * 10))));
const percentSide = (values: readonly number[]): CurveSide => ({ kind: 'percent', values });
const scores = near.map((percent) => categoryOf(percent, CUTS));

function kappaAt(left: readonly number[], right: readonly number[] | undefined, cuts: readonly number[]) {
  const categories = (values: readonly number[]) => values.map((value) => categoryOf(value, cuts));
  const table = contingencyTable(categories(left), right ? categories(right) : scores, cuts.length + 1);
  return {
    none: cohenKappa(table, 'none'),
    linear: cohenKappa(table, 'linear'),
    quadratic: cohenKappa(table, 'quadratic'),
  };
}

/** `toEqual` finds NaN equal to NaN: κ of these data is a number. */
function expectSameKappa(own: ReturnType<typeof kappaAt>, reference: ReturnType<typeof kappaAt>): void {
  expect(own).toEqual(reference);
  for (const { kappa } of Object.values(own)) expect(valueIn(kappa)).toBeGreaterThan(-1);
}

describe('kappaCurve', () => {
  it('is the κ of a table made anew, whichever way the cut moves', () => {
    const grid = [2, 10, 25, 49, 30, 25, 1.5];
    const points = kappaCurve(percentSide(percents), percentSide(near), CUTS, 1, grid);
    expect(points.map(({ position }) => position)).toEqual(grid);
    for (const { cutPoints, kappa } of points) expectSameKappa(kappa, kappaAt(percents, near, cutPoints));
  });

  it('leaves scores as they are', () => {
    const points = kappaCurve(percentSide(percents), { kind: 'score', values: scores }, CUTS, 3, [51, 75, 99]);
    expect(points.map(({ position }) => position)).toEqual([51, 75, 99]);
    for (const { cutPoints, kappa } of points) expectSameKappa(kappa, kappaAt(percents, undefined, cutPoints));
  });

  it('leaves out positions that reach a neighbouring cut', () => {
    const points = kappaCurve(percentSide(percents), percentSide(near), CUTS, 1, [0, 1, 2, 49, 50, 60]);
    expect(points.map(({ cutPoints }) => cutPoints)).toEqual([
      [1, 2, 50, 75],
      [1, 49, 50, 75],
    ]);
  });

  it('puts every patient above a cut that lies below all of them, and back', () => {
    const [left, right] = [
      [30, 40, 80],
      [35, 45, 30],
    ];
    const points = kappaCurve(percentSide(left!), percentSide(right!), [25, 50], 0, [45, 20, 31]);
    expect(points.map(({ percentAgreement }) => valueIn(percentAgreement)?.toFixed(1))).toEqual([
      '33.3',
      '66.7',
      '33.3',
    ]);
  });

  it('counts percent agreement', () => {
    const [point] = kappaCurve(percentSide([0, 10, 30, 80]), percentSide([0, 30, 30, 80]), CUTS, 1, [25]);
    expect(point!.percentAgreement).toEqual({ value: 75 });
  });

  it('has no points without positions, and says why there is no κ without pairs', () => {
    expect(kappaCurve(percentSide(percents), { kind: 'score', values: scores }, CUTS, 1, [])).toEqual([]);
    const [point] = kappaCurve(percentSide([]), percentSide([]), CUTS, 1, [25]);
    expect(point!.kappa.none.kappa).toEqual({ undefinedBecause: 'there are no pairs' });
  });
});
