/** In which order a reader is shown the cases: by chance, and those that are shown twice far apart. */
import type { Random } from '../../base/random.ts';

export interface Shown<T> {
  readonly item: T;
  /** 1 for the first time, 2 for the second. */
  readonly repeat: number;
}

/**
 * All items once in random order, and `repeats` of them a second time, half of the study later at least: so late that
 * the first reading is forgotten, and at no fixed distance, so that nobody can tell a repeat by its place.
 */
export function readingOrder<T>(items: readonly T[], repeats: number, random: Random): Shown<T>[] {
  const first = shuffled(items, random);
  const gap = Math.ceil(first.length / 2);
  // The earlier ones can be shown again later.
  const again = shuffled(
    first.slice(0, Math.max(repeats, first.length - gap)).map((_, place) => place),
    random,
  ).slice(0, repeats);
  const later = again.map((place) => {
    const from = Math.min(first.length, place + gap);
    return { item: first[place]!, after: from + Math.floor(random() * (first.length - from + 1)), place };
  });
  return [
    ...first.map((item, n) => ({ item, repeat: 1, at: [n, 0, 0] as const })),
    // Behind the case at `after`, and where several are, in the order in which they were seen.
    ...later.map(({ item, after, place }) => ({ item, repeat: 2, at: [after, -1, place] as const })),
  ]
    .sort(({ at: a }, { at: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(({ item, repeat }) => ({ item, repeat }));
}

/** Fisher and Yates's shuffle. */
export function shuffled<T>(items: Iterable<T>, random: Random): T[] {
  const all = [...items];
  for (let n = all.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [all[n], all[other]] = [all[other]!, all[n]!];
  }
  return all;
}
