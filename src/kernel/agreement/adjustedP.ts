/** p values adjusted for their number: family-wise by Holm (Scand J Stat 1979), by false discovery rate by Benjamini & Hochberg (J R Stat Soc B 1995). */

/** A p value in 0–1, or undefined where the test has none: such a test is not counted among the tests. */
type RawP = number | undefined;

/**
 * Holm's step-down adjustment: with m p values in ascending order, max over j ≤ i of min(1, (m − j + 1)·p_j).
 * Same order as given; undefined stays undefined.
 */
export function holm(p: readonly RawP[]): RawP[] {
  let largest = 0;
  return adjusted(p, 'ascending', (value, place, count) => {
    largest = Math.max(largest, Math.min(1, (count - place + 1) * value));
    return largest;
  });
}

/**
 * Benjamini and Hochberg's step-up adjustment: with m p values in ascending order, min over j ≥ i of min(1, m·p_j/j).
 * Same order as given; undefined stays undefined.
 */
export function benjaminiHochberg(p: readonly RawP[]): RawP[] {
  let smallest = 1;
  return adjusted(p, 'descending', (value, place, count) => {
    smallest = Math.min(smallest, value * (count / place));
    return smallest;
  });
}

/** Calls `adjust` for each p value with its place (from 1) in ascending order, visiting them in the given direction. */
function adjusted(
  p: readonly RawP[],
  direction: 'ascending' | 'descending',
  adjust: (value: number, place: number, count: number) => number,
): RawP[] {
  const order = p.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  order.sort((a, b) => a.value - b.value);
  const places = order.map((entry, n) => ({ ...entry, place: n + 1 }));
  if (direction === 'descending') places.reverse();
  const result = new Array<RawP>(p.length).fill(undefined);
  for (const { value, index, place } of places) result[index] = adjust(value, place, order.length);
  return result;
}
