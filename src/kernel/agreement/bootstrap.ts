/** Bootstrap over cases, by percentiles or bias-corrected and accelerated (BCa; Efron & Tibshirani 1993, chapters 13 and 14), and the jackknife. */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { createRandom } from '../base/random.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { mean, variance } from './moments.ts';

export interface BootstrapInterval {
  readonly low: Estimate;
  readonly high: Estimate;
  readonly standardError: Estimate;
}

/** Fewer resamples with a value than this give no interval. */
const FEWEST_SHARE = 0.5;

export type BootstrapMethod = 'percentile' | 'bca';

/** Gives the case numbers of one resample. */
export type Sampler = (random: () => number) => readonly number[];

/** Cases drawn one by one. */
export function sampleOf(cases: number): Sampler {
  return (random) => Array.from({ length: cases }, () => Math.floor(random() * cases));
}

/** Whole clusters drawn with all their cases: the lobes of one patient are not independent. `clusters` lists case numbers. */
export function clusterSampleOf(clusters: readonly (readonly number[])[]): Sampler {
  return (random) => clusters.flatMap(() => clusters[Math.floor(random() * clusters.length)]!);
}

/**
 * Interval of `statistic` over `repetitions` resamples of the case numbers 0…cases−1. Resamples for which the
 * statistic is undefined are left out; where most are, so is the interval.
 */
export function bootstrapInterval(
  cases: number,
  statistic: (sample: readonly number[]) => number | undefined,
  repetitions: number,
  seed: number,
  method: BootstrapMethod = 'percentile',
  draw: Sampler = sampleOf(cases),
  confidence = 0.95,
): BootstrapInterval {
  const random = createRandom(seed);
  const values: number[] = [];
  for (let r = 0; r < repetitions; r++) {
    const value = statistic(draw(random));
    if (value !== undefined) values.push(value);
  }
  const tail = (1 - confidence) / 2;
  const shares = method === 'bca' ? bcaShares(cases, statistic, values, tail) : ([tail, 1 - tail] as const);
  if (cases < 3 || values.length < FEWEST_SHARE * repetitions || !shares) {
    const none = undefinedBecause(`only ${values.length} of ${repetitions} bootstrap samples gave a value`);
    return { low: none, high: none, standardError: none };
  }
  values.sort((a, b) => a - b);
  return {
    low: defined(quantile(values, shares[0])),
    high: defined(quantile(values, shares[1])),
    standardError: defined(Math.sqrt(variance(values))),
  };
}

/** The percentiles between which a BCa interval lies: moved by the median's bias, and by how fast the error changes. */
function bcaShares(
  cases: number,
  statistic: (sample: readonly number[]) => number | undefined,
  values: readonly number[],
  tail: number,
): readonly [number, number] | undefined {
  const observed = statistic(everyCase(cases));
  const left = jackknifed(cases, statistic);
  if (observed === undefined || !left) return undefined;
  const below =
    values.filter((value) => value < observed).length + values.filter((value) => value === observed).length / 2;
  const bias = normalQuantile(Math.min(1 - 1e-6, Math.max(1e-6, below / values.length)), 0, 1);
  const centre = mean(left);
  const cubes = left.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const squares = left.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const acceleration = squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
  const share = (z: number) => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)), 0, 1);
  return [share(normalQuantile(tail, 0, 1)), share(normalQuantile(1 - tail, 0, 1))];
}

/** Standard error by leaving out one case after the other (Quenouille 1956, Tukey 1958). */
export function jackknifeStandardError(
  cases: number,
  statistic: (sample: readonly number[]) => number | undefined,
): Estimate {
  const left = jackknifed(cases, statistic);
  if (!left || cases < 3) return undefinedBecause('without some of the cases it has no value');
  const centre = mean(left);
  return defined(Math.sqrt(((cases - 1) / cases) * left.reduce((sum, value) => sum + (value - centre) ** 2, 0)));
}

/** The statistic without each case in turn; none where it has no value once. */
function jackknifed(cases: number, statistic: (sample: readonly number[]) => number | undefined): number[] | undefined {
  const all = everyCase(cases);
  const left = all.map((out) => statistic(all.filter((n) => n !== out)));
  const known = left.filter((value) => value !== undefined);
  return known.length === left.length ? known : undefined;
}

function everyCase(cases: number): number[] {
  return Array.from({ length: cases }, (_, n) => n);
}

/** Quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7, as R's default). */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}
