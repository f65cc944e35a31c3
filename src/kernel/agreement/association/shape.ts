/** Whether numbers are lopsided: the adjusted Fisher–Pearson skewness G₁ (Joanes & Gill, The Statistician 1998). */

/** Beyond this a distribution counts as highly skewed (Bulmer, Principles of Statistics 1979). */
export const HIGHLY_SKEWED = 1;

/** G₁ = √(n(n − 1))/(n − 2) · m₃/m₂^1.5; undefined for fewer than 3 values, or where all are the same. */
export function skewness(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 3) return undefined;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / n;
  const m2 = moment(2);
  return m2 > 0 ? (Math.sqrt(n * (n - 1)) / (n - 2)) * (moment(3) / m2 ** 1.5) : undefined;
}
