/** p-values adjusted for being many; undefined ones stay undefined and are not counted. */

type P = number | undefined;

/** Holm's step-down method (Scand J Stat 1979): controls the chance of any false finding. */
export function holm(values: readonly P[]): P[] {
  return adjusted(values, (sorted) => {
    let largest = 0;
    return sorted.map((p, rank) => {
      largest = Math.max(largest, p * (sorted.length - rank));
      return Math.min(1, largest);
    });
  });
}

/** Benjamini & Hochberg's step-up method (J R Stat Soc B 1995): controls the share of false findings. */
export function benjaminiHochberg(values: readonly P[]): P[] {
  return adjusted(values, (sorted) => {
    let least = 1;
    return sorted
      .map((p, rank) => ({ p, rank }))
      .reverse()
      .map(({ p, rank }) => {
        least = Math.min(least, (p * sorted.length) / (rank + 1));
        return least;
      })
      .reverse();
  });
}

function adjusted(values: readonly P[], adjust: (sorted: readonly number[]) => number[]): P[] {
  const order = values.flatMap((p, index) => (p === undefined ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const result = new Array<P>(values.length).fill(undefined);
  const done = adjust(order.map(({ p }) => p));
  for (const [rank, { index }] of order.entries()) result[index] = done[rank];
  return result;
}
