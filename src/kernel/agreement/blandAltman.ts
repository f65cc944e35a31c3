/** Bland–Altman analysis (Lancet 1986) with the exact intervals of the limits of Carkeet (Optom Vis Sci 2015), and repeatability. */
import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { type Interval, interval, undefinedInterval } from './interval.ts';
import { mean, variance } from './moments.ts';
import { noncentralTQuantile } from './noncentralT.ts';
import { type Correlation, pearson } from './pearson.ts';

export interface BlandAltman {
  /** Mean of the differences, first minus second, with its interval by t. */
  readonly bias: Interval;
  /** Limits between which 95 % of differences lie: bias ± 1.96 SD, each with its exact interval. */
  readonly lowerLimit: Interval;
  readonly upperLimit: Interval;
  /** Correlation of difference and mean: a bias that grows with the value. */
  readonly proportional: Correlation;
  /** Within-subject standard deviation of two measurements, √(Σd²/2n), with its interval by χ². */
  readonly withinSubjectSd: Interval;
  /** Repeatability coefficient and smallest detectable change, 1.96 √2 times that (Bland & Altman, BMJ 1996). */
  readonly repeatability: Interval;
}

const COVERED = 0.95;

/** Undefined for fewer than 3 pairs; where all differences are the same the limits are that difference. */
export function blandAltman(x: readonly number[], y: readonly number[], confidence = 0.95): BlandAltman {
  const n = x.length;
  if (n < 3) {
    const none = undefinedInterval('limits of agreement need at least 3 pairs');
    const proportional = pearson(x, y);
    return { bias: none, lowerLimit: none, upperLimit: none, proportional, withinSubjectSd: none, repeatability: none };
  }
  const differences = x.map((value, i) => value - y[i]!);
  const bias = mean(differences);
  const sd = Math.sqrt(variance(differences));
  const z = normalQuantile(0.5 + COVERED / 2, 0, 1);
  const tail = (1 - confidence) / 2;
  const half = (tQuantile(1 - tail, n - 1) * sd) / Math.sqrt(n);
  // The limit is a quantile of a normal sample: its interval follows from the noncentral t distribution.
  const factor = (share: number) => (sd === 0 ? z : noncentralTQuantile(share, n - 1, z * Math.sqrt(n)) / Math.sqrt(n));
  const [near, far] = [factor(tail) * sd, factor(1 - tail) * sd];
  const sumOfSquared = differences.reduce((sum, d) => sum + d * d, 0);
  const within = Math.sqrt(sumOfSquared / (2 * n));
  const scale = (share: number) => Math.sqrt(sumOfSquared / 2 / chisquareQuantile(share, n));
  const coefficient = z * Math.SQRT2;
  return {
    bias: interval(bias, bias - half, bias + half),
    lowerLimit: interval(bias - z * sd, bias - far, bias - near),
    upperLimit: interval(bias + z * sd, bias + near, bias + far),
    proportional: pearson(
      differences,
      x.map((value, i) => (value + y[i]!) / 2),
      confidence,
    ),
    withinSubjectSd: interval(within, scale(1 - tail), scale(tail)),
    repeatability: interval(within * coefficient, scale(1 - tail) * coefficient, scale(tail) * coefficient),
  };
}
