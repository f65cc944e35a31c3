/** "Did you mean": the known word that is closest to an unknown one. */

/** The nearest option within a third of its length in edits, or undefined. */
export function nearest(word: string, options: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const option of options) {
    const edits = editDistance(word.toLowerCase(), option.toLowerCase());
    // Of short words, every other one is near.
    if (
      edits < least &&
      edits < Math.min(word.length, option.length) &&
      edits <= Math.max(1, Math.ceil(Math.max(word.length, option.length) / 3))
    ) {
      least = edits;
      best = option;
    }
  }
  return best;
}

/** ` Did you mean \`x\`?` where there is a near option, else the options themselves. */
export function suggestionFor(word: string, options: readonly string[]): string {
  const near = nearest(word, options);
  if (near) return `did you mean \`${near}\`?`;
  return options.length ? `known: ${options.join(', ')}.` : 'none is defined yet.';
}

/** Edits of one character: insert, delete, replace, swap neighbours (Damerau–Levenshtein, restricted). */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = least;
    }
  return rows[a.length]![b.length]!;
}
