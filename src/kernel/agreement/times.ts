/** Cases that are equal in everything, kept once with how many they are: a contingency table of millions needs no more. */

/** How often each case stands; once each where it is left out. */
export type Times = readonly number[] | undefined;

/** The number of cases. */
export function countOf(values: readonly unknown[], times: Times): number {
  return times ? times.reduce((a, b) => a + b, 0) : values.length;
}

/** Σ f(value), each case counting. */
export function sumOf<T>(values: readonly T[], times: Times, f: (value: T, n: number) => number): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += times ? times[n]! * f(values[n]!, n) : f(values[n]!, n);
  return sum;
}

export function meanOf(values: readonly number[], times: Times): number {
  return sumOf(values, times, (value) => value) / countOf(values, times);
}

/** Each case as often as it stands. */
export function repeated<T>(values: readonly T[], times: Times): readonly T[] {
  if (!times) return values;
  return values.flatMap((value, n) => new Array<T>(times[n]!).fill(value));
}
