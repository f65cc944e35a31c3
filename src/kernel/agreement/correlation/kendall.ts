/** Kendall's τ-b (Biometrika 1945) with its two-sided p and confidence interval, counted in n·log n steps (Knight, J Am Stat Assoc 1966). */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { defined, noInterval } from '../estimate.ts';
import { countOf, sumOf, type Times } from '../times.ts';
import { type Correlation, noCorrelation, withoutCorrelation } from './correlation.ts';
import { fisherInterval } from './fisherInterval.ts';

/** Below this many pairs without ties p is exact (R's `cor.test` draws the line here too). */
const EXACT_BELOW = 50;

/**
 * τ-b = (concordant − discordant)/√((pairs − pairs tied in x)(pairs − pairs tied in y)). p: exact without ties for
 * n < 50, else by the normal approximation with the variance for ties (Kendall 1970, section 4.3), without
 * continuity correction. The interval: Fisher's z with variance 0.437/(n − 4) (Fieller, Hartley & Pearson 1957),
 * which is meant for |τ| < 0.8. Undefined with its reason for n < 3 or a constant sample; without an interval for
 * n < 5 and at τ = ±1.
 */
export function kendall(x: readonly number[], y: readonly number[], confidence = 0.95, times?: Times): Correlation {
  const n = countOf(x, times);
  const reason = noCorrelation(x, y, n);
  if (reason) return withoutCorrelation(reason);
  const pairs = (n * (n - 1)) / 2;
  const { score, tiesX, tiesY } = times ? concordanceOfRepeated(x, y, times) : concordance(x, y);
  const tau = Math.max(-1, Math.min(1, score / Math.sqrt((pairs - tiesX.pairs) * (pairs - tiesY.pairs))));
  const exact = tiesX.pairs === 0 && tiesY.pairs === 0 && n < EXACT_BELOW;
  const z = exact ? undefined : zOf(n, score, tiesX, tiesY);
  return {
    coefficient: defined(tau),
    p: defined(z === undefined ? exactP(n, (pairs + score) / 2) : Math.min(1, 2 * normalCdf(-Math.abs(z), 0, 1))),
    test: z === undefined ? { name: 'exact' } : { name: 'z', value: defined(z) },
    ...(n < 5
      ? noInterval('a confidence interval of Kendall’s τ needs at least 5 pairs')
      : fisherInterval(tau, 0.437 / (n - 4), confidence)),
  };
}

/** Sums over groups of t equal values. */
interface Ties {
  /** Σ t(t − 1)/2. */
  readonly pairs: number;
  /** Σ t(t − 1)(t − 2). */
  readonly triples: number;
  /** Σ t(t − 1)(2t + 5). */
  readonly variance: number;
}

/** Concordant less discordant pairs, and the ties of each side. */
function concordance(x: readonly number[], y: readonly number[]) {
  const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const tiesX = tiesOf(order, (a, b) => x[a] === x[b]);
  const tiesBoth = tiesOf(order, (a, b) => x[a] === x[b] && y[a] === y[b]);
  const inOrder = order.map((n) => y[n]!);
  const discordant = inversions(inOrder);
  // Counting inversions has sorted the values.
  const tiesY = tiesOf(inOrder, (a, b) => a === b);
  const pairs = (x.length * (x.length - 1)) / 2;
  return { score: pairs - tiesX.pairs - tiesY.pairs + tiesBoth.pairs - 2 * discordant, tiesX, tiesY };
}

function tiesOf<T>(sorted: readonly T[], same: (a: T, b: T) => boolean): Ties {
  let [pairs, triples, variance] = [0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && same(sorted[to]!, sorted[from]!)) to++;
    const t = to - from;
    pairs += (t * (t - 1)) / 2;
    triples += t * (t - 1) * (t - 2);
    variance += t * (t - 1) * (2 * t + 5);
    from = to;
  }
  return { pairs, triples, variance };
}

/** Number of pairs in the wrong order; sorts the values on the way (merge sort). */
function inversions(values: number[]): number {
  let count = 0;
  let [from, to] = [Float64Array.from(values), new Float64Array(values.length)];
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let [a, b] = [start, middle];
      for (let n = start; n < end; n++) {
        if (a < middle && (b >= end || from[a]! <= from[b]!)) to[n] = from[a++]!;
        else {
          count += middle - a;
          to[n] = from[b++]!;
        }
      }
    }
    [from, to] = [to, from];
  }
  for (const [n, value] of from.entries()) values[n] = value;
  return count;
}

/** The same of few different pairs of values, each with how many cases have it. */
function concordanceOfRepeated(x: readonly number[], y: readonly number[], times: readonly number[]) {
  let score = 0;
  for (let a = 0; a < x.length; a++)
    for (let b = 0; b < a; b++) score += times[a]! * times[b]! * Math.sign((x[a]! - x[b]!) * (y[a]! - y[b]!));
  return { score, tiesX: tiesOfRepeated(x, times), tiesY: tiesOfRepeated(y, times) };
}

function tiesOfRepeated(values: readonly number[], times: readonly number[]): Ties {
  let [pairs, triples, variance] = [0, 0, 0];
  for (const value of new Set(values)) {
    const t = sumOf(values, times, (other) => Number(other === value));
    pairs += (t * (t - 1)) / 2;
    triples += t * (t - 1) * (t - 2);
    variance += t * (t - 1) * (2 * t + 5);
  }
  return { pairs, triples, variance };
}

/** The score over its standard deviation under no correlation, with the variance for ties. */
function zOf(n: number, score: number, x: Ties, y: Ties): number {
  const orders = n * (n - 1);
  const variance =
    (orders * (2 * n + 5) - x.variance - y.variance) / 18 +
    (2 * x.pairs * y.pairs) / orders +
    (x.triples * y.triples) / (9 * orders * (n - 2));
  return score / Math.sqrt(variance);
}

/** Twice the smaller tail of the number of concordant pairs over all n! orders. */
function exactP(n: number, concordant: number): number {
  const pairs = (n * (n - 1)) / 2;
  const fewer = Math.min(concordant, pairs - concordant);
  // Shares of orders of m values by their number of inversions: the m-th value makes 0 to m − 1 more of them.
  let shares = new Float64Array(fewer + 1);
  shares[0] = 1;
  for (let m = 2; m <= n; m++) {
    const next = new Float64Array(fewer + 1);
    let window = 0;
    for (let count = 0; count <= fewer; count++) {
      window += shares[count]!;
      if (count >= m) window -= shares[count - m]!;
      next[count] = window / m;
    }
    shares = next;
  }
  return Math.min(1, 2 * shares.reduce((a, b) => a + b, 0));
}
