/**
 * Patients for κ: the goodness-of-fit approach of Donner & Eliasziw (Stat Med 1992), for more readers and categories as
 * Altaye, Donner & Klar (Biometrics 2001) and Rotondi & Donner (J Clin Epidemiol 2012). Readers have the same shares
 * of categories, and with the probability κ they agree for more than chance.
 */
import { type Against, criticalZ, crossing, type Design, normalPower } from './design.ts';

export interface KappaQuestion {
  /** Expected κ, below 1. */
  readonly kappa: number;
  /** Of each category, adding up to 1, each above 0. */
  readonly shares: readonly number[];
  /** 2 or more. */
  readonly readers: number;
  readonly confidence: number;
}

/**
 * n patients tell κ from κ′ with the noncentrality n·(κ − κ′)²·[Σ_j (π_j − π_j^r)²/(π_j^r + κ′(π_j − π_j^r)) + (1 − Σ π_j^r)/(1 − κ′)],
 * of all readers choosing category j, and of any disagreement. The expected interval ends where that is z².
 */
export function kappaDesign({ kappa, shares, readers, confidence }: KappaQuestion, against?: Against): Design {
  const distance = (other: number) => (kappa - other) ** 2 * informationAt(other, shares, readers);
  const z = criticalZ(confidence);
  const lowest = lowestKappa(shares, readers);
  return {
    widthAt: (patients) => {
      const excess = (other: number) => patients * distance(other) - z * z;
      const low = crossing((other) => -excess(other), lowest, kappa);
      const high = crossing(excess, kappa, 1);
      return high - low;
    },
    powerAt:
      against && ((patients) => normalPower(Math.sqrt(patients * distance(against.value)), confidence, against.sides)),
    fewest: 2,
  };
}

/** The κ below which a category could not be agreed on less often: all readers together have it with the probability 0. */
export function lowestKappa(shares: readonly number[], readers: number): number {
  return Math.max(...shares.map((share) => -(share ** readers) / (share - share ** readers)));
}

function informationAt(kappa: number, shares: readonly number[], readers: number): number {
  let [sum, agreedByChance] = [0, 0];
  for (const share of shares) {
    const together = share ** readers;
    sum += (share - together) ** 2 / (together + kappa * (share - together));
    agreedByChance += together;
  }
  return sum + (1 - agreedByChance) / (1 - kappa);
}
