/** Readers under two conditions, against what OR-DBM MRMC prints of Van Dyke's study, and against base R. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kappaStatistic } from '../../../../src/kernel/agreement/categories/kappaValue.ts';
import { spearmanStatistic } from '../../../../src/kernel/agreement/correlation/spearman.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { aucStatistic } from '../../../../src/kernel/agreement/multireader/empiricalAuc.ts';
import {
  type Inference,
  obuchowskiRockette,
  type ReaderCells,
} from '../../../../src/kernel/agreement/multireader/obuchowskiRockette.ts';
import { readerCell } from '../../../../src/kernel/agreement/multireader/readerCell.ts';
import type { Statistic } from '../../../../src/kernel/agreement/resampling/resample.ts';

interface Expected {
  readonly components: readonly number[];
  readonly both: readonly number[];
  readonly cases: readonly number[];
  readonly readers: readonly number[];
}
/** As multireader.R writes it. */
interface ReferenceSet {
  readonly name: string;
  readonly truth: readonly number[];
  readonly readings: readonly (readonly [readonly (number | null)[], readonly (number | null)[]])[];
  readonly kappa: Expected;
  readonly rho: Expected;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../reference/${name}.json`, import.meta.url), 'utf8'));
const vanDyke = read('vanDyke');
const byR: { readonly sets: readonly ReferenceSet[] } = read('multireader');

function cell(cases: readonly number[], statistic: Statistic) {
  const made = readerCell(cases, statistic);
  if ('reason' in made) throw new Error(made.reason);
  return made;
}

const numbers = ({ value, se, ciLow, ciHigh, p, test }: Inference) => ({
  value: valueIn(value),
  se: valueIn(se),
  ci: [valueIn(ciLow), valueIn(ciHigh)],
  p: valueIn(p),
  df: test?.degreesOfFreedom?.[0],
});

describe('Van Dyke’s study, areas under the curve', () => {
  const ratings = (reader: number, treatment: number): number[] =>
    ['normal', 'diseased'].flatMap((group) =>
      vanDyke[group][reader].split(' ').map((pair: string) => Number(pair[treatment])),
    );
  const diseased = Array.from({ length: 114 }, (_, n) => n >= 69);
  const all = diseased.map((_, n) => n);
  const readers = [0, 1, 2, 3, 4].map((reader) => {
    const [a, b] = [0, 1].map((treatment) => cell(all, aucStatistic(ratings(reader, treatment), diseased)));
    return [a!, b!] as const;
  });
  const { printed } = vanDyke;
  const analysis = obuchowskiRockette(readers, 0.95);

  it('has the areas, mean squares and covariances', () => {
    for (const [n, [a, b]] of readers.entries())
      for (const [t, one] of [a, b].entries()) expect(one.value).toBeCloseTo(printed.auc[n][t], 8);
    const { components } = analysis;
    expect(components.condition).toBeCloseTo(printed.meanSquares.treatment, 8);
    expect(components.conditionByReader).toBeCloseTo(printed.meanSquares.treatmentByReader, 8);
    expect(components.reader[0]).toBeCloseTo(printed.meanSquares.reader[0], 8);
    expect(components.reader[1]).toBeCloseTo(printed.meanSquares.reader[1], 8);
    for (const name of ['variance', 'cov1', 'cov2', 'cov3'] as const)
      expect(components[name]).toBeCloseTo(printed.covariances[name], 8);
  });

  it.each([
    ['both', 'randomBoth'],
    ['cases', 'randomCases'],
    ['readers', 'randomReaders'],
  ] as const)('has the difference for %s', (generalises, name) => {
    const found = numbers(analysis.difference[generalises]);
    const { difference, se, df, p, ci } = printed[name];
    // Printed is the first minus the second.
    expect(-found.value!).toBeCloseTo(difference, 5);
    expect(found.se).toBeCloseTo(se, 5);
    expect(found.p).toBeCloseTo(p, 4);
    if (df === undefined) expect(found.df).toBeUndefined();
    else expect(found.df).toBeCloseTo(df, 2);
    expect(-found.ci[1]!).toBeCloseTo(ci[0], 5);
    expect(-found.ci[0]!).toBeCloseTo(ci[1], 5);
  });

  it('has each treatment and each reader by themselves', () => {
    for (const [n, own] of analysis.conditions.entries()) {
      const { auc, se, ci } = printed.treatments[n];
      const found = numbers(own);
      expect(found.value).toBeCloseTo(auc, 8);
      expect(found.se).toBeCloseTo(se, 8);
      expect(found.ci[0]).toBeCloseTo(ci[0], 7);
      expect(found.ci[1]).toBeCloseTo(ci[1], 7);
    }
    for (const [n, own] of analysis.readers.entries()) {
      const { difference, se, p } = printed.readers[n];
      expect(-valueIn(own.value)!).toBeCloseTo(difference, 5);
      expect(valueIn(own.se)).toBeCloseTo(se, 5);
      expect(valueIn(own.p)).toBeCloseTo(p, 4);
    }
  });
});

describe.each(byR.sets)('against R: $name', (set) => {
  it('has κ and ρ with the same mean squares, covariances, errors and p', () => {
    // A row per case, reader by reader without and with; null where a reader lacks it.
    const { truth, readings, kappa, rho } = set;
    const readers = (statistic: (own: number[], true_: number[]) => Statistic): ReaderCells[] =>
      readings.map(([without, with_]) => {
        const cases = truth.flatMap((_, n) => (without[n] === null || with_[n] === null ? [] : [n]));
        const of = (values: readonly (number | null)[]) =>
          cell(
            cases,
            statistic(
              cases.map((n) => values[n] ?? 0),
              cases.map((n) => truth[n]!),
            ),
          );
        return [of(without), of(with_)];
      });
    for (const [expected, statistic] of [
      [kappa, (own: number[], true_: number[]) => kappaStatistic(own, true_, 5, 'quadratic')],
      [rho, spearmanStatistic],
    ] as const) {
      const { components, difference } = obuchowskiRockette(readers(statistic), 0.95);
      const { condition, conditionByReader, variance, cov1, cov2, cov3 } = components;
      const found = [condition, conditionByReader, variance, cov1, cov2, cov3];
      for (const [n, value] of expected.components.entries()) expect(found[n]).toBeCloseTo(value, 10);
      for (const name of ['both', 'cases', 'readers'] as const) {
        const { value, se, df, p, ci } = numbers(difference[name]);
        for (const [n, one] of [value, se, p, ...ci, ...(df === undefined ? [] : [df])].entries())
          expect(one).toBeCloseTo(expected[name][n] ?? Number.NaN, n === 5 ? 6 : 9);
      }
    }
  });
});

describe('what cannot be compared', () => {
  const diseased = [true, true, true, false, false, false];
  const all = diseased.map((_, n) => n);
  const one = cell(all, aucStatistic([3, 2, 3, 1, 2, 2], diseased));
  const other = cell(all, aucStatistic([3, 3, 3, 1, 2, 1], diseased));

  it('says of a single reader nothing of others, and of cases what there is', () => {
    const { difference } = obuchowskiRockette([[one, other]], 0.95);
    expect(difference.both.p).toMatchObject({ undefinedBecause: expect.stringContaining('other readers') });
    expect(valueIn(difference.cases.p)).toBeGreaterThan(0);
  });

  it('tests nothing where both conditions are the same', () => {
    const { difference } = obuchowskiRockette(
      [
        [one, one],
        [other, other],
      ],
      0.95,
    );
    expect(valueIn(difference.both.value)).toBe(0);
    expect(difference.both.p).toHaveProperty('undefinedBecause');
  });

  it('gives a reason where a statistic has no value', () => {
    expect(readerCell([0, 1], aucStatistic([1, 2], [true, false]))).toHaveProperty('reason');
    expect(readerCell([0, 1, 2], aucStatistic([1, 2, 3], [true, true, true]))).toHaveProperty('reason');
    expect(readerCell([0, 1, 2], aucStatistic([1, 2, 3], [true, false, false]))).toHaveProperty('reason');
  });
});
