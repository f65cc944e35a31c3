/** Regressions, survival and tests of groups against R (test/reference/association.R). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countsTest } from '../../../../src/kernel/agreement/association/countsOfGroups.ts';
import { coxModel } from '../../../../src/kernel/agreement/association/coxModel.ts';
import { designOf, type Variable } from '../../../../src/kernel/agreement/association/design.ts';
import { kaplanMeier, logRank, medianSurvival } from '../../../../src/kernel/agreement/association/kaplanMeier.ts';
import { kruskalWallis } from '../../../../src/kernel/agreement/association/kruskalWallis.ts';
import { linearModel } from '../../../../src/kernel/agreement/association/linearModel.ts';
import { lineBand } from '../../../../src/kernel/agreement/association/lineBand.ts';
import { logisticModel } from '../../../../src/kernel/agreement/association/logisticModel.ts';
import { mannWhitney } from '../../../../src/kernel/agreement/association/mannWhitney.ts';
import { welchTest } from '../../../../src/kernel/agreement/association/meansOfGroups.ts';
import { skewness } from '../../../../src/kernel/agreement/association/shape.ts';
import {
  differenceOfCategories,
  differenceOfNumbers,
} from '../../../../src/kernel/agreement/association/standardisedDifference.ts';
import { type Estimate, valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import type { NamedStatistic } from '../../../../src/kernel/agreement/statisticRow.ts';
import { close, type Reference } from './close.ts';

interface Study {
  readonly name: string;
  readonly data: {
    readonly extent: number[];
    readonly age: number[];
    readonly sex: string[];
    readonly antibody: string[];
    readonly fvc: number[];
    readonly progressed: boolean[];
    readonly months: number[];
    readonly died: boolean[];
  };
  readonly models: {
    /** Value, standard error, interval, p. */
    readonly linear: Reference[][];
    readonly rSquared: Reference[];
    readonly logistic: Reference[][];
    readonly cox: Reference[][];
    readonly concordance: Reference[];
    /** χ² and p of proportional hazards. */
    readonly zph: Reference[][];
    readonly thirds: number[];
    readonly logRank: Reference[];
    /** Time, at risk, events, survival, interval. */
    readonly survival: Reference[][];
    readonly median: Reference[];
  };
  readonly groups: Readonly<
    Record<
      'mannWhitney' | 'kruskalWallis' | 'welch' | 'welch3' | 'numbersApart' | 'categoriesApart' | 'skewness',
      Reference[]
    >
  > & {
    readonly chiSquare: { readonly counts: number[][]; readonly value: Reference[] };
    readonly fisher: { readonly counts: number[][]; readonly p: Reference[] };
  };
}

const studies: Study[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../reference/association.json'), 'utf8'),
);

const parts = ({ value, se, interval, p }: NamedStatistic) =>
  [value, se, interval?.ciLow, interval?.ciHigh, p].map((estimate) => estimate && valueIn(estimate));
const one = (estimate: Estimate) => [valueIn(estimate)];

describe.each(studies)('the study $name', ({ data, models, groups }) => {
  const variables: Variable[] = [
    { name: 'extent', kind: 'number', values: data.extent },
    { name: 'age', kind: 'number', values: data.age },
    { name: 'sex', kind: 'category', values: data.sex, levels: ['female', 'male'] },
    { name: 'antibody', kind: 'category', values: data.antibody, levels: ['Jo-1', 'MDA5', 'none'] },
  ];
  const { columns } = designOf(variables);
  const of = <T>(values: readonly T[], group: readonly unknown[], wanted: unknown) =>
    values.filter((_, i) => group[i] === wanted);
  const survival = data.months.map((time, i) => ({ time, event: data.died[i]! }));

  it('has R’s linear model with HC3', () => {
    const { coefficients, overall } = linearModel(columns, data.fvc);
    close([overall[0]!, ...coefficients].map(parts), models.linear);
    close([valueIn(overall[1]!.value), valueIn(overall[1]!.p!), valueIn(overall[2]!.value)], models.rSquared);
  });

  it('has a band about the line that is the interval of a linear model’s height', () => {
    const place = 12;
    const shifted = [{ name: 'extent', values: data.extent.map((value) => value - place) }];
    const [intercept] = linearModel(shifted, data.fvc).overall;
    const [line] = lineBand(data.extent, data.fvc, [place]);
    close([line!.value, line!.low, line!.high], parts(intercept!).filter((_, n) => [0, 2, 3].includes(n)) as number[]);
    expect(lineBand([1, 1, 1], [1, 2, 3], [1])).toEqual([]);
  });

  it('has R’s logistic model', () => {
    close(logisticModel(columns.slice(0, 3), data.progressed).coefficients.map(parts), models.logistic);
  });

  it('has R’s Cox model with Efron’s ties, its concordance and its test of proportional hazards', () => {
    const { coefficients, overall } = coxModel(columns.slice(0, 3), survival);
    close(coefficients.map(parts), models.cox);
    close(one(overall[0]!.value), models.concordance);
    close(
      overall.slice(1).map(({ value, p }) => [valueIn(value), valueIn(p!)]),
      models.zph,
    );
  });

  it('has R’s survival curve, median and log-rank test', () => {
    const steps = kaplanMeier(survival);
    // R carries the last interval on; there is none at 0 and 1.
    close(
      steps.map(({ time, atRisk, events, survival }) => [time, atRisk, events, survival]),
      models.survival.map((row) => row.slice(0, 4)),
    );
    for (const [n, { low, high }] of steps.entries())
      if (low !== undefined) close([low, high], models.survival[n]!.slice(4));
    close(one(medianSurvival(steps)), models.median);
    const { chiSquare, degreesOfFreedom, p } = logRank([1, 2, 3].map((third) => of(survival, models.thirds, third)));
    close([valueIn(chiSquare), degreesOfFreedom, valueIn(p)], models.logRank);
  });

  it('has R’s tests of groups and sizes of effects', () => {
    const [male, female] = ['male', 'female'].map((sex) => of(data.fvc, data.sex, sex));
    const { u, rankBiserial } = mannWhitney(male!, female!);
    const [value, se, low, high, p] = parts(rankBiserial);
    close([u, p, value, se, low, high], groups.mannWhitney);
    const byAntibody = ['Jo-1', 'MDA5', 'none'].map((own) => of(data.fvc, data.antibody, own));
    const ranked = kruskalWallis(byAntibody);
    close([valueIn(ranked.test!.value!), valueIn(ranked.p!), valueIn(ranked.value)], groups.kruskalWallis);
    for (const [own, reference] of [
      [[male!, female!], groups.welch],
      [byAntibody, groups.welch3],
    ] as const) {
      const welch = welchTest(own);
      close([valueIn(welch.value), welch.test!.degreesOfFreedom![1], valueIn(welch.p!)], reference);
    }
  });

  it('has R’s tests of counts, and differences of groups in units of their spread', () => {
    const chiSquare = countsTest(groups.chiSquare.counts);
    if (chiSquare.name === 'χ²')
      close([valueIn(chiSquare.test!.value!), valueIn(chiSquare.p!), valueIn(chiSquare.value)], groups.chiSquare.value);
    const fisher = countsTest(groups.fisher.counts);
    expect(fisher.name).toBe('Fisher’s exact test');
    close(one(fisher.p!), groups.fisher.p);
    const bySex = ['female', 'male'].map((sex) => of(data.fvc, data.sex, sex));
    close(one(differenceOfNumbers(bySex)), groups.numbersApart);
    const counts = groups.chiSquare.counts;
    const turned = counts[0]!.map((_, j) => counts.map((row) => row[j]!));
    close(one(differenceOfCategories(turned)), groups.categoriesApart);
    close([skewness(data.extent)], groups.skewness);
  });
});
