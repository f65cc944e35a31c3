/** Names in the order that people give them: P2 before P10. */

/** Made once: a comparison by `localeCompare` takes thirty times as long. */
const collator = new Intl.Collator('en', { numeric: true });
/** So many are sorted at a time; the rest of the program has its turn in between. */
const SORTED_AT_ONCE = 1000;

export function naturally(a: string, b: string): number {
  return collator.compare(a, b);
}

/** The items in the natural order of their names, however many, without holding up the program. */
export async function inNaturalOrder<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  signal: AbortSignal,
): Promise<Item[]> {
  const compare = (a: Item, b: Item) => naturally(nameOf(a), nameOf(b));
  const pause = async () => {
    await new Promise(setImmediate);
    signal.throwIfAborted();
  };
  let runs: Item[][] = [];
  for (let start = 0; start < items.length; start += SORTED_AT_ONCE) {
    if (start > 0) await pause();
    runs.push(items.slice(start, start + SORTED_AT_ONCE).sort(compare));
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let n = 0; n < runs.length; n += 2) {
      const second = runs[n + 1];
      merged.push(second ? await mergedRuns(runs[n]!, second, compare, pause) : runs[n]!);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergedRuns<Item>(
  a: readonly Item[],
  b: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pause: () => Promise<void>,
): Promise<Item[]> {
  const merged: Item[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (merged.length % SORTED_AT_ONCE === 0) await pause();
    merged.push(j === b.length || (i < a.length && compare(a[i]!, b[j]!) <= 0) ? a[i++]! : b[j++]!);
  }
  return merged;
}
