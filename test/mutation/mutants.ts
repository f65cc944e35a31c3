/** Small mistakes in a source's text, as a person would make them: each is a mutant, which some test has to notice. */

export interface Mutant {
  /** Place in the text, and what stands there in place of `was`. */
  readonly start: number;
  readonly was: string;
  readonly becomes: string;
}

/** Binary operators stand between spaces in formatted sources, so that types' angle brackets and unary signs are left alone. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '+=': ['-='],
  '-=': ['+='],
};

/** Mutants of a formatted TypeScript source, in the order of their places. Comments, imports and types' lines have none. */
export function mutantsOf(source: string): Mutant[] {
  const code = withoutWords(source);
  const found: Mutant[] = [];
  const add = (start: number, was: string, becomes: string) => found.push({ start, was, becomes });
  for (const { index, 1: operator } of code.matchAll(/(?<= )(<=?|>=?|[!=]==|&&|\|\||[-+*/]=?)(?= )/g))
    for (const becomes of OPERATORS[operator!] ?? []) add(index, operator!, becomes);
  for (const { index, 0: number } of code.matchAll(/(?<![\w.$#'])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.'])/g))
    add(index, number, changedNumber(number));
  for (const { index, 0: word } of code.matchAll(/(?<=[=(,:?] |return |\()(?:true|false)\b/g))
    add(index, word, String(word === 'false'));
  for (const { index, 0: call } of code.matchAll(/Math\.(?:min|max|ceil|floor)(?=\()/g))
    add(index, call, OTHER_CALL[call]!);
  for (const { index, 0: list } of code.matchAll(/(?<=return )[^;\n{]*\.map\([^\n]*(?=;\n)/g))
    add(index, list, '[] as never');
  for (const { index } of code.matchAll(/(?<=return )[\w.]*\.map\([^\n]*\{\n/g)) add(index, '', '[] as never; ');
  return found.sort((a, b) => a.start - b.start);
}

const OTHER_CALL: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
  'Math.ceil': 'Math.floor',
  'Math.floor': 'Math.ceil',
};

/** Whole numbers by one, fractions by a fifth: enough to matter, too little to break everything. */
function changedNumber(number: string): string {
  return /^\d+$/.test(number) ? String(Number(number) + 1) : String(Number(number) * 1.2);
}

/** The source with comments, texts, imports and declarations of types blanked, and every place kept. */
function withoutWords(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|^import [^;]*;|^(?:export )?(?:interface|type) [\s\S]*?^\}?(?=\n\n|\n\/\*\*)|'(?:[^'\\\n]|\\.)*'/gm,
    (text) => text.replace(/[^\n]/g, '_'),
  );
}

export function mutated(source: string, { start, was, becomes }: Mutant): string {
  return source.slice(0, start) + becomes + source.slice(start + was.length);
}
