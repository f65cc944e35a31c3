/** The middle one of some numbers, the upper of two; 0 of none. */
export function upperMedian(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
