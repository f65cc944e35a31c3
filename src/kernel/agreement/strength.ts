/** Words for coefficients, as the study reads them. */

/** |ρ|: weak < 0.40 ≤ moderate < 0.60 ≤ strong < 0.80 ≤ very strong; below 0 with the word negative. */
export function strengthOfRho(rho: number): string {
  const words = strengthOf(Math.abs(rho));
  return rho < 0 ? `${words} negative` : words;
}

function strengthOf(size: number): string {
  if (size < 0.4) return 'weak';
  if (size < 0.6) return 'moderate';
  return size < 0.8 ? 'strong' : 'very strong';
}

/** κ (Landis & Koch 1977): poor < 0 ≤ slight ≤ 0.20 < fair ≤ 0.40 < moderate ≤ 0.60 < substantial ≤ 0.80 < almost perfect. */
export function strengthOfKappa(kappa: number): string {
  if (kappa < 0) return 'poor';
  if (kappa <= 0.2) return 'slight';
  if (kappa <= 0.4) return 'fair';
  if (kappa <= 0.6) return 'moderate';
  return kappa <= 0.8 ? 'substantial' : 'almost perfect';
}
