/** Patients for Spearman's ρ, on Fisher's z scale with the variance of Bonett & Wright (Psychometrika 2000). */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type Against, criticalZ, type Design } from './design.ts';

export interface SpearmanQuestion {
  /** Expected, between −1 and 1. */
  readonly rho: number;
  readonly confidence: number;
}

/** The variance of atanh ρ is (1 + ρ²/2)/(n − 3), of either value its own. */
export function spearmanDesign({ rho, confidence }: SpearmanQuestion, against?: Against): Design {
  const deviation = (value: number, patients: number) => Math.sqrt((1 + (value * value) / 2) / (patients - 3));
  const z = criticalZ(confidence);
  const centre = Math.atanh(rho);
  return {
    widthAt: (patients) => {
      const half = z * deviation(rho, patients);
      return Math.tanh(centre + half) - Math.tanh(centre - half);
    },
    powerAt:
      against &&
      ((patients) => {
        const shift = Math.abs(centre - Math.atanh(against.value));
        const [expected, other] = [deviation(rho, patients), deviation(against.value, patients)];
        return normalCdf((shift - criticalZ(confidence, against.sides) * other) / expected, 0, 1);
      }),
    fewest: 4,
  };
}
