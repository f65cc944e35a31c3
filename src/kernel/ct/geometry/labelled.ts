/** Where the labels of a map are: most of a CT has none, and stretches without are passed over at the speed of memory. */

const BLOCK = 4096;
const NOTHING = Buffer.alloc(BLOCK);

/** Gives the place of the first label of a map from `from` on, or `end` where there is none before; the map may change meanwhile. */
export function labelFinder(labels: Uint8Array): (from: number, end: number) => number {
  const bytes = Buffer.from(labels.buffer, labels.byteOffset, labels.byteLength);
  return (from, end) => {
    let at = from;
    while (at < end) {
      const stop = Math.min(end, at + BLOCK);
      if (labels[at] === 0 && bytes.compare(NOTHING, 0, stop - at, at, stop) === 0) {
        at = stop;
        continue;
      }
      while (at < stop && labels[at] === 0) at++;
      if (at < stop) return at;
    }
    return end;
  };
}

/** Calls `visit` for every run of labels within a row, in z, y, x order: from `first` on, before `end`. */
export function forEachLabelledRun(
  labels: Uint8Array,
  width: number,
  visit: (first: number, end: number) => void,
): void {
  const next = labelFinder(labels);
  for (let v = next(0, labels.length); v < labels.length; v = next(v, labels.length)) {
    const first = v;
    const rowEnd = v - (v % width) + width;
    while (v < rowEnd && labels[v] !== 0) v++;
    visit(first, v);
  }
}
