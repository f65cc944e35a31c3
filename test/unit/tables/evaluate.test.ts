import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { arqueroExpression } from '../../../src/kernel/language/expression.ts';
import { evaluate, rowsAt } from '../../../src/kernel/tables/evaluate.ts';

const rows = table({ patient: ['A', 'B', 'C'], percent: [4, null, 90] });
const values = (source: string) => evaluate(rows, arqueroExpression(source, rows.columnNames()));

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
  ])('refuses %s, which reaches outside the table', (source) => {
    expect(() => values(source)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(bad-expression|unknown-column)$/) }),
    );
  });
});

describe('rowsAt', () => {
  it('keeps rows in the order of their numbers, with missing cells', () => {
    expect(rowsAt(rows, [2, 1]).objects()).toEqual([
      { patient: 'C', percent: 90 },
      { patient: 'B', percent: null },
    ]);
  });
});
