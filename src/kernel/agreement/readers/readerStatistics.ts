/** Every statistic of several readers of one class in one region, in long form. */
import { intraclassStatistics } from '../allStatistics.ts';
import type { NamedWeights } from '../categories/weights.ts';
import type { BootstrapPlan } from '../resampling/bootstrap.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { readerCoefficients } from './chanceCorrected.ts';
import { coefficientStatistics } from './coefficientStatistics.ts';
import { categoryCounts, type FleissKappa, fleissKappa } from './fleiss.ts';
import { incompleteStatistics } from './incompleteStatistics.ts';
import { krippendorffInterval } from './krippendorff.ts';
import { pairwiseKappa } from './pairwiseKappa.ts';
import { alphasOf, completeIn, type ReadersReadings } from './readersReadings.ts';

/**
 * Fleiss' κ and the intraclass correlations take the patients whom all have read; where somebody was not read by all, they
 * stand a second time, for incomplete readings. Krippendorff's α takes those with two readings or more, with an interval
 * by bootstrap over them; κ of a pair those whom both have read.
 */
export function readerStatistics(
  readings: ReadersReadings,
  { name: weightsName, weights }: NamedWeights,
  plan: BootstrapPlan,
): NamedStatistic[] {
  const { names, categories, categoryNames = [] } = readings;
  const complete = completeIn(readings);
  const fleiss = fleissKappa(categoryCounts(complete.categories, categories));
  const pairwise = pairwiseKappa(readings.ofCategories, categories, weights);
  const weighted = weightsName === 'none' ? 'unweighted' : weightsName;
  const ofComplete = { n: complete.values.length };
  const compared = readings.unit === 'percent' ? 'of percentages' : undefined;
  return [
    { ...ofComplete, ...statisticOf('Fleiss’ κ', fleiss.overall) },
    ...fleiss.byCategory.map((kappa, category) => ({
      ...ofComplete,
      ...statisticOf(`Fleiss’ κ of category ${categoryNames[category] ?? category}`, kappa),
    })),
    ...alphasOf(readings).map(({ level, alpha, source, isPercent }) => {
      const interval = krippendorffInterval(source, level, plan);
      return {
        name: `Krippendorff’s α, ${level}`,
        n: alpha.patients,
        value: alpha.alpha,
        se: interval.se,
        interval,
        by: `percentile bootstrap, ${plan.repetitions} samples of patients, seed ${plan.seed}`,
        remark: isPercent ? 'of percentages' : readings.unit === 'percent' ? 'of categories' : undefined,
      };
    }),
    ...coefficientStatistics(readerCoefficients(readings.ofCategories, categories, weights), weightsName),
    ...intraclassStatistics(complete.values).map((icc) => ({
      ...icc,
      ...ofComplete,
      remark: [compared, icc.remark].filter((words) => words !== undefined).join('; '),
    })),
    ...incompleteStatistics(readings),
    ...pairwise.pairs.map(({ left, right, n, kappa }) => ({
      name: `Cohen’s κ, ${weighted}, ${names[left]} and ${names[right]}`,
      n,
      value: kappa.kappa,
      se: kappa.se,
      interval: kappa,
      by: 'Fleiss–Cohen–Everitt',
      p: kappa.p,
      test: { name: 'z' as const },
    })),
    { name: `mean pairwise κ, ${weighted}`, value: pairwise.mean },
  ];
}

function statisticOf(name: string, kappa: FleissKappa): NamedStatistic {
  return {
    name,
    value: kappa.kappa,
    se: kappa.se,
    interval: kappa,
    by: 't, Gwet 2021',
    p: kappa.p,
    test: { name: 'z' },
  };
}
