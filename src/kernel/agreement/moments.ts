/** Means and sums of squares. */

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Sum of squared differences from the mean. */
export function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** With n − 1 in the denominator. */
export function variance(values: readonly number[]): number {
  return sumOfSquares(values) / (values.length - 1);
}
