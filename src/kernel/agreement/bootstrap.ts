/** Percentile bootstrap over cases (Efron & Tibshirani 1993, chapter 13). */
import { createRandom } from '../base/random.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface BootstrapInterval {
  readonly low: Estimate;
  readonly high: Estimate;
  readonly standardError: Estimate;
}

/** Fewer resamples with a value than this give no interval. */
const FEWEST_SHARE = 0.5;

/**
 * Interval of `statistic` over `repetitions` resamples of the case numbers 0…cases−1. Resamples for which the
 * statistic is undefined are left out; where most are, so is the interval.
 */
export function bootstrapInterval(
  cases: number,
  statistic: (sample: readonly number[]) => number | undefined,
  repetitions: number,
  seed: number,
  confidence = 0.95,
): BootstrapInterval {
  const random = createRandom(seed);
  const values: number[] = [];
  for (let r = 0; r < repetitions; r++) {
    const sample = Array.from({ length: cases }, () => Math.floor(random() * cases));
    const value = statistic(sample);
    if (value !== undefined) values.push(value);
  }
  if (cases < 3 || values.length < FEWEST_SHARE * repetitions) {
    const none = undefinedBecause(`only ${values.length} of ${repetitions} bootstrap samples gave a value`);
    return { low: none, high: none, standardError: none };
  }
  values.sort((a, b) => a - b);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return {
    low: defined(quantile(values, (1 - confidence) / 2)),
    high: defined(quantile(values, (1 + confidence) / 2)),
    standardError: defined(Math.sqrt(variance)),
  };
}

/** Quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7, as R's default). */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (position - low) * (sorted[high]! - sorted[low]!);
}
