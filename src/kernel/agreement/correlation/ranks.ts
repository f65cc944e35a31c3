/** Ranks from 1, ties sharing the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, n) => n).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let n = from; n <= to; n++) result[order[n]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return result;
}
