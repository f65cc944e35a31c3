/** Patients for Bland and Altman's limits: the exact interval that holds both limits, expected or assured to be no wider than wanted (Jan & Shieh, Comput Biol Med 2018). */
import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { rootOf } from '../continuous/noncentralT.ts';
import type { Design } from './design.ts';

export interface LimitsQuestion {
  /** Standard deviation of the differences, in the readings' unit. */
  readonly sd: number;
  readonly confidence: number;
}

/** Share of differences between the limits. */
const CONTENT = 0.95;

/** The expected width is 2·g·SD·√(2/ν)·Γ((ν + 1)/2)/Γ(ν/2). */
export function limitsDesign({ sd, confidence }: LimitsQuestion): Design {
  return {
    widthAt: (patients) => {
      const nu = patients - 1;
      const unbiased = Math.sqrt(2 / nu) * Math.exp(gammaln((nu + 1) / 2) - gammaln(nu / 2));
      return 2 * rangeFactor(patients, confidence) * unbiased * sd;
    },
    powerAt: undefined,
    fewest: 3,
  };
}

/** Probability (0–1) that the interval is no wider than `width`. */
export function assuranceAt(patients: number, width: number, { sd, confidence }: LimitsQuestion): number {
  const nu = patients - 1;
  const bound = width / 2 / (rangeFactor(patients, confidence) * sd);
  return gammainc((nu / 2) * bound * bound, nu / 2);
}

/** Intervals of Simpson's rule, good to about 1e-10. */
const INTERVALS = 1600;

/** g with P(mean − g·S ≤ μ − zσ and μ + zσ ≤ mean + g·S) = `confidence`: ∫ (2Φ(√n(g·s − z)) − 1) dF(s) over s = S/σ from z/g on. */
export function rangeFactor(patients: number, confidence: number): number {
  const [nu, z] = [patients - 1, normalQuantile(0.5 + CONTENT / 2, 0, 1)];
  const constant = Math.log(2) + (nu / 2) * Math.log(nu / 2) - gammaln(nu / 2);
  const spread = 9 / Math.sqrt(2 * nu);
  const to = 1 + spread + 6 / nu;
  const held = (g: number) => {
    // Below z/g nothing is held, which a rule over all of s would round off.
    const from = Math.max(z / g, 1 - spread - 2 / nu);
    if (from >= to) return 0;
    const step = (to - from) / INTERVALS;
    let sum = 0;
    for (let n = 0; n <= INTERVALS; n++) {
      const s = from + n * step;
      const density = Math.exp(constant + (nu - 1) * Math.log(s) - (nu / 2) * s * s);
      const weight = n === 0 || n === INTERVALS ? 1 : n % 2 ? 4 : 2;
      sum += weight * density * (2 * normalCdf(Math.sqrt(patients) * (g * s - z), 0, 1) - 1);
    }
    return (sum * step) / 3;
  };
  return Math.exp(rootOf((logG) => held(Math.exp(logG)) - confidence, Math.log(z + 1), 0.3));
}
