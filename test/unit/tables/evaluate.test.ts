import { table } from 'arquero';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/kernel/base/userError.ts';
import { arqueroExpression } from '../../../src/kernel/language/expression.ts';
import { evaluate, rowsAt } from '../../../src/kernel/tables/evaluate.ts';

const rows = table({ patient: ['A', 'B', 'C'], percent: [4, null, 90] });
const values = (source: string) => evaluate(rows, arqueroExpression(source, rows.columnNames()));

describe('patterns', () => {
  const files = table({ file: ['P01-left', 'P02', null] });
  const matched = (source: string) => evaluate(files, arqueroExpression(source, files.columnNames()));

  it.each([
    ['match(file, "P(\\d+)", 1)', ['01', '02', undefined]],
    ['match(file, "P(?<number>\\d+)", "number")', ['01', '02', undefined]],
    ['match(file, "left$", 0)', ['left', null, undefined]],
    ['match(file, "^P") != undefined', [true, true, false]],
  ])('finds %s', (source, expected) => expect(matched(source)).toEqual(expected));

  it('refuses what cannot be matched in the time of the text', () =>
    expect(() => matched('match(file, "P(?=0)") == null')).toThrow(/^The expression cannot be computed: .*\(\?=/));

  it('takes a pattern that others never end with', () => {
    const long = table({ text: [`${'a'.repeat(5000)}!`] });
    expect(evaluate(long, arqueroExpression('match(text, "^(a+)+$") == null', ['text']))).toEqual([true]);
  });
});

describe('evaluate', () => {
  it.each([
    ['percent > 5', [false, false, true]],
    ['percent < 5', [true, false, false]],
    ['percent == undefined', [false, true, false]],
    ['percent > mean(percent)', [false, false, true]],
    ['percent * 2', [8, Number.NaN, 180]],
    ['includes(["A", "C"], patient)', [true, false, true]],
  ])('computes %s, a missing cell being neither less nor more than anything', (source, expected) =>
    expect(values(source)).toEqual(expected),
  );

  it.each([
    'require("fs")',
    'Function("return 1")()',
    'eval("1")',
    'fetch("http://127.0.0.1")',
    'patient[["constructor"]][["constructor"]]("return process")()',
    '(() => 1)()',
    'import("node:fs")',
    '[].constructor',
    'patient => patient',
    'percent["constructor"]',
    '"a"["constructor"]["constructor"]("globalThis.reached = true")()',
    '(percent)[("const" + "ructor")]',
    '[[1]][0]',
    'constructor("return process")',
    'hasOwnProperty("x")',
    '__proto__()',
    'row_object()',
    'object(patient)',
    'parse_json("{}")',
    'sequence(0, 1e9)',
    'repeat("x", 1e9)',
    'padstart(patient, 1e9)',
    'patient + `x`',
    'percent++',
    'percent += 1',
    'this',
    'new Function("1")',
    '[...patient]',
    '\\u0065val("1")',
    'patient, 1',
  ])('refuses %s, which reaches outside the table', (source) => {
    expect(() => values(source)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(bad-expression|unknown-column)$/) }),
    );
  });
});

it('no expression reaches outside the table, whatever it is made of', () => {
  const part = fc.constantFrom(
    ...[
      'patient',
      'percent',
      'constructor',
      '__proto__',
      'globalThis',
      'process',
      'Function',
      'eval',
      'mean',
      'op',
      'd',
      'this',
    ],
    ...[
      '(',
      ')',
      '[',
      ']',
      '.',
      ',',
      '"constructor"',
      '"globalThis.reached = true"',
      '=>',
      '+',
      '=',
      '`',
      '1',
      '{',
      '}',
      '?',
      ':',
    ],
  );
  const came = { evaluated: 0, refused: 0 };
  const valuesOf = (expression: string): unknown[] | undefined => {
    try {
      return values(expression);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      return undefined;
    }
  };
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
      const found = valuesOf(parts.join(' '));
      came[found ? 'evaluated' : 'refused']++;
      for (const value of found ?? []) expect(['string', 'number', 'boolean', 'undefined']).toContain(typeof value);
      if (found) expect(found.length).toBeGreaterThan(0);
      expect('reached' in globalThis).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(came.evaluated, came.refused)).toBeGreaterThan(10);
});

describe('rowsAt', () => {
  it('keeps rows in the order of their numbers, with missing cells', () => {
    expect(rowsAt(rows, [2, 1]).objects()).toEqual([
      { patient: 'C', percent: 90 },
      { patient: 'B', percent: null },
    ]);
  });
});
