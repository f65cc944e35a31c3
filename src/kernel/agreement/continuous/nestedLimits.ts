/** Limits of agreement where patients were measured several times by each method (Bland & Altman, Stat Methods Med Res 1999, section 5), with intervals by MOVER (Zou, Stat Methods Med Res 2013). */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { meanSquareQuantile } from './chiSquare.ts';

/** All measurements of one patient. `linked` says that they were taken in pairs, so that what is measured may change between them. */
export interface Replicates {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

export interface NestedLimits {
  readonly patients: number;
  /** In the readings' unit, of left − right. */
  readonly bias: Interval & { readonly value: Estimate };
  readonly biasSe: Estimate;
  /** Two-sided, by t with one degree of freedom less than there are patients. */
  readonly biasP: Estimate;
  /** Standard deviation of the difference of one measurement by each method. */
  readonly sd: Estimate;
  readonly lower: Interval & { readonly value: Estimate };
  readonly upper: Interval & { readonly value: Estimate };
  /** Standard deviation of repeated measurements of a patient by each method; of linked ones, of their differences. */
  readonly within: { readonly left: Estimate; readonly right: Estimate } | { readonly difference: Estimate };
}

/** What makes up the variance of a single difference: a multiple of a mean square, with its degrees of freedom. */
interface Part {
  readonly square: number;
  readonly degreesOfFreedom: number;
}

/**
 * Unlinked, where the true value stays: variance = s²(differences of the patients' means) + (1 − 1/m_left)·s²_within,left +
 * (1 − 1/m_right)·s²_within,right, 1/m the mean of the patients' 1/m_i. Undefined with its reason for fewer than 2
 * patients, and where no method was repeated.
 */
export function unlinkedLimits(patients: readonly Replicates[], confidence = 0.95): NestedLimits {
  const n = patients.length;
  if (n < 2) return none(n, 'limits of agreement need at least 2 patients');
  const differences = patients.map(({ left, right }) => meanOf(left) - meanOf(right));
  const bias = meanOf(differences);
  const ofMeans = squaresAround(differences) / (n - 1);
  const [left, right] = [withinOf(patients.map((p) => p.left)), withinOf(patients.map((p) => p.right))];
  const weighted = ({ square, degreesOfFreedom, reciprocal }: typeof left): Part => ({
    square: (1 - reciprocal) * square,
    degreesOfFreedom,
  });
  const parts = [{ square: ofMeans, degreesOfFreedom: n - 1 }, weighted(left), weighted(right)];
  const within = { left: sdOf(left), right: sdOf(right) };
  return limitsOf({ n, bias, varianceOfBias: ofMeans / n, parts, within }, confidence);
}

/**
 * Linked, where the true value may change between pairs of measurements: variance of the differences between patients
 * plus that within them, from a one-way analysis of variance with the divisor ((Σm)² − Σm²)/((n − 1)Σm).
 */
export function linkedLimits(patients: readonly Replicates[], confidence = 0.95): NestedLimits {
  const n = patients.length;
  if (n < 2) return none(n, 'limits of agreement need at least 2 patients');
  const differences = patients.map(({ left, right }) => left.map((value, i) => value - right[i]!));
  const all = differences.flat();
  const bias = meanOf(all);
  const within = withinOf(differences);
  const between = differences.reduce((sum, own) => sum + own.length * (meanOf(own) - bias) ** 2, 0) / (n - 1);
  const divisor =
    (all.length ** 2 - differences.reduce((sum, own) => sum + own.length ** 2, 0)) / ((n - 1) * all.length);
  // Between patients (MS_b − MS_w)/m₀, plus MS_w; a between-patient variance below 0 is none.
  const parts: Part[] =
    between >= within.square
      ? [
          { square: between / divisor, degreesOfFreedom: n - 1 },
          { square: (1 - 1 / divisor) * within.square, degreesOfFreedom: within.degreesOfFreedom },
        ]
      : [{ square: within.square, degreesOfFreedom: within.degreesOfFreedom }];
  const betweenVariance = Math.max(0, (between - within.square) / divisor);
  const varianceOfBias =
    (betweenVariance * differences.reduce((sum, own) => sum + own.length ** 2, 0)) / all.length ** 2 +
    within.square / all.length;
  return limitsOf({ n, bias, varianceOfBias, parts, within: { difference: sdOf(within) } }, confidence);
}

interface Components {
  readonly n: number;
  readonly bias: number;
  readonly varianceOfBias: number;
  readonly parts: readonly Part[];
  readonly within: NestedLimits['within'];
}

function limitsOf({ n, bias, varianceOfBias, parts, within }: Components, confidence: number): NestedLimits {
  const variance = parts.reduce((sum, { square }) => sum + square, 0);
  const sd = Math.sqrt(variance);
  const z = normalQuantile(0.975, 0, 1);
  const t = tQuantile(0.5 + confidence / 2, n - 1);
  if (sd <= 8 * Number.EPSILON * Math.abs(bias)) {
    const same = { value: defined(bias), ...noInterval('all differences are the same') };
    const none = undefinedBecause('all differences are the same');
    return { patients: n, bias: same, biasSe: none, biasP: none, sd: defined(0), lower: same, upper: same, within };
  }
  const [low, high] = varianceEnds(parts, variance, confidence).map(Math.sqrt);
  const ofBias = t * Math.sqrt(varianceOfBias);
  const reach = (end: number) => Math.hypot(ofBias, z * (end - sd));
  return {
    patients: n,
    bias: { value: defined(bias), ...interval(bias - ofBias, bias + ofBias) },
    biasSe: defined(Math.sqrt(varianceOfBias)),
    biasP:
      varianceOfBias > 0
        ? defined(2 * tCdf(-Math.abs(bias) / Math.sqrt(varianceOfBias), n - 1))
        : undefinedBecause('the patients’ differences are the same'),
    sd: defined(sd),
    lower: { value: defined(bias - z * sd), ...interval(bias - z * sd - reach(high!), bias - z * sd + reach(low!)) },
    upper: { value: defined(bias + z * sd), ...interval(bias + z * sd - reach(low!), bias + z * sd + reach(high!)) },
    within,
  };
}

/** Ends of the interval of a sum of mean squares: each part's own χ² interval, joined by the squares of their distances. */
function varianceEnds(parts: readonly Part[], variance: number, confidence: number): [number, number] {
  const distance = (probability: number) =>
    Math.hypot(
      ...parts.map(({ square, degreesOfFreedom }) =>
        square === 0 ? 0 : square * (1 / meanSquareQuantile(probability, degreesOfFreedom) - 1),
      ),
    );
  return [Math.max(0, variance - distance(0.5 + confidence / 2)), variance + distance(0.5 - confidence / 2)];
}

/** Pooled variance within patients, with the mean of the patients' 1/m. */
function withinOf(values: readonly (readonly number[])[]): Part & { readonly reciprocal: number } {
  const degreesOfFreedom = values.reduce((sum, own) => sum + own.length - 1, 0);
  const squares = values.reduce((sum, own) => sum + squaresAround(own), 0);
  return {
    square: degreesOfFreedom ? squares / degreesOfFreedom : 0,
    degreesOfFreedom,
    reciprocal: meanOf(values.map((own) => 1 / own.length)),
  };
}

function sdOf({ square, degreesOfFreedom }: Part): Estimate {
  return degreesOfFreedom ? defined(Math.sqrt(square)) : undefinedBecause('no patient was measured twice');
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function squaresAround(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function none(patients: number, reason: string): NestedLimits {
  const nothing = undefinedBecause(reason);
  const empty = { value: nothing, ...noInterval(reason) };
  return {
    patients,
    bias: empty,
    biasSe: nothing,
    biasP: nothing,
    sd: nothing,
    lower: empty,
    upper: empty,
    within: { difference: nothing },
  };
}
