/** Keeps answers small, and says what was left out. */

export interface RowsWanted {
  /** From 0. */
  readonly from: number | undefined;
  /** The most of each table; all, left out. */
  readonly rows: number | undefined;
}

/** Tables of a result are its lists of objects. `left` has, by table, how many rows there are in all where some were left out. */
export function shortenedTables(
  result: object,
  { from = 0, rows = Infinity }: RowsWanted,
): { readonly result: object; readonly left?: Readonly<Record<string, string>> } {
  const left: Record<string, string> = {};
  const short = Object.entries(result).map(([key, value]) => {
    if (!isTable(value)) return [key, value];
    const kept = value.slice(from, from + rows);
    if (kept.length < value.length) left[key] = whichRows(from, kept.length, value.length);
    return [key, kept];
  });
  return { result: Object.fromEntries(short), ...(Object.keys(left).length && { left }) };
}

function whichRows(from: number, kept: number, all: number): string {
  const which = kept ? `rows ${from} to ${from + kept - 1}` : 'no row';
  return `${which} of ${all}, which count from 0: ask for others by \`from\` and \`rows\``;
}

function isTable(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

export function shortenedText(text: string, characters = Infinity): string {
  if (text.length <= characters) return text;
  const kept = text.slice(0, characters);
  return `${kept}\n… ${text.length - characters} more characters are left out here.`;
}
