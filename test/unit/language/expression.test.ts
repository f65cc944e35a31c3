import { describe, expect, it } from 'vitest';
import { arqueroExpression, columnsIn, mistakeIn } from '../../../src/kernel/language/expression.ts';

const COLUMNS = ['class', 'percent', 'score', 'region', 'ggo', 'reticulation'];
const rewrite = (source: string) => arqueroExpression(source, COLUMNS);

describe('arqueroExpression', () => {
  it.each([
    ['class == "ggo"', 'd => d["class"] == "ggo" '],
    ['percent >= 5 && !(score < 2)', 'd => d["percent"] >= 5 && ! ( d["score"] < 2 ) '],
    ['percent / 2 > (score) / 4', 'd => d["percent"] / 2 > ( d["score"] ) / 4 '],
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
    ['match(region, /(R+)+/)', '`/` has no meaning before a value. Texts stand in double quotes.'],
    ['globalThis', /^There is no column `globalThis`/],
    ['region == RLL', 'percent, score, region, ggo, reticulation. Texts stand in double quotes.'],
  ])('refuses %s', (source, message) => expect(() => rewrite(source)).toThrow(message));
});

describe('mistakeIn', () => {
  it.each([
    ['percent = 5', { startLine: 0, startColumn: 8, endLine: 0, endColumn: 9 }],
    ['percent > 1\n  and score < 2', { startLine: 1, startColumn: 2, endLine: 1, endColumn: 5 }],
    ["region == 'RLL'", { startLine: 0, startColumn: 10, endLine: 0, endColumn: 11 }],
  ])('points at what is wrong in %j whatever the columns are', (source, span) => {
    expect(mistakeIn(source)?.span).toEqual(span);
  });

  it('takes any word for a column', () => {
    expect(mistakeIn('mean(anything) > 5 && region == "RLL"')).toBeUndefined();
  });
});

describe('columnsIn', () => {
  it('finds columns, and no texts', () => {
    expect(columnsIn('ggo + reticulation > "score" || ggo', COLUMNS)).toEqual(['ggo', 'reticulation']);
  });
});
