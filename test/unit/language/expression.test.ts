import { describe, expect, it } from 'vitest';
import { arqueroExpression, columnsIn } from '../../../src/kernel/language/expression.ts';

const COLUMNS = ['class', 'percent', 'score', 'region', 'ggo', 'reticulation'];
const rewrite = (source: string) => arqueroExpression(source, COLUMNS);

describe('arqueroExpression', () => {
  it.each([
    ['class == "ggo"', 'd => d["class"] == "ggo" '],
    ['percent >= 5 && !(score < 2)', 'd => d["percent"] >= 5 && ! ( d["score"] < 2 ) '],
    ['abs(percent -5)', 'd => abs ( d["percent"] -5 ) '],
    ['region == "a \\" b" # comment', 'd => d["region"] == "a \\" b" '],
    ['score == undefined', 'd => d["score"] == undefined '],
  ])('rewrites %s', (source, expected) => expect(rewrite(source)).toBe(expected));

  it.each([
    ['percnt > 5', 'There is no column `percnt`: did you mean `percent`?'],
    ['percent = 5', 'To compare, write `==` with two equals signs.'],
    ['ggo-reticulation > 1', 'Put spaces around the minus: `ggo - reticulation`.'],
    ['percent > 1 and score < 2', 'Write `&&` for and, `||` for or, `!` for not.'],
    ['region == "open', 'The text "open has no closing quote.'],
    ['percent.constructor', '`.` has no meaning in an expression. Texts stand in double quotes.'],
    ['globalThis', /^There is no column `globalThis`/],
  ])('refuses %s', (source, message) => expect(() => rewrite(source)).toThrow(message));
});

describe('columnsIn', () => {
  it('finds columns, and no texts', () => {
    expect(columnsIn('ggo + reticulation > "score" || ggo', COLUMNS)).toEqual(['ggo', 'reticulation']);
  });
});
