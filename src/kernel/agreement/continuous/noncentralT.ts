/** The noncentral t distribution, by integrating the normal over the χ distribution (Johnson, Kotz & Balakrishnan 1995, chapter 31); no package of @stdlib has it. */
import gammaln from '@stdlib/math-base-special-gammaln';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

const PRECISION = 1e-13;
const MAX_STEPS = 100;

/**
 * The t below which the share `probability` (between 0 and 1) of (Z + noncentrality)/√(χ²/ν) lies, ν the degrees of
 * freedom. P(T ≤ t) = ∫ Φ(t·s − noncentrality) dF(s) over s = √(χ²/ν): on the scale u = ln s the integrand is smooth
 * and falls off at both ends, so that the trapezoid rule is good to about 1e-13. The root is found by false position
 * (the Illinois rule, Dowell & Jarratt 1971).
 */
export function noncentralTQuantile(probability: number, degreesOfFreedom: number, noncentrality: number): number {
  const nodes = distributionOfScale(degreesOfFreedom);
  const excess = (t: number) =>
    nodes.reduce((sum, { scale, weight }) => sum + weight * normalCdf(t * scale - noncentrality, 0, 1), -probability);
  return rootOf(excess, noncentrality, 1 + Math.abs(noncentrality));
}

/** The root of a function that grows, looked for from `centre` ± `width` on. */
export function rootOf(excess: (x: number) => number, centre: number, startWidth: number): number {
  let width = startWidth;
  let [low, high] = [centre - width, centre + width];
  let [below, above] = [excess(low), excess(high)];
  for (; below > 0; below = excess(low)) low -= width *= 2;
  for (; above < 0; above = excess(high)) high += width *= 2;
  for (let n = 0; n < MAX_STEPS && high - low > PRECISION * (1 + Math.abs(low)); n++) {
    const t = (low * above - high * below) / (above - below);
    const value = excess(t);
    if (Math.abs(value) < PRECISION * PRECISION) return t;
    // An end that stays twice weighs half, or it would stay for good.
    if (value < 0) {
      [low, below, above] = [t, value, above / 2];
    } else {
      [high, above, below] = [t, value, below / 2];
    }
  }
  return (low * above - high * below) / (above - below);
}

/** Nodes and weights of the distribution of s = √(χ²/ν); the weights add up to 1. */
function distributionOfScale(degreesOfFreedom: number): { scale: number; weight: number }[] {
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
