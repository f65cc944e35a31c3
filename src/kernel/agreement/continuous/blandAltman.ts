/** Bland–Altman analysis of two readings: bias and limits of agreement, with exact and approximate intervals, as differences or as ratios. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import { countOf, meanOf, sumOf, type Times } from '../times.ts';
import { noncentralTQuantile } from './noncentralT.ts';

export interface LimitOfAgreement {
  readonly limit: Estimate;
  /** By the noncentral t distribution (Carkeet, Optom Vis Sci 2015): right for few patients too. */
  readonly exact: Interval;
  /** ± t(n − 1)·SD·√(1/n + z²/(2(n − 1))) (Bland & Altman, Lancet 1986), symmetric and too narrow outwards for few patients. */
  readonly approximate: Interval;
}

export interface BlandAltman {
  readonly n: number;
  /** Mean of left − right; of the ratio form, the geometric mean of left/right. */
  readonly bias: Interval & { readonly value: Estimate };
  /** Standard deviation of the differences; of the ratio form, that of ln(left/right). */
  readonly sd: Estimate;
  readonly lower: LimitOfAgreement;
  readonly upper: LimitOfAgreement;
  /** Two-sided p of a bias, by the paired t test. */
  readonly biasP: Estimate;
  /** With n − 1 degrees of freedom; of the ratio form, of the mean logarithm against 0. */
  readonly biasT: Estimate;
}

/** Share of differences that the limits of agreement enclose: ± 1.96 standard deviations. */
const COVERAGE = 0.95;

/**
 * Differences left − right in the readings' unit: bias ± 1.96·SD. Undefined with its reason for n = 0; one pair has a
 * bias, its difference, and nothing else; with n = 2 intervals exist but are wide. Where all differences are the same, the limits meet the bias and have no interval.
 */
export function blandAltman(
  left: readonly number[],
  right: readonly number[],
  confidence = 0.95,
  times?: Times,
): BlandAltman {
  return ofDifferences(
    left.map((value, n) => value - right[n]!),
    confidence,
    (value) => value,
    times,
  );
}

/**
 * The ratio form: the same on the logarithms, turned back, so that 1 is no bias and limits are ratios left/right
 * (Bland & Altman, Stat Methods Med Res 1999). Undefined where a reading is not above 0.
 */
export function blandAltmanRatio(
  left: readonly number[],
  right: readonly number[],
  confidence = 0.95,
  times?: Times,
): BlandAltman {
  const all = countOf(left, times);
  const unusable = sumOf(left, times, (value, n) => Number(!(value > 0 && right[n]! > 0)));
  if (unusable > 0)
    return none(all, `ratios need readings above 0 on both sides, and ${unusable} of ${all} pairs have another`);
  return ofDifferences(
    left.map((value, n) => Math.log(value / right[n]!)),
    confidence,
    Math.exp,
    times,
  );
}

function ofDifferences(
  differences: readonly number[],
  confidence: number,
  back: (value: number) => number,
  times: Times,
): BlandAltman {
  const n = countOf(differences, times);
  if (n === 0) return none(n, 'there are no pairs');
  const mean = meanOf(differences, times);
  if (n === 1) {
    const without = none(n, 'limits of agreement and intervals need at least 2 pairs');
    return { ...without, bias: { ...without.bias, value: defined(back(mean)) } };
  }
  const squares = sumOf(differences, times, (value) => (value - mean) ** 2);
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const sd = Math.sqrt(squares / (n - 1)) <= 8 * Number.EPSILON * largest ? 0 : Math.sqrt(squares / (n - 1));
  const z = normalQuantile(0.5 + COVERAGE / 2, 0, 1);
  const factors = limitFactors(n, confidence);
  const limit = (sign: 1 | -1) => {
    const value = mean + sign * z * sd;
    if (sd === 0)
      return { limit: defined(back(value)), exact: noInterval(ALL_SAME), approximate: noInterval(ALL_SAME) };
    const half = tQuantile(0.5 + confidence / 2, n - 1) * sd * Math.sqrt(1 / n + (z * z) / (2 * (n - 1)));
    const ends = factors.map((factor) => back(mean + sign * factor * sd));
    return {
      limit: defined(back(value)),
      exact: interval(Math.min(...ends), Math.max(...ends)),
      approximate: interval(back(value - half), back(value + half)),
    };
  };
  const biasHalf = (tQuantile(0.5 + confidence / 2, n - 1) * sd) / Math.sqrt(n);
  return {
    n,
    bias: {
      value: defined(back(mean)),
      ...(sd === 0 ? noInterval(ALL_SAME) : interval(back(mean - biasHalf), back(mean + biasHalf))),
    },
    sd: defined(sd),
    lower: limit(-1),
    upper: limit(1),
    biasP: sd === 0 ? undefinedBecause(ALL_SAME) : defined(2 * tCdf((-Math.abs(mean) / sd) * Math.sqrt(n), n - 1)),
    biasT: sd === 0 ? undefinedBecause(ALL_SAME) : defined((mean / sd) * Math.sqrt(n)),
  };
}

/** Factors found before: they take long, and every resample and every panel of n pairs has the same. */
const knownFactors = new Map<string, readonly number[]>();

/** How many standard deviations from the mean the limits of n pairs may lie, at least and at most. */
function limitFactors(n: number, confidence: number): readonly number[] {
  const key = `${n} ${confidence}`;
  const known = knownFactors.get(key);
  if (known) return known;
  const z = normalQuantile(0.5 + COVERAGE / 2, 0, 1);
  const factors = [(1 - confidence) / 2, (1 + confidence) / 2].map(
    (probability) => noncentralTQuantile(probability, n - 1, z * Math.sqrt(n)) / Math.sqrt(n),
  );
  knownFactors.set(key, factors);
  return factors;
}

const ALL_SAME = 'all differences are the same';

function none(n: number, reason: string): BlandAltman {
  const nothing = undefinedBecause(reason);
  const limit = { limit: nothing, exact: noInterval(reason), approximate: noInterval(reason) };
  return {
    n,
    bias: { value: nothing, ...noInterval(reason) },
    sd: nothing,
    lower: limit,
    upper: limit,
    biasP: nothing,
    biasT: nothing,
  };
}
