/** The agreement table: both sides of every region and class paired by patient, and every coefficient of the contract. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Region } from '../../protocol/names.ts';
import { agreementIndices } from './agreementIndices.ts';
import { bootstrapInterval, jackknifeStandardError } from './bootstrap.ts';
import { contingencyTable } from './contingency.ts';
import { defined, type Estimate, valueIn } from './estimate.ts';
import { cohenKappa, type KappaWeights } from './kappa.ts';
import { spearman, spearmanRho } from './spearman.ts';
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
  const { pairs, categories } = group;
  const left = pairs.map((pair) => pair.left);
  const right = pairs.map((pair) => pair.right);
  const leftCategories = pairs.map((pair) => pair.leftCategory);
  const rightCategories = pairs.map((pair) => pair.rightCategory);
  const table = contingencyTable(leftCategories, rightCategories, categories);
  const rho = spearman(left, right);
  const kappa = cohenKappa(table, weights);
  const indices = agreementIndices(table);
  const intervals = intervalsBy(ci);

  function intervalsBy(method: ConfidenceMethod) {
    if (method.kind === 'asymptotic') return { rho, kappa: { ...kappa } };
    if (method.kind === 'jackknife') return { rho, kappa: jackknifed() };
    return bootstrapped(method);
  }

  function kappaOf(sample: readonly number[]): number | undefined {
    const [a, b] = [sample.map((n) => leftCategories[n]!), sample.map((n) => rightCategories[n]!)];
    return valueIn(cohenKappa(contingencyTable(a, b, categories), weights).kappa);
  }

  function jackknifed() {
    const se = jackknifeStandardError(pairs.length, kappaOf);
    const [value, error] = [valueIn(kappa.kappa), valueIn(se)];
    if (value === undefined || error === undefined) return { ciLow: se, ciHigh: se, se };
    const half = normalQuantile(0.975, 0, 1) * error;
    return { ciLow: defined(Math.max(-1, value - half)), ciHigh: defined(Math.min(1, value + half)), se };
  }

  function bootstrapped({ kind, repetitions, seed }: Extract<ConfidenceMethod, { repetitions: number }>) {
    const method = kind === 'bca' ? 'bca' : 'percentile';
    const take = (values: readonly number[], sample: readonly number[]) => sample.map((n) => values[n]!);
    const ofRho = bootstrapInterval(
      pairs.length,
      (s) => spearmanRho(take(left, s), take(right, s)),
      repetitions,
      seed,
      method,
    );
    const ofKappa = bootstrapInterval(pairs.length, kappaOf, repetitions, seed, method);
    return {
      rho: { ciLow: ofRho.low, ciHigh: ofRho.high },
      kappa: { ciLow: ofKappa.low, ciHigh: ofKappa.high, se: ofKappa.standardError },
    };
  }

  const estimates: Estimate[] = [
    rho.rho,
    rho.p,
    intervals.rho.ciLow,
    kappa.kappa,
    kappa.p,
    intervals.kappa.ciLow,
    indices.kappaMax,
  ];
  const reasons = estimates.flatMap((e) => ('undefinedBecause' in e ? [e.undefinedBecause] : []));
  const rhoValue = valueIn(rho.rho);
  const kappaValue = valueIn(kappa.kappa);
  return {
    reasons: [...new Set(reasons)],
    row: {
      region: group.region,
      class: group.class,
      n: pairs.length,
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
