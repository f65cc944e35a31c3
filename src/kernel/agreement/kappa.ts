/** Cohen's κ, plain or weighted, with the large-sample standard errors of Fleiss, Cohen & Everitt (Psychol Bull 1969). */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type ContingencyTable, proportions } from './contingency.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export const KAPPA_WEIGHTS = ['none', 'linear', 'quadratic'] as const;
export type KappaWeights = (typeof KAPPA_WEIGHTS)[number];

export interface Kappa {
  readonly kappa: Estimate;
  /** Under the alternative (κ as observed): for the confidence interval. */
  readonly se: Estimate;
  readonly ciLow: Estimate;
  readonly ciHigh: Estimate;
  /** Two-sided, against κ = 0, with the standard error under that hypothesis. */
  readonly p: Estimate;
}

/** Differences of shares smaller than this are rounding errors of zero. */
const ROUNDING = 1e-12;

function rounded(variance: number): number {
  return variance > ROUNDING ? variance : 0;
}

/** Weights of any kind: [left category][right category], 1 for full agreement. */
export type WeightTable = readonly (readonly number[])[];

/** Agreement weight of categories i and j on a scale of k: 1 on the diagonal, 0 between the ends. */
export function agreementWeight(weights: KappaWeights | WeightTable, i: number, j: number, k: number): number {
  if (typeof weights !== 'string') return weights[i]![j]!;
  if (weights === 'none') return i === j ? 1 : 0;
  const distance = Math.abs(i - j) / (k - 1);
  return weights === 'linear' ? 1 - distance : 1 - distance * distance;
}

/** κ of a table on its full scale; undefined with its reason where no agreement by chance is left to exceed. */
export function cohenKappa(table: ContingencyTable, weights: KappaWeights | WeightTable, confidence = 0.95): Kappa {
  const total = table.flat().reduce((a, b) => a + b, 0);
  const nothing = (reason: string): Kappa => {
    const none = undefinedBecause(reason);
    return { kappa: none, se: none, ciLow: none, ciHigh: none, p: none };
  };
  if (total === 0) return nothing('there are no pairs');
  const { n, cells, rows, columns } = proportions(table);
  const k = table.length;
  const w = (i: number, j: number) => agreementWeight(weights, i, j, k);
  const sum = (term: (i: number, j: number) => number) => {
    let value = 0;
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) value += term(i, j);
    return value;
  };
  const observed = sum((i, j) => w(i, j) * cells[i]![j]!);
  const chance = sum((i, j) => w(i, j) * rows[i]! * columns[j]!);
  if (1 - chance < ROUNDING)
    return nothing('both sides put every case into the same one category, so nothing exceeds chance');
  const kappa = (observed - chance) / (1 - chance);
  const rowMeans = rows.map((_, i) => columns.reduce((s, share, j) => s + share * w(i, j), 0));
  const columnMeans = columns.map((_, j) => rows.reduce((s, share, i) => s + share * w(i, j), 0));
  const denominator = n * (1 - chance) ** 2;
  const alternative = sum((i, j) => cells[i]![j]! * (w(i, j) - (rowMeans[i]! + columnMeans[j]!) * (1 - kappa)) ** 2);
  const se = Math.sqrt(rounded(alternative - (kappa - chance * (1 - kappa)) ** 2) / denominator);
  const independence = sum((i, j) => rows[i]! * columns[j]! * (w(i, j) - rowMeans[i]! - columnMeans[j]!) ** 2);
  const varianceNull = independence - chance * chance;
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * se;
  return {
    kappa: defined(kappa),
    se: defined(se),
    ciLow: defined(kappa - half),
    ciHigh: defined(Math.min(1, kappa + half)),
    p:
      varianceNull > ROUNDING
        ? defined(2 * normalCdf(-Math.abs(kappa) / Math.sqrt(varianceNull / denominator), 0, 1))
        : undefinedBecause('one side is constant, so κ has no variance under chance'),
  };
}
