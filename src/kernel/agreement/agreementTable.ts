/** The agreement table: both sides of every region and class paired by patient, and every coefficient of the contract. */
import type { Region } from '../../protocol/names.ts';
import { agreementIndices } from './categories/agreementIndices.ts';
import { type ContingencyTable, contingencyTable } from './categories/contingency.ts';
import { cohenKappa, kappaJackknife } from './categories/kappa.ts';
import { kappaStatistic } from './categories/kappaValue.ts';
import type { KappaWeights } from './categories/weights.ts';
import { spearman, spearmanStatistic } from './correlation/spearman.ts';
import { type Estimate, type Interval, valueIn } from './estimate.ts';
import { bootstrapIntervals } from './resampling/bootstrap.ts';
import { strengthOfKappa, strengthOfRho } from './strength.ts';

/** One patient on both sides. */
export interface AgreementPair {
  readonly patient: string;
  /** Percent or score as given: what ρ is taken of. */
  readonly left: number;
  readonly right: number;
  /** Categories from 0: what κ is taken of. */
  readonly leftCategory: number;
  readonly rightCategory: number;
}

export interface AgreementPairs {
  readonly region: Region;
  readonly class: string;
  readonly pairs: readonly AgreementPair[];
  /** Patients without a value on one side or the other. */
  readonly missing: number;
  /** Categories of the scale. */
  readonly categories: number;
}

export type ConfidenceMethod =
  | { readonly kind: 'asymptotic' }
  /** κ's standard error by leaving out one patient after the other; ρ has its asymptotic interval. */
  | { readonly kind: 'jackknife' }
  /** By percentiles, or bias-corrected and accelerated. */
  | { readonly kind: 'bootstrap' | 'bca'; readonly repetitions: number; readonly seed: number };

/** Column names and order are a contract; undefined cells have their reason in `reasons`. */
export interface AgreementRow {
  readonly region: Region;
  readonly class: string;
  readonly n: number;
  readonly missing: number;
  readonly rho: number | undefined;
  readonly rho_ci_low: number | undefined;
  readonly rho_ci_high: number | undefined;
  readonly rho_p: number | undefined;
  readonly kappa: number | undefined;
  readonly kappa_se: number | undefined;
  readonly kappa_ci_low: number | undefined;
  readonly kappa_ci_high: number | undefined;
  readonly kappa_p: number | undefined;
  readonly weights: KappaWeights;
  readonly percent_agreement: number | undefined;
  readonly kappa_max: number | undefined;
  readonly pabak: number | undefined;
  readonly ac1: number | undefined;
  readonly prevalence_index: number | undefined;
  readonly bias_index: number | undefined;
  readonly strength_rho: string | undefined;
  readonly strength_kappa: string | undefined;
}

export interface AgreementResult {
  readonly row: AgreementRow;
  /** Why cells of the row are empty, in sentences' ends ("all values of one side are the same"). */
  readonly reasons: readonly string[];
}

export function agreementRow(group: AgreementPairs, weights: KappaWeights, ci: ConfidenceMethod): AgreementResult {
  const table = tableOf(group);
  const rho = spearman(...valuesOf(group));
  const kappa = cohenKappa(table, weights);
  const indices = agreementIndices(table);
  const intervals = ci.kind === 'asymptotic' ? { rho, kappa } : otherIntervals(group, table, weights, rho, ci);
  const estimates: Estimate[] = [
    rho.coefficient,
    rho.p,
    intervals.rho.ciLow,
    kappa.kappa,
    kappa.p,
    intervals.kappa.ciLow,
    indices.kappaMax,
  ];
  const reasons = estimates.flatMap((e) => ('undefinedBecause' in e ? [e.undefinedBecause] : []));
  const rhoValue = valueIn(rho.coefficient);
  const kappaValue = valueIn(kappa.kappa);
  return {
    reasons: [...new Set(reasons)],
    row: {
      region: group.region,
      class: group.class,
      n: group.pairs.length,
      missing: group.missing,
      rho: rhoValue,
      rho_ci_low: rhoValue === undefined ? undefined : valueIn(intervals.rho.ciLow),
      rho_ci_high: rhoValue === undefined ? undefined : valueIn(intervals.rho.ciHigh),
      rho_p: valueIn(rho.p),
      kappa: kappaValue,
      kappa_se: kappaValue === undefined ? undefined : valueIn(intervals.kappa.se),
      kappa_ci_low: kappaValue === undefined ? undefined : valueIn(intervals.kappa.ciLow),
      kappa_ci_high: kappaValue === undefined ? undefined : valueIn(intervals.kappa.ciHigh),
      kappa_p: valueIn(kappa.p),
      weights,
      percent_agreement: valueIn(indices.percentAgreement),
      kappa_max: valueIn(indices.kappaMax),
      pabak: valueIn(indices.pabak),
      ac1: valueIn(indices.ac1),
      prevalence_index: valueIn(indices.prevalenceIndex),
      bias_index: valueIn(indices.biasIndex),
      strength_rho: rhoValue === undefined ? undefined : strengthOfRho(rhoValue),
      strength_kappa: kappaValue === undefined ? undefined : strengthOfKappa(kappaValue),
    },
  };
}

/** What ρ is taken of, left and right. */
export function valuesOf({ pairs }: AgreementPairs): [number[], number[]] {
  return [pairs.map((pair) => pair.left), pairs.map((pair) => pair.right)];
}

/** What κ is taken of, left and right. */
export function categoriesOf({ pairs }: AgreementPairs): [number[], number[]] {
  return [pairs.map((pair) => pair.leftCategory), pairs.map((pair) => pair.rightCategory)];
}

/** Counts of pairs of categories on the group's full scale. */
export function tableOf(group: AgreementPairs): ContingencyTable {
  return contingencyTable(...categoriesOf(group), group.categories);
}

interface Intervals {
  readonly rho: Interval;
  readonly kappa: Interval & { readonly se: Estimate };
}

function otherIntervals(
  group: AgreementPairs,
  table: ContingencyTable,
  weights: KappaWeights,
  asymptotic: Interval,
  ci: Exclude<ConfidenceMethod, { kind: 'asymptotic' }>,
): Intervals {
  if (ci.kind === 'jackknife') return { rho: asymptotic, kappa: kappaJackknife(table, weights) };
  const statistics = [
    spearmanStatistic(...valuesOf(group)),
    kappaStatistic(...categoriesOf(group), group.categories, weights),
  ] as const;
  const [rho, kappa] = bootstrapIntervals(group.pairs.length, statistics, {
    repetitions: ci.repetitions,
    seed: ci.seed,
    method: ci.kind === 'bca' ? 'bca' : 'percentile',
  });
  return { rho: rho!, kappa: kappa! };
}
