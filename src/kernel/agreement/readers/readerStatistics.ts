/** Every statistic of several readers of one class in one region, in long form. */
import type { NamedWeights } from '../categories/weights.ts';
import { intraclassStatistics, kappaStatisticOf } from '../namedStatistics.ts';
import type { BootstrapPlan } from '../resampling/bootstrap.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { readerCoefficients } from './chanceCorrected.ts';
import { coefficientStatistics, fleissStatistic, krippendorffStatistic } from './coefficientStatistics.ts';
import { categoryCounts, fleissKappa } from './fleiss.ts';
import { incompleteStatistics } from './incompleteStatistics.ts';
import { pairwiseKappa, type ReaderPair } from './pairwiseKappa.ts';
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
    { ...ofComplete, ...fleissStatistic('Fleiss’ κ', fleiss.overall) },
    ...fleiss.byCategory.map((kappa, category) => ({
      ...ofComplete,
      ...fleissStatistic(`Fleiss’ κ of category ${categoryNames[category] ?? category}`, kappa),
    })),
    ...alphasOf(readings).map(({ level, source, isPercent }) => {
      const remark = isPercent ? 'of percentages' : readings.unit === 'percent' ? 'of categories' : undefined;
      return krippendorffStatistic(source, level, plan, remark);
    }),
    ...coefficientStatistics(readerCoefficients(readings.ofCategories, categories, weights), weightsName),
    ...intraclassStatistics(complete.values).map((icc) => ({
      ...icc,
      ...ofComplete,
      remark: [compared, icc.remark].filter((words) => words !== undefined).join('; '),
    })),
    ...incompleteStatistics(readings),
    ...pairwise.pairs.map(({ left, right, n, kappa }) => ({
      ...kappaStatisticOf(`Cohen’s κ, ${weighted}, ${names[left]} and ${names[right]}`, kappa),
      n,
    })),
    { name: `mean pairwise κ, ${weighted}`, ...patientsOfAll(pairwise.pairs), value: pairwise.mean },
  ];
}

/** The patients of every pair, where all pairs have equally many. */
function patientsOfAll(pairs: readonly ReaderPair[]): { n?: number } {
  const [first, ...others] = pairs;
  return first && others.every(({ n }) => n === first.n) ? { n: first.n } : {};
}
