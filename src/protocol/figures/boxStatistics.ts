/** Quartiles and whiskers of a box as Plotly draws them from points: its `linear` method (Langford 2006, method 10), and fences at 1.5 interquartile ranges. */

export interface BoxStatistics {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** The outermost values within 1.5 interquartile ranges of the box. */
  readonly lowerFence: number;
  readonly upperFence: number;
}

/** Of at least one value. */
export function boxOf(values: readonly number[]): BoxStatistics {
  const sorted = Float64Array.from(values).sort();
  const [q1, median, q3] = [between(sorted, 0.25), between(sorted, 0.5), between(sorted, 0.75)];
  const reach = 1.5 * (q3 - q1);
  return {
    q1,
    median,
    q3,
    lowerFence: Math.min(q1, sorted.find((value) => value >= q1 - reach)!),
    upperFence: Math.max(q3, sorted.findLast((value) => value <= q3 + reach)!),
  };
}

function between(sorted: Float64Array, share: number): number {
  const place = Math.min(Math.max(share * sorted.length - 0.5, 0), sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (place % 1) * (above - below);
}
