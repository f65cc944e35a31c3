/**
 * The full names behind the words that stand for files in messages, such as "P03, series-2, file 17". The words are saved
 * and shared; the names stay in this process, and go to the screen of who asks.
 */

/** More is said of no run that somebody reads. */
const MAX_REMEMBERED = 10_000;

const behind = new Map<string, readonly string[]>();
const behindSeries = new Map<string, (place: string) => string | undefined>();

/** Says what `words` stand for. */
export function rememberNames(words: string, names: readonly string[]): void {
  remember(behind, words, names);
}

/** Says what the places of a series' files stand for, all of which begin with `series`. */
export function rememberSeries(series: string, nameAt: (place: string) => string | undefined): void {
  remember(behindSeries, series, nameAt);
}

function remember<Known>(map: Map<string, Known>, words: string, known: Known): void {
  map.delete(words);
  map.set(words, known);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

/** A line for each words in the text that stand for files: `P03, series-2, file 17: /data/P03/IM0017`. */
export function namesBehind(text: string): string[] {
  const lines = [...behind].flatMap(([words, names]) =>
    text.includes(words) ? names.map((name) => `${words}: ${name}`) : [],
  );
  for (const [series, nameAt] of behindSeries) {
    if (!text.includes(series)) continue;
    for (const [place] of text.slice(text.indexOf(series)).matchAll(/.*?, file \d+/g)) {
      const own = place.slice(place.lastIndexOf(series));
      const name = nameAt(own);
      if (name !== undefined) lines.push(`${own}: ${name}`);
    }
  }
  return [...new Set(lines)];
}
