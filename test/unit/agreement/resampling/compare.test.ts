/** Differences of two agreements on the same patients. */
import { describe, expect, it } from 'vitest';
import { kappaStatistic } from '../../../../src/kernel/agreement/categories/kappaValue.ts';
import { intraclassStatistic } from '../../../../src/kernel/agreement/continuous/intraclass.ts';
import { spearmanStatistic } from '../../../../src/kernel/agreement/correlation/spearman.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { compareAgreements, compareIndependent } from '../../../../src/kernel/agreement/resampling/compare.ts';
import { clustersOf, type Statistic } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { createRandom } from '../../../../src/kernel/base/random.ts';

const random = createRandom('compare');
const truth = Array.from({ length: 80 }, () => Math.floor(random.between(0, 4)));
const reader = (errors: number) =>
  truth.map((grade) =>
    random.chance(errors) ? Math.min(3, Math.max(0, grade + (random.chance(0.5) ? 1 : -1))) : grade,
  );
const [good, bad, similar] = [reader(0.1), reader(0.7), reader(0.1)];
const kappaWith = (other: readonly number[]) => kappaStatistic(truth, other, 4, 'linear');
const plan = { repetitions: 1000, seed: 5 };

describe('compareAgreements', () => {
  it('tells a good reader from a bad one', () => {
    const { difference, ciLow, ciHigh, p } = compareAgreements(80, kappaWith(good), kappaWith(bad), plan);
    expect(valueIn(difference)).toBeGreaterThan(0.2);
    expect(valueIn(ciLow)).toBeGreaterThan(0);
    expect(valueIn(ciHigh)).toBeLessThan(1);
    expect(valueIn(p)).toBeCloseTo(2 / 1001, 12);
  });

  it('does not tell two equal ones apart, nor anything from itself', () => {
    const { ciLow, ciHigh, p } = compareAgreements(80, kappaWith(good), kappaWith(similar), plan);
    expect(valueIn(ciLow)).toBeLessThan(0);
    expect(valueIn(ciHigh)).toBeGreaterThan(0);
    expect(valueIn(p)).toBeGreaterThan(0.05);
    expect(compareAgreements(80, kappaWith(good), kappaWith(good), plan)).toEqual({
      difference: { value: 0 },
      ciLow: { value: 0 },
      ciHigh: { value: 0 },
      se: { value: 0 },
      p: { value: 1 },
      withoutValue: 0,
    });
  });

  it('changes its sign with the order of the two', () => {
    const [one, other] = [
      compareAgreements(80, spearmanStatistic(truth, good), spearmanStatistic(truth, bad), plan),
      compareAgreements(80, spearmanStatistic(truth, bad), spearmanStatistic(truth, good), plan),
    ];
    expect(valueIn(one.difference)).toBe(-valueIn(other.difference)!);
    expect(valueIn(one.ciLow)).toBeCloseTo(-valueIn(other.ciHigh)!, 12);
    expect(one.p).toEqual(other.p);
  });

  it('is wider when cases come in patients that are alike', () => {
    // Each patient four times: as many cases, but no more patients.
    const repeated = <T>(values: readonly T[]) => values.slice(0, 20).flatMap((value) => [value, value, value, value]);
    const [a, b, c] = [repeated(truth), repeated(good), repeated(bad)];
    const statistics = [b, c].map((other) =>
      intraclassStatistic(
        a.map((grade, n) => [grade, other[n]!]),
        'icc21',
      ),
    );
    const cases = compareAgreements(80, statistics[0]!, statistics[1]!, plan);
    const patients = clustersOf(a.map((_, n) => `P${Math.floor(n / 4)}`));
    const clustered = compareAgreements(patients, statistics[0]!, statistics[1]!, plan);
    expect(clustered.difference).toEqual(cases.difference);
    // Four copies of each case halve the standard error of cases, and leave that of patients.
    expect(valueIn(clustered.se)! / valueIn(cases.se)!).toBeGreaterThan(1.5);
  });

  it('says why there is no difference', () => {
    const constant = kappaStatistic(
      truth.map(() => 1),
      truth.map(() => 1),
      4,
      'none',
    );
    expect(compareAgreements(80, constant, kappaWith(good), plan).p).toEqual({
      undefinedBecause: 'at least one of the two statistics has no value for these data',
    });
  });
});

describe('a margin', () => {
  const p = (margin: number) =>
    valueIn(compareAgreements(80, kappaWith(similar), kappaWith(good), { ...plan, margin }).pNotWorse!)!;

  it('that is wide shows that the first is not worse, by the share of samples beyond it', () => {
    expect(p(2)).toBe(1 / 1001);
    expect(p(0.3)).toBeLessThan(0.025);
    expect(p(0.001)).toBeGreaterThan(p(0.1));
  });

  it('and the lower end of the interval agree', () => {
    const low = valueIn(compareAgreements(80, kappaWith(similar), kappaWith(good), plan).ciLow)!;
    // 2.5 % of the samples lie below the lower end, but for the ranks beside it.
    expect(p(-low + 1e-9)).toBeLessThanOrEqual(0.027);
    expect(p(-low - 0.02)).toBeGreaterThan(0.025);
  });
});

describe('compareIndependent', () => {
  it('resamples each group by itself: its variance is the sum of both', () => {
    const [north, south] = [
      { units: 40, statistic: meanOf(truth.slice(0, 40)) },
      { units: 40, statistic: meanOf(truth.slice(40)) },
    ];
    const { difference, se } = compareIndependent(north, south, { repetitions: 4000, seed: 2 });
    expect(valueIn(difference)).toBeCloseTo(average(truth.slice(0, 40)) - average(truth.slice(40)), 12);
    const variance = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + (value - average(values)) ** 2, 0) / values.length ** 2;
    const expected = Math.sqrt(variance(truth.slice(0, 40)) + variance(truth.slice(40)));
    expect(valueIn(se)! / expected).toBeGreaterThan(0.95);
    expect(valueIn(se)! / expected).toBeLessThan(1.05);
  });
});

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function meanOf(values: readonly number[]): Statistic {
  return (sample) => average(Array.from(sample, (n) => values[n]!));
}
