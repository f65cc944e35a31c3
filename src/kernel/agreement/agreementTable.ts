/** The agreement table: both sides of every region and class paired by patient, and every coefficient of the contract. */
import type { Region } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { info, warning } from '../base/remarks.ts';
import { agreementIndices } from './categories/agreementIndices.ts';
import { type ContingencyTable, contingencyTable } from './categories/contingency.ts';
import { cohenKappa, kappaJackknife } from './categories/kappa.ts';
import { kappaOfTimes } from './categories/kappaValue.ts';
import type { NamedWeights, Weights } from './categories/weights.ts';
import { spearman, spearmanOfTimes } from './correlation/spearman.ts';
import { coefficientIn, type Estimate, type Interval, valueIn } from './estimate.ts';
import {
  type BootstrapInterval,
  type BootstrapPlan,
  intervalOfResamples,
  resampledCounts,
} from './resampling/bootstrap.ts';
import { comparisonOf } from './resampling/compare.ts';
import { clustersOf } from './resampling/resample.ts';
import { strengthOfKappa, strengthOfRho } from './strength.ts';
import { countOf, repeated } from './times.ts';

/** One region, or the five lobes of each patient pooled. */
export type ComparedRegion = Region | 'lobes';

/** One patient on both sides, or one lobe of one. */
export interface AgreementPair {
  readonly patient: string;
  /** Where lobes are pooled: which one. */
  readonly lobe?: Region;
  /** How many cases this one stands for, where they were counted: 1 unless said. */
  readonly times?: number;
  /** Percent or score as given: what ρ is taken of. */
  readonly left: number;
  readonly right: number;
  /** Categories from 0: what κ is taken of. */
  readonly leftCategory: number;
  readonly rightCategory: number;
}

export interface AgreementPairs {
  readonly region: ComparedRegion;
  readonly class: string;
  readonly pairs: readonly AgreementPair[];
  /** Patients without a value on one side or the other. */
  readonly missing: number;
  /** Who they are, where that is known. */
  readonly lacking?: readonly Pick<AgreementPair, 'patient' | 'lobe'>[];
  /** Categories of the scale. */
  readonly categories: number;
  /** What they are called, where it is not 0, 1, 2 and so on. */
  readonly categoryNames?: readonly string[];
}

export type ConfidenceMethod = {
  /** 0.95 unless said. */
  readonly confidence?: number;
} & (
  | { readonly kind: 'asymptotic' }
  /** κ's standard error by leaving out one patient after the other; ρ has its asymptotic interval. */
  | { readonly kind: 'jackknife' }
  /** By percentiles, or bias-corrected and accelerated. */
  | { readonly kind: 'bootstrap' | 'bca'; readonly repetitions: number; readonly seed: number }
);

/** Column names and order are a contract; undefined cells have their reason in `remarks`. */
export interface AgreementRow {
  readonly region: ComparedRegion;
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
  /** none, linear, quadratic, or the name of a table. */
  readonly weights: string;
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
  /**
   * Why cells of the row are empty, and what to keep in mind with those that are not. Messages are the ends of sentences
   * that begin with the row ("empty where all values of one side are the same"), so that rows can be told together.
   */
  readonly remarks: readonly Remark[];
}

/**
 * The row of one class and region. Where patients have several cases (pooled lobes), intervals and p are by bootstrap
 * over patients, whatever `ci` says, as cases of one patient are not independent.
 */
export function agreementRow(
  group: AgreementPairs,
  { name, weights }: NamedWeights,
  ci: ConfidenceMethod,
): AgreementResult {
  const table = tableOf(group);
  const rho = spearman(...pairedValues(group), ci.confidence, timesOf(group));
  const kappa = cohenKappa(table, weights, ci.confidence);
  const indices = agreementIndices(table);
  const intervals = intervalsOf(group, { rho, kappa }, weights, ci);
  const estimates: Estimate[] = [
    rho.coefficient,
    intervals.rho.p,
    intervals.rho.ciLow,
    kappa.kappa,
    intervals.kappa.p,
    intervals.kappa.ciLow,
    indices.kappaMax,
  ];
  const reasons = estimates.flatMap((e) => ('undefinedBecause' in e ? [e.undefinedBecause] : []));
  const withoutWidth = ci.kind === 'asymptotic' && valueIn(intervals.kappa.se) === 0;
  const rhoValue = coefficientIn(rho.coefficient);
  const kappaValue = coefficientIn(kappa.kappa);
  return {
    remarks: [
      ...[...new Set(reasons)].map((reason) => info('empty-cell', `empty where ${reason}`)),
      ...leftOut('ρ', intervals.rho),
      ...leftOut('κ', intervals.kappa),
      ...(withoutWidth ? [NO_WIDTH] : []),
    ],
    row: {
      region: group.region,
      class: group.class,
      n: casesIn(group),
      missing: group.missing,
      rho: rhoValue,
      rho_ci_low: rhoValue === undefined ? undefined : coefficientIn(intervals.rho.ciLow),
      rho_ci_high: rhoValue === undefined ? undefined : coefficientIn(intervals.rho.ciHigh),
      rho_p: valueIn(intervals.rho.p),
      kappa: kappaValue,
      kappa_se: kappaValue === undefined ? undefined : valueIn(intervals.kappa.se),
      kappa_ci_low: kappaValue === undefined ? undefined : coefficientIn(intervals.kappa.ciLow),
      kappa_ci_high: kappaValue === undefined ? undefined : coefficientIn(intervals.kappa.ciHigh),
      kappa_p: valueIn(intervals.kappa.p),
      weights: name,
      percent_agreement: valueIn(indices.percentAgreement),
      kappa_max: coefficientIn(indices.kappaMax),
      pabak: coefficientIn(indices.pabak),
      ac1: coefficientIn(indices.ac1),
      prevalence_index: coefficientIn(indices.prevalenceIndex),
      bias_index: coefficientIn(indices.biasIndex),
      strength_rho: rhoValue === undefined ? undefined : strengthOfRho(rhoValue),
      strength_kappa: kappaValue === undefined ? undefined : strengthOfKappa(kappaValue),
    },
  };
}

/** How often each pair stands; undefined where each is one case. */
export function timesOf({ pairs }: AgreementPairs): number[] | undefined {
  return pairs.some(({ times }) => times !== undefined) ? pairs.map(({ times = 1 }) => times) : undefined;
}

/** The number of cases: patients, or lobes of patients. */
export function casesIn(group: AgreementPairs): number {
  return countOf(group.pairs, timesOf(group));
}

/** What a case is called: its patient, or its lobe of a patient. */
export function caseOf({ patient, lobe }: Pick<AgreementPair, 'patient' | 'lobe'>): string {
  return JSON.stringify([patient, lobe]);
}

/** The name of a category of the group's scale. */
export function categoryName({ categoryNames }: Pick<AgreementPairs, 'categoryNames'>, category: number): string {
  return categoryNames?.[category] ?? String(category);
}

/** What ρ is taken of, left and right. */
export function pairedValues({ pairs }: AgreementPairs): [number[], number[]] {
  return [pairs.map((pair) => pair.left), pairs.map((pair) => pair.right)];
}

/** What κ is taken of, left and right. */
export function pairedCategories({ pairs }: AgreementPairs): [number[], number[]] {
  return [pairs.map((pair) => pair.leftCategory), pairs.map((pair) => pair.rightCategory)];
}

/** The numbers of each patient's cases: one of each, or several where lobes are pooled. */
export function patientClusters({ pairs }: AgreementPairs): number[][] {
  return clustersOf(pairs.map(({ patient }) => patient));
}

/** Counts of pairs of categories on the group's full scale. */
export function tableOf(group: AgreementPairs): ContingencyTable {
  return contingencyTable(...pairedCategories(group), group.categories, timesOf(group));
}

/** How the intervals of ρ and κ are made, in words: by `ci`, or over patients where they have several cases. */
export function intervalMethods(
  group: AgreementPairs,
  ci: ConfidenceMethod,
): { readonly rho: string; readonly kappa: string } {
  const plan = planOf(group, ci);
  if (plan) {
    const kind = plan.method === 'bca' ? 'BCa' : 'percentile';
    const units = isClustered(group) ? ' of patients' : '';
    const words = `${kind} bootstrap, ${plan.repetitions} samples${units}, seed ${plan.seed}`;
    return { rho: words, kappa: words };
  }
  return { rho: 'Fisher’s z, Bonett–Wright', kappa: ci.kind === 'jackknife' ? 'jackknife' : 'Fleiss–Cohen–Everitt' };
}

export function isClustered({ pairs }: AgreementPairs): boolean {
  return new Set(pairs.map(({ patient }) => patient)).size < pairs.length;
}

/** The bootstrap that makes the intervals, if one does. */
export function planOf(group: AgreementPairs, ci: ConfidenceMethod): BootstrapPlan | undefined {
  const isResampled = 'repetitions' in ci;
  if (!isResampled && !isClustered(group)) return undefined;
  const { repetitions, seed } = isResampled ? ci : USUAL_RESAMPLES;
  const level = ci.confidence === undefined ? {} : { confidence: ci.confidence };
  return { repetitions, seed, method: ci.kind === 'bca' ? 'bca' : 'percentile', ...level };
}

const NO_WIDTH = warning(
  'zero-width',
  'the large-sample standard error of κ is 0 for these counts, so that its interval has no width and says nothing of precision',
);

/** Says how many resamples an interval had to do without. */
function leftOut(name: string, { ciLow, resamples, withoutValue }: Partial<Resampled> & Interval): Remark[] {
  if (!withoutValue || 'undefinedBecause' in ciLow) return [];
  const said = `${withoutValue} of ${resamples} bootstrap samples have no ${name} and are left out of its interval`;
  return [info('left-out-resamples', said)];
}

/** Of a bootstrap alone: how many samples were drawn, and how many gave no value. */
interface Resampled {
  readonly resamples: number;
  readonly withoutValue: number;
}

export interface Intervals {
  readonly rho: Interval & { readonly p: Estimate } & Partial<Resampled>;
  readonly kappa: Interval & { readonly p: Estimate; readonly se: Estimate } & Partial<Resampled>;
}

/** What a bootstrap draws where the statement does not say: cases of one patient always need one. */
export const USUAL_RESAMPLES = { repetitions: 2000, seed: 1 };

/** The intervals of ρ and κ, by the formulas or as `ci` says. */
function intervalsOf(group: AgreementPairs, asymptotic: Intervals, weights: Weights, ci: ConfidenceMethod): Intervals {
  if (ci.kind === 'jackknife' && !isClustered(group))
    return { ...asymptotic, kappa: { ...asymptotic.kappa, ...kappaJackknife(tableOf(group), weights, ci.confidence) } };
  const [rho, kappa] = resampledIntervals(group, [weights], ci) ?? [];
  if (!rho || !kappa) return asymptotic;
  return { rho: { ...asymptotic.rho, ...rho }, kappa: { ...asymptotic.kappa, ...kappa } };
}

/** By a bootstrap; over patients with several cases p is of it too. */
export type ResampledInterval = BootstrapInterval & { readonly p?: Estimate; readonly resamples: number };

/**
 * The intervals of ρ, then of κ with each of the weights, from the same samples, where a bootstrap makes them. Several
 * statistics at once have the intervals that each of them has by itself.
 */
export function resampledIntervals(
  group: AgreementPairs,
  weights: readonly Weights[],
  ci: ConfidenceMethod,
): ResampledInterval[] | undefined {
  const plan = planOf(group, ci);
  if (!plan) return undefined;
  const { kinds, kindOf } = kindsOfPairs(group.pairs);
  const ofKinds = { ...group, pairs: kinds };
  const statistics = [
    spearmanOfTimes(...pairedValues(ofKinds)),
    ...weights.map((own) => kappaOfTimes(...pairedCategories(ofKinds), group.categories, own)),
  ];
  const resamples = plan.repetitions;
  const clustered = isClustered(group);
  const units = clustered ? patientClusters(group) : casesIn(group);
  const times = clustered ? undefined : timesOf(group);
  const counted = { units, kindOf: repeated(kindOf, times), kinds: kinds.length };
  return resampledCounts(counted, statistics, plan).map(({ values, observed }) => ({
    ...(clustered ? comparisonOf(values, observed, plan) : intervalOfResamples(values, observed, plan)),
    resamples,
  }));
}

/** The different pairs, whoever has them, and which of them each pair is. */
function kindsOfPairs(pairs: readonly AgreementPair[]): { kinds: AgreementPair[]; kindOf: number[] } {
  const kinds: AgreementPair[] = [];
  const numbers = new Map<string, number>();
  const kindOf = pairs.map((pair) => {
    const key = `${pair.left} ${pair.right} ${pair.leftCategory} ${pair.rightCategory}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, kinds.length);
    return kinds.push(pair) - 1;
  });
  return { kinds, kindOf };
}
