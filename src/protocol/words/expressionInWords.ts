/** A condition of `filter` as a sentence of a paper would have it: `hrct == "yes" && age >= 18` is "hrct is yes and age ≥ 18". */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\s*!==?\s*/g, ' is not '],
  [/\s*===?\s*/g, ' is '],
  [/\s*&&\s*/g, ' and '],
  [/\s*\|\|\s*/g, ' or '],
  [/>=/g, '≥'],
  [/<=/g, '≤'],
  [/!(?=[\w(])/g, 'not '],
  [/(?<=[\p{L}\d])_(?=[\p{L}\d])/gu, ' '],
  [/(?<![\p{L}\d)\]]\s*)-(?=\d)/gu, '−'],
];

/** What stands in quotation marks stays as it is, without them. */
export function expressionInWords(expression: string): string {
  return expression
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, n) =>
      n % 2 ? part.slice(1, -1) : OPERATORS.reduce((text, [sign, word]) => text.replace(sign, word), part),
    )
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/([<>≤≥]) /g, '$1\u00a0')
    .trim();
}
