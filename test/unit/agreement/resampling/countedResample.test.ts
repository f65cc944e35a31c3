/** Intervals by counts are those by samples, to the last digit. */
import { describe, expect, it } from 'vitest';
import {
  type AgreementPairs,
  type ConfidenceMethod,
  pairedCategories,
  pairedValues,
  patientClusters,
  resampledIntervals,
} from '../../../../src/kernel/agreement/agreementTable.ts';
import { kappaStatistic } from '../../../../src/kernel/agreement/categories/kappaValue.ts';
import { spearmanStatistic } from '../../../../src/kernel/agreement/correlation/spearman.ts';
import { bootstrapInterval } from '../../../../src/kernel/agreement/resampling/bootstrap.ts';
import { compareAgreements } from '../../../../src/kernel/agreement/resampling/compare.ts';
import { forEachCountedResample } from '../../../../src/kernel/agreement/resampling/countedResample.ts';
import { forEachResample } from '../../../../src/kernel/agreement/resampling/resample.ts';
import { createRandom } from '../../../../src/kernel/base/random.ts';

const random = createRandom('counted');

/** `lobes` cases of each patient, in tenths of a percent beside a category. */
function study(patients: number, lobes = 1): AgreementPairs {
  const pairs = Array.from({ length: patients * lobes }, (_, n) => {
    const rightCategory = Math.floor(random() * 5);
    const left = Math.round(10 * Math.min(100, Math.exp(random.normal() + rightCategory))) / 10;
    return {
      patient: `P${Math.floor(n / lobes)}`,
      left,
      right: rightCategory,
      leftCategory: Math.min(4, Math.floor(left / 20)),
      rightCategory,
    };
  });
  return { region: 'total', class: 'ggo', pairs, missing: 0, categories: 5 };
}

function statisticsOf(group: AgreementPairs) {
  return [
    spearmanStatistic(...pairedValues(group)),
    kappaStatistic(...pairedCategories(group), group.categories, 'linear'),
  ];
}

describe('resamples by counts', () => {
  it('are the samples that are drawn one by one, again and again', () => {
    const kindOf = [0, 1, 1, 2, 0];
    for (const units of [5, [[0, 1], [2], [3, 4]]]) {
      const counts: number[][] = [];
      for (const _ of [1, 2])
        forEachCountedResample({ units, kindOf, kinds: 3 }, 50, 7, (times) => counts.push([...times]));
      const drawn: number[][] = [];
      forEachResample(units, 50, 7, (sample) => {
        const times = [0, 0, 0];
        for (const number of sample) times[kindOf[number]!]!++;
        drawn.push(times);
      });
      expect(counts).toEqual([...drawn, ...drawn]);
    }
  });

  it.each<ConfidenceMethod>([
    { kind: 'bootstrap', repetitions: 200, seed: 3 },
    { kind: 'bca', repetitions: 200, seed: 4, confidence: 0.9 },
  ])('give the intervals of $kind to the last digit', (ci) => {
    const plan = { ...ci, method: ci.kind === 'bca' ? 'bca' : 'percentile', repetitions: 200, seed: 0 } as const;
    const seed = 'seed' in ci ? ci.seed : 0;
    const group = study(150);
    expect(resampledIntervals(group, ['linear'], ci)).toEqual(
      statisticsOf(group).map((statistic) => ({
        ...bootstrapInterval(150, statistic, { ...plan, seed }),
        resamples: 200,
      })),
    );
    const pooled = study(40, 5);
    expect(resampledIntervals(pooled, ['linear'], ci)).toEqual(
      statisticsOf(pooled).map((statistic) => ({
        ...compareAgreements(patientClusters(pooled), statistic, () => 0, { ...plan, seed }),
        resamples: 200,
      })),
    );
  });

  it('count a case of a printed table as often as it stands', () => {
    const group = study(60);
    const twice = { ...group, pairs: group.pairs.map((pair) => ({ ...pair, times: 2 })) };
    // One patient each: a printed table knows none.
    const spelt = group.pairs.flatMap((pair) => [pair, { ...pair, patient: `${pair.patient} again` }]);
    const ci = { kind: 'bootstrap', repetitions: 100, seed: 1 } as const;
    expect(resampledIntervals(twice, ['none'], ci)).toEqual(
      resampledIntervals({ ...group, pairs: spelt }, ['none'], ci),
    );
  });
});
