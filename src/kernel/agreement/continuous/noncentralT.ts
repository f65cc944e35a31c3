/** The noncentral t distribution, by integrating the normal over the χ distribution (Johnson, Kotz & Balakrishnan 1995, chapter 31); no package of @stdlib has it. */
import gammaln from '@stdlib/math-base-special-gammaln';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

/**
 * The t below which the share `probability` (between 0 and 1) of (Z + noncentrality)/√(χ²/ν) lies, ν the degrees of
 * freedom, by bisection. P(T ≤ t) = ∫ Φ(t·s − noncentrality) dF(s) over s = √(χ²/ν): on the scale u = ln s the
 * integrand is smooth and falls off at both ends, so that the trapezoid rule is good to about 1e-13.
 */
export function noncentralTQuantile(probability: number, degreesOfFreedom: number, noncentrality: number): number {
  const nodes = density(degreesOfFreedom);
  const below = (t: number) =>
    nodes.reduce((sum, { scale, weight }) => sum + weight * normalCdf(t * scale - noncentrality, 0, 1), 0) <
    probability;
  let width = 1 + Math.abs(noncentrality);
  let [low, high] = [noncentrality - width, noncentrality + width];
  while (!below(low)) low -= width *= 2;
  while (below(high)) high += width *= 2;
  while (high - low > 1e-13 * (1 + Math.abs(low))) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Nodes and weights of the distribution of s; the weights add up to 1. */
function density(degreesOfFreedom: number): { scale: number; weight: number }[] {
  const nu = degreesOfFreedom;
  const step = 0.08 / Math.sqrt(nu);
  const from = -(9 / Math.sqrt(nu) + 38 / nu);
  const to = Math.log(1 + 9 / Math.sqrt(nu));
  const constant = Math.log(2) + (nu / 2) * Math.log(nu / 2) - gammaln(nu / 2);
  return Array.from({ length: Math.ceil((to - from) / step) + 1 }, (_, n) => {
    const u = from + n * step;
    const scale = Math.exp(u);
    return { scale, weight: step * Math.exp(constant + nu * u - (nu / 2) * scale * scale) };
  });
}
