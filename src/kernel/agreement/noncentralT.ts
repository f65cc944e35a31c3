/** The noncentral t distribution, which exact intervals of Bland–Altman limits need and @stdlib lacks. */
import chisquarePdf from '@stdlib/stats-base-dists-chisquare-pdf';
import chisquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/** Even number of steps of the integral, which make it good to about 1e-10. */
const STEPS = 600;
/** What is left out on both sides. */
const EDGE = 1e-14;

/** P(T ≤ t) with `df` degrees of freedom and noncentrality `delta`. */
export function noncentralTCdf(t: number, df: number, delta: number): number {
  return cdfOver(nodesOf(df), t, delta);
}

/** The value below which a share `p` lies, by bisection. */
export function noncentralTQuantile(p: number, df: number, delta: number): number {
  const nodes = nodesOf(df);
  let [low, high] = [delta - 50 - Math.abs(delta), delta + 50 + 20 * Math.abs(delta)];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (cdfOver(nodes, middle, delta) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

interface Node {
  /** A value of √(χ²/df). */
  readonly s: number;
  /** Its share of the distribution, by Simpson's rule. */
  readonly weight: number;
}

/** T ≤ t is Φ(t s − δ) for a given s = √(χ²/df), whose distribution the nodes stand for. */
function cdfOver(nodes: readonly Node[], t: number, delta: number): number {
  return nodes.reduce((sum, { s, weight }) => sum + weight * normalCdf(t * s - delta, 0, 1), 0);
}

function nodesOf(df: number): Node[] {
  const low = Math.sqrt(chisquareQuantile(EDGE, df) / df);
  const high = Math.sqrt(chisquareQuantile(1 - EDGE, df) / df);
  const width = (high - low) / STEPS;
  return Array.from({ length: STEPS + 1 }, (_, n) => {
    const s = low + n * width;
    const simpson = n === 0 || n === STEPS ? 1 : n % 2 ? 4 : 2;
    return { s, weight: ((simpson * width) / 3) * 2 * s * df * chisquarePdf(s * s * df, df) };
  });
}
