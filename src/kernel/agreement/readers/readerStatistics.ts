/** Every statistic of several readers of one class in one region, in long form. */
import { intraclassStatistics } from '../allStatistics.ts';
import type { NamedWeights } from '../categories/weights.ts';
import { completeCases, type Readings } from '../completeCases.ts';
import type { BootstrapPlan } from '../resampling/bootstrap.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { readerCoefficients } from './chanceCorrected.ts';
import { coefficientStatistics } from './coefficientStatistics.ts';
import { categoryCounts, type FleissKappa, fleissKappa } from './fleiss.ts';
import { krippendorffAlpha, krippendorffInterval } from './krippendorff.ts';
import { pairwiseKappa } from './pairwiseKappa.ts';

/** Categories from 0, [patient][reader], and the readers' names in the same order. */
export interface NamedReadings {
  readonly names: readonly string[];
  readonly readings: Readings;
}

/**
 * Fleiss' κ and the intraclass
 * correlations take the patients whom all have read; Krippendorff's α those with two readings or more, with an interval
 * by bootstrap over them; κ of a pair those whom both have read.
 */
export function readerStatistics(
  { names, readings }: NamedReadings,
  categories: number,
  { name: weightsName, weights }: NamedWeights,
  plan: BootstrapPlan,
): NamedStatistic[] {
  const { rows } = completeCases(readings);
  const fleiss = fleissKappa(categoryCounts(rows, categories));
  const pairwise = pairwiseKappa(readings, categories, weights);
  const weighted = weightsName === 'none' ? 'unweighted' : weightsName;
  return [
    statisticOf('Fleiss’ κ', fleiss.overall),
    ...fleiss.byCategory.map((kappa, category) => statisticOf(`Fleiss’ κ of category ${category}`, kappa)),
    ...(['nominal', 'ordinal', 'interval'] as const).map((level) => ({
      name: `Krippendorff’s α, ${level}`,
      value: krippendorffAlpha(readings, level).alpha,
      interval: krippendorffInterval(readings, level, plan),
    })),
    ...coefficientStatistics(readerCoefficients(readings, categories, weights), weightsName),
    ...intraclassStatistics(rows),
    ...pairwise.pairs.map(({ left, right, kappa }) => ({
      name: `Cohen’s κ, ${weighted}, ${names[left]} and ${names[right]}`,
      value: kappa.kappa,
      interval: kappa,
      p: kappa.p,
    })),
    { name: `mean pairwise κ, ${weighted}`, value: pairwise.mean },
  ];
}

function statisticOf(name: string, kappa: FleissKappa): NamedStatistic {
  return { name, value: kappa.kappa, interval: kappa, p: kappa.p };
}
