/** Patients for Bland and Altman's limits: the exact interval that holds both limits, expected or assured to be no wider than wanted (Jan & Shieh, Comput Biol Med 2018). */
import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { distributionOfScale, rootOf } from '../continuous/noncentralT.ts';
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

/** g with P(mean − g·S ≤ μ − zσ and μ + zσ ≤ mean + g·S) = `confidence`: ∫ max(0, 2Φ(√n(g·s − z)) − 1) dF(s) over s = S/σ. */
export function rangeFactor(patients: number, confidence: number): number {
  const z = normalQuantile(0.5 + CONTENT / 2, 0, 1);
  const nodes = distributionOfScale(patients - 1);
  const held = (g: number) =>
    nodes.reduce((sum, { scale, weight }) => {
      const reach = g * scale - z;
      return reach <= 0 ? sum : sum + weight * (2 * normalCdf(Math.sqrt(patients) * reach, 0, 1) - 1);
    }, 0);
  return Math.exp(rootOf((logG) => held(Math.exp(logG)) - confidence, Math.log(z + 1), 0.3));
}
