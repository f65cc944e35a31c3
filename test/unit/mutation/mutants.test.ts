/** Which mistakes `npm run mutate` plants in a line of code, and which it leaves out. */
import { describe, expect, it } from 'vitest';
import { mutantsOf, mutated } from '../../mutation/mutants.ts';

/** Each line of code with one mistake in it. */
const mistakesIn = (line: string) => mutantsOf(line).map((mutant) => mutated(line, mutant));

describe('mutants', () => {
  it.each([
    ['a < b;', ['a <= b;']],
    ['(a + 1) ** 2;', ['(a - 1) ** 2;', '(a + 2) ** 2;', '(a + 1) * 2;', '(a + 1) ** 3;']],
    ['a === b && -c;', ['a !== b && -c;', 'a === b || -c;', 'a === b && c;']],
    ['sum += term(false);', ['sum -= term(false);', 'sum += term(true);']],
    ['f(0.95);', ['f(1.14);']],
    ['Math.min(a, Math.abs(b));', ['Math.max(a, Math.abs(b));', 'Math.min(a, (b));']],
  ])('of %s change one operator, number, call or word each', (line, mistakes) => {
    expect(mistakesIn(line)).toEqual(mistakes);
  });

  it('turn round conditions, and empty what a function gives', () => {
    expect(mistakesIn('if (isEmpty(a)) b();')).toEqual(['if (!(isEmpty(a))) b();']);
    expect(mistakesIn('if (!a) b();')).toEqual(['if (a) b();']);
    expect(mistakesIn('function f() { return rows.map(g); }')).toEqual(['function f() { return [] as never; }']);
  });

  it('take a tolerance away, as a little more of it makes no difference', () => {
    expect(mistakesIn('a - b < 1e-9;')).toEqual(['a + b < 1e-9;', 'a - b <= 1e-9;', 'a - b < 0;']);
  });

  it('are none in types, texts, imports and comments, nor in how a number is shown', () => {
    for (const line of [
      'type Step = { readonly change: 1 | -1 };',
      'let pair: readonly [0, 1] | undefined;',
      "import { a } from 'b - 1';",
      "const text = 'a < 1';",
      'const text = `95 % interval`;',
      '// a + 1',
      'x.toFixed(decimals + 1);',
    ])
      expect(mistakesIn(line), line).toEqual([]);
    expect(mistakesIn(`\`\${a + b} of 3\`;`)).toEqual([`\`\${a - b} of 3\`;`]);
    expect(mistakesIn('(a * b).toFixed(2) as 1 | 2;')).toEqual(['(a / b).toFixed(2) as 1 | 2;']);
  });
});
