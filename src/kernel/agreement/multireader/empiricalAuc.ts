/** The area under the empirical ROC curve: how often a diseased case is rated above one without the disease, ties by half (Bamber 1975). */
import type { Statistic } from '../resampling/resample.ts';

/**
 * The area of resampled cases; undefined where none of them, or all, are diseased. Ratings are numbered in ascending
 * order once, so that a sample's area comes from counting: n + number of different ratings steps a sample.
 */
export function aucStatistic(ratings: readonly number[], diseased: readonly boolean[]): Statistic {
  const distinct = Float64Array.from(new Set(ratings)).sort();
  const codeOf = new Map(Array.from(distinct, (rating, code) => [rating, code]));
  const codes = Int32Array.from(ratings, (rating) => codeOf.get(rating)!);
  const [positive, negative] = [new Int32Array(distinct.length), new Int32Array(distinct.length)];
  return (sample) => {
    positive.fill(0);
    negative.fill(0);
    for (let n = 0; n < sample.length; n++) (diseased[sample[n]!] ? positive : negative)[codes[sample[n]!]!]!++;
    let [above, below, wins] = [0, 0, 0];
    for (let code = 0; code < distinct.length; code++) {
      wins += positive[code]! * (below + negative[code]! / 2);
      above += positive[code]!;
      below += negative[code]!;
    }
    return above === 0 || below === 0 ? undefined : wins / above / below;
  };
}
