/** Finds what a reader of a paper would not understand: names of the code, codes of classes, backticks, hyphens for minus. */

const FAULTS: Readonly<Record<string, RegExp>> = {
  // Not within names such as series-1, ranges and dates.
  'a hyphen before a number': /(?<![\p{L}\p{N}_\])\-.])-(?=\d)/u,
  'a backtick': /`/,
  'the code of a class': /\bggo\b/,
  'a name of the code': /\b[a-z]+[A-Z][A-Za-z]*\b|\b[a-z]+(?:_[a-z]+)+\b/,
  'no value': /\b(?:NaN|null|Infinity)\b/,
};

/** Each fault with the words around it; `known` are names that a notebook or its files have. */
export function faultsIn(text: string, known: readonly string[] = []): string[] {
  const own = known.reduce((left, name) => left.replaceAll(name, 'name'), text);
  return Object.entries(FAULTS).flatMap(([fault, sign]) =>
    [...own.matchAll(new RegExp(sign, `g${sign.flags}`))].map(({ index }) => {
      const around = own.slice(Math.max(0, index - 30), index + 40).replaceAll('\n', ' ');
      return `${fault}: … ${around} …`;
    }),
  );
}

/** Names that a notebook gives, by `as` and `param`; those of its files' columns are on whoever knows these. */
export function namesIn(source: string): string[] {
  return [...source.matchAll(/\b(?:as|param)\s+([a-z]\w*)/g)]
    .map(([, name]) => name!)
    .filter((name) => /[_A-Z]/.test(name));
}

/** What is written as code, between backticks, is the user's to type. */
export function withoutCode(text: string): string {
  return text.replace(/`[^`]*`/g, 'code');
}
