/** What cannot be fitted or tested says why, and what to do. */
import { describe, expect, it } from 'vitest';
import { countsTest } from '../../../../src/kernel/agreement/association/countsOfGroups.ts';
import { coxModel } from '../../../../src/kernel/agreement/association/coxModel.ts';
import { designOf } from '../../../../src/kernel/agreement/association/design.ts';
import { asRatio } from '../../../../src/kernel/agreement/association/fittedModel.ts';
import { kaplanMeier, logRank, medianSurvival } from '../../../../src/kernel/agreement/association/kaplanMeier.ts';
import { kruskalWallis } from '../../../../src/kernel/agreement/association/kruskalWallis.ts';
import { linearModel } from '../../../../src/kernel/agreement/association/linearModel.ts';
import { logisticModel } from '../../../../src/kernel/agreement/association/logisticModel.ts';
import { mannWhitney } from '../../../../src/kernel/agreement/association/mannWhitney.ts';
import { welchTest } from '../../../../src/kernel/agreement/association/meansOfGroups.ts';
import { differenceOfNumbers } from '../../../../src/kernel/agreement/association/standardisedDifference.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { undefinedReason } from '../../../../src/kernel/agreement/statisticRow.ts';

const extent = [1, 2, 3, 4, 5, 6, 7, 8];
const x = { name: 'extent', values: extent };
const reasonOf = (model: ReturnType<typeof linearModel>) =>
  undefinedReason(model.coefficients.map(({ value }) => value));

describe('variables of a model', () => {
  it('leave out what is the same for everybody, and name it', () => {
    const { columns, constant } = designOf([
      { name: 'extent', kind: 'number', values: extent },
      { name: 'centre', kind: 'category', values: extent.map(() => 'A'), levels: ['A', 'B'] },
    ]);
    expect([columns.map(({ name }) => name), constant]).toEqual([['extent'], ['centre']]);
  });

  it('are refused where one follows from the others', () => {
    const twice = { name: 'twice', values: extent.map((value) => 2 * value + 1) };
    const y = [3, 1, 4, 1, 5, 9, 2, 6];
    expect(reasonOf(linearModel([x, twice], y))).toMatch(/^twice follows from the other variables: leave one/);
    expect(
      reasonOf(
        logisticModel(
          [x, twice],
          y.map((value) => value > 3),
        ),
      ),
    ).toMatch(/^twice follows/);
  });
});

describe('a linear model', () => {
  it('is not fitted to too few patients, a constant outcome, or a group of one', () => {
    expect(reasonOf(linearModel([x], extent.slice(0, 2)))).toBe(
      '2 patients are too few for 1 variable: adjust for fewer',
    );
    expect(
      reasonOf(
        linearModel(
          [x],
          extent.map(() => 80),
        ),
      ),
    ).toBe('the outcome is the same for all');
    const alone = { name: 'MDA5', values: [1, 0, 0, 0, 0, 0, 0, 0] };
    expect(reasonOf(linearModel([x, alone], [3, 1, 4, 1, 5, 9, 2, 6]))).toMatch(/^a single patient alone decides/);
  });
});

describe('a logistic model', () => {
  it('says that both outcomes are told apart without error', () => {
    expect(
      reasonOf(
        logisticModel(
          [x],
          extent.map((value) => value > 4),
        ),
      ),
    ).toMatch(/^extent tells both outcomes apart without error \(separation\), .*merge groups/);
    const group = { name: 'sex: male against female', values: [0, 0, 0, 0, 0, 1, 1, 1] };
    const yes = [true, false, true, false, true, true, true, true];
    expect(reasonOf(logisticModel([group], yes))).toMatch(/^sex: male against female tells/);
    // By both together, and by neither alone.
    const [a, b] = [
      [1, 2, 3, 4, 1, 2, 3, 4],
      [4, 3, 2, 1, 5, 4, 3, 2],
    ];
    const together = [
      { name: 'a', values: a },
      { name: 'b', values: b },
    ];
    expect(
      reasonOf(
        logisticModel(
          together,
          a.map((value, i) => value + b[i]! > 5),
        ),
      ),
    ).toMatch(/separation/);
  });

  it('is not fitted to one outcome, or to more variables than patients with the rarer one', () => {
    expect(
      reasonOf(
        logisticModel(
          [x],
          extent.map(() => true),
        ),
      ),
    ).toBe('all 8 patients have the same outcome');
    const other = { name: 'age', values: [3, 1, 4, 1, 5, 9, 2, 6] };
    expect(
      reasonOf(
        logisticModel(
          [x, other],
          extent.map((value) => value === 3),
        ),
      ),
    ).toBe('1 patient with the rarer outcome is fewer than the 2 variables: adjust for fewer');
  });

  it('gives odds ratios with their intervals', () => {
    const [slope] = logisticModel([x], [false, false, true, false, true, false, true, true]).coefficients;
    const ratio = asRatio(slope!);
    expect(valueIn(ratio.value)).toBeCloseTo(Math.exp(valueIn(slope!.value)!), 12);
    expect(valueIn(ratio.interval!.ciLow)!).toBeLessThan(valueIn(ratio.value)!);
    expect(valueIn(ratio.p!)).toBe(valueIn(slope!.p!));
  });
});

describe('times to an event', () => {
  const survival = extent.map((value, i) => ({ time: 9 - value, event: i % 2 === 0 }));

  it('need events, as many as there are variables', () => {
    const nobody = survival.map(({ time }) => ({ time, event: false }));
    expect(reasonOf(coxModel([x], nobody))).toBe('none of 8 patients had the event');
    const one = survival.map(({ time }, i) => ({ time, event: i === 3 }));
    const other = { name: 'age', values: [3, 1, 4, 1, 5, 9, 2, 6] };
    expect(reasonOf(coxModel([x, other], one))).toBe('1 event is fewer than the 2 variables: adjust for fewer');
  });

  it('have no hazard ratio where the order of events is that of the variable', () => {
    const all = extent.map((value) => ({ time: 9 - value, event: true }));
    expect(reasonOf(coxModel([x], all))).toMatch(/^all or no events lie on one side of extent/);
  });

  it('have no median where more than half had no event, and no log-rank test of one group', () => {
    const steps = kaplanMeier([
      { time: 1, event: true },
      { time: 2, event: false },
      { time: 3, event: false },
    ]);
    expect(undefinedReason([medianSurvival(steps)])).toBe('more than half had no event');
    expect(undefinedReason([logRank([survival]).p])).toBe('there is one group alone');
    expect(undefinedReason([logRank([survival, []]).p])).toBe('there is one group alone');
  });
});

describe('tests of groups', () => {
  it('have no value where there is nothing to compare', () => {
    expect(undefinedReason([mannWhitney([1, 2], []).rankBiserial.p])).toBe('one of both groups has nobody');
    expect(undefinedReason([mannWhitney([1, 1], [1]).rankBiserial.p])).toBe('all values are the same');
    expect(undefinedReason([kruskalWallis([[1, 2], []]).p])).toBe('there is one group alone');
    expect(undefinedReason([welchTest([[1, 2], [3]]).p])).toBe('a group has fewer than two patients');
    expect(undefinedReason([countsTest([[3, 4]]).p])).toBe('all have the same category');
    expect(
      valueIn(
        differenceOfNumbers([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toBe(0);
  });

  it('have effects at their ends where groups do not overlap, without an interval', () => {
    const { rankBiserial } = mannWhitney([5, 6, 7], [1, 2, 3]);
    expect(valueIn(rankBiserial.value)).toBe(1);
    expect(undefinedReason([rankBiserial.interval!.ciLow])).toBe('the groups do not overlap');
    // 1 of 20 orders on either side.
    expect(valueIn(rankBiserial.p!)).toBeCloseTo(0.1, 12);
  });

  it('are exact for rare categories: Fisher’s tea', () => {
    const tea = countsTest([
      [3, 1],
      [1, 3],
    ]);
    expect([tea.name, valueIn(tea.p!)]).toEqual(['Fisher’s exact test', expect.closeTo(34 / 70, 12)]);
  });
});
