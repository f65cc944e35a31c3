/** Cohen's κ (1960), plain or weighted (1968), with the large-sample standard errors of Fleiss, Cohen & Everitt (Psychol Bull 1969). */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause, valueIn } from '../estimate.ts';
import { type Jackknife, jackknife } from '../resampling/jackknife.ts';
import { type ContingencyTable, proportions, totalOf } from './contingency.ts';
import { kappaOfCounts, ROUNDING } from './kappaValue.ts';
import { agreementWeights, type Weights } from './weights.ts';

export interface Kappa extends Interval {
  readonly kappa: Estimate;
  /** Under the alternative (κ as observed): for the confidence interval. */
  readonly se: Estimate;
  /** Under the hypothesis κ = 0: for p. */
  readonly seNull: Estimate;
  /** Two-sided, against κ = 0. */
  readonly p: Estimate;
  /** Weighted share of agreement, 0–1, as observed and as expected of independent readers with these margins. */
  readonly observed: Estimate;
  readonly expected: Estimate;
}

/**
 * κ = (po − pe)/(1 − pe) of a table on its full scale. The interval is κ ± z·SE within −1 to 1. Undefined with its
 * reason where there are no pairs, or no disagreement is expected; p where a side is constant.
 */
export function cohenKappa(table: ContingencyTable, weights: Weights, confidence = 0.95): Kappa {
  if (totalOf(table) === 0) return withoutKappa('there are no pairs');
  const { n, cells, rows, columns } = proportions(table);
  const k = table.length;
  const weight = agreementWeights(weights, k);
  const sum = (term: (w: number, i: number, j: number) => number) => {
    let value = 0;
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) value += term(weight[i * k + j]!, i, j);
    return value;
  };
  const observed = sum((w, i, j) => w * cells[i]![j]!);
  const chance = sum((w, i, j) => w * rows[i]! * columns[j]!);
  if (1 - chance < ROUNDING)
    return withoutKappa('both sides put every case into the same one category, so nothing exceeds chance');
  const kappa = (observed - chance) / (1 - chance);
  const rowMeans = rows.map((_, i) => columns.reduce((s, share, j) => s + share * weight[i * k + j]!, 0));
  const columnMeans = columns.map((_, j) => rows.reduce((s, share, i) => s + share * weight[i * k + j]!, 0));
  const denominator = n * (1 - chance) ** 2;
  const alternative = sum((w, i, j) => cells[i]![j]! * (w - (rowMeans[i]! + columnMeans[j]!) * (1 - kappa)) ** 2);
  const se = Math.sqrt(atLeastRounding(alternative - (kappa - chance * (1 - kappa)) ** 2) / denominator);
  const independence = sum((w, i, j) => rows[i]! * columns[j]! * (w - rowMeans[i]! - columnMeans[j]!) ** 2);
  const seNull = Math.sqrt(atLeastRounding(independence - chance * chance) / denominator);
  const noVariance = undefinedBecause('one side is constant, so κ has no variance under chance');
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * se;
  return {
    kappa: defined(kappa),
    se: defined(se),
    seNull: seNull > 0 ? defined(seNull) : noVariance,
    ...interval(Math.min(kappa, Math.max(-1, kappa - half)), Math.min(1, kappa + half)),
    p: seNull > 0 ? defined(2 * normalCdf(-Math.abs(kappa) / seNull, 0, 1)) : noVariance,
    observed: defined(observed),
    expected: defined(chance),
  };
}

/** Jackknife standard error and interval of κ, within −1 to 1. Patients of one cell of the table count alike, so it takes k² steps. */
export function kappaJackknife(table: ContingencyTable, weights: Weights, confidence = 0.95): Jackknife {
  const counts = table.flat();
  const kappaOf = kappaOfCounts(agreementWeights(weights, table.length), table.length);
  const kappa = kappaOf(counts);
  if (kappa === undefined) {
    const reason = 'κ itself has no value';
    return { se: undefinedBecause(reason), ...noInterval(reason) };
  }
  const used = counts.flatMap((count, cell) => (count > 0 ? [cell] : []));
  const leftOut = used.map((cell) => {
    const rest = [...counts];
    rest[cell]!--;
    return kappaOf(rest);
  });
  const { se, ciLow, ciHigh } = jackknife(
    kappa,
    leftOut,
    used.map((cell) => counts[cell]!),
    confidence,
  );
  const [low, high] = [valueIn(ciLow), valueIn(ciHigh)];
  if (low === undefined || high === undefined) return { se, ciLow, ciHigh };
  return { se, ...interval(Math.max(-1, low), Math.min(1, high)) };
}

/** Variances smaller than this are rounding errors of zero, at times below it. */
function atLeastRounding(variance: number): number {
  return variance > ROUNDING ? variance : 0;
}

function withoutKappa(reason: string): Kappa {
  const none = undefinedBecause(reason);
  return { kappa: none, se: none, seNull: none, ciLow: none, ciHigh: none, p: none, observed: none, expected: none };
}
