/** Do coefficients of independent groups differ? The test of homogeneity by weights of 1/variance (Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, section 18.1, for κ). */
import gammainc from '@stdlib/math-base-special-gammainc';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface Homogeneity {
  readonly chiSquare: Estimate;
  readonly degreesOfFreedom: number;
  /** Of no difference between the groups: the p of an interaction of group and agreement. */
  readonly p: Estimate;
}

interface GroupCoefficient {
  readonly value: number | undefined;
  readonly variance: number | undefined;
}

/** χ² = Σ (θ_g − θ̄)²/V_g, θ̄ = Σ(θ_g/V_g)/Σ(1/V_g), with a degree of freedom less than there are groups. Undefined where a group has no coefficient or no variance, and for fewer than 2. */
export function homogeneity(groups: readonly GroupCoefficient[]): Homogeneity {
  const usable = groups.flatMap(({ value, variance }) =>
    value !== undefined && variance !== undefined && variance > 0 ? [{ value, weight: 1 / variance }] : [],
  );
  const degreesOfFreedom = groups.length - 1;
  if (groups.length < 2 || usable.length < groups.length) {
    const none = undefinedBecause(
      groups.length < 2 ? 'there is one group alone' : 'a group has no coefficient, or one without a standard error',
    );
    return { chiSquare: none, degreesOfFreedom, p: none };
  }
  const total = usable.reduce((sum, { weight }) => sum + weight, 0);
  const mean = usable.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
  const chiSquare = usable.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0);
  return {
    chiSquare: defined(chiSquare),
    degreesOfFreedom,
    p: defined(gammainc(chiSquare / 2, degreesOfFreedom / 2, true, true)),
  };
}

/** Of ρ on Fisher's z scale, with the variance of Bonett & Wright (Psychometrika 2000); none for n < 4 or ρ = ±1. */
export function fisherCoefficient(rho: number | undefined, n: number): GroupCoefficient {
  if (rho === undefined || Math.abs(rho) >= 1 || n < 4) return { value: undefined, variance: undefined };
  return { value: Math.atanh(rho), variance: (1 + (rho * rho) / 2) / (n - 3) };
}
