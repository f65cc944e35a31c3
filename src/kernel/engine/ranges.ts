/** Numbers of tasks as `sbatch --array` takes them. */

/** Sorted numbers as ranges: `1-3,7`. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** The numbers of `1-3,7`; what limits them (`%4`) is left aside. */
export function numbersOf(ranges: string): number[] {
  return ranges
    .replace(/%\d+$/, '')
    .split(',')
    .filter((range) => range.trim() !== '')
    .flatMap((range) => {
      const [from = Number.NaN, to = from] = range.split('-').map(Number);
      return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, n) => from + n);
    });
}
