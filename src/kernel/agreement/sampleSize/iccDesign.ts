/** Patients for an intraclass correlation: width by Bonett (Stat Med 2002), test by Walter, Eliasziw & Donner (Stat Med 1998). */
import { type Against, criticalZ, type Design, normalPower } from './design.ts';

export interface IccQuestion {
  /** Expected, 0 or more and below 1. */
  readonly icc: number;
  /** Readings of each patient, 2 or more. */
  readonly readers: number;
  readonly confidence: number;
}

/** From here on Bonett adds 5ρ patients for two readings, whose interval is wider than the formula has it. */
const HIGH = 0.7;

/**
 * Width: n = 8z²(1 − ρ)²(1 + (k − 1)ρ)²/(k(k − 1)w²) + 1, and 5ρ more for k = 2 and ρ ≥ 0.7. Test: with C = (1 + kθ₀)/(1 + kθ),
 * θ = ρ/(1 − ρ), n = 1 + 2(z_α + z_β)²k/((ln C)²(k − 1)).
 */
export function iccDesign({ icc, readers: k, confidence }: IccQuestion, against?: Against): Design {
  const more = k === 2 && icc >= HIGH ? 5 * icc : 0;
  const z = criticalZ(confidence);
  return {
    widthAt: (patients) =>
      (z * Math.sqrt(8) * (1 - icc) * (1 + (k - 1) * icc)) / Math.sqrt(k * (k - 1) * (patients - 1 - more)),
    powerAt:
      against &&
      ((patients) => {
        const ratio = (rho: number) => 1 + (k * rho) / (1 - rho);
        const distance = Math.abs(Math.log(ratio(against.value) / ratio(icc)));
        return normalPower(distance * Math.sqrt(((patients - 1) * (k - 1)) / (2 * k)), confidence, against.sides);
      }),
    fewest: Math.ceil(2 + more),
  };
}
