/** Lists and ranges within sentences, as British English writes them: `a, b and c`, `1 to 4`. */
const ALL = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const ANY = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** `a`, `a and b`, `a, b and c`. */
export function allOf(items: Iterable<string>): string {
  return ALL.format(items);
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(items: Iterable<string>): string {
  return ANY.format(items);
}

/** `a, b` where there are no more than `most`, else the first of them, `a, b and 3 more`. */
export function atMost(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** `24 to 26`, and `24` where both ends are the same, as they are written. */
export function fromTo(low: string | number, high: string | number): string {
  return String(low) === String(high) ? String(low) : `${low} to ${high}`;
}
