/** What a cell holds: a number, nothing, or something else; never a 0 that nobody wrote. */
import { describe, expect, it } from 'vitest';
import { hasDecimalComma, numberInCell, readCell } from '../../../src/kernel/tables/cellNumber.ts';
import { typedTexts } from '../../../src/kernel/tables/typedTexts.ts';

describe('a cell without a value', () => {
  it.each(['', ' ', '\t', '\u00a0', '\u2009 ', '\u200b', '%', ' % ', 'NA', 'n/a', '-', '–', '.', '#N/A', 'NaN', null])(
    'is missing: %j',
    (cell) => expect(numberInCell(cell)).toBeUndefined(),
  );

  it('of another kind is no number', () => {
    for (const cell of ['none', '0x10', '1/2', 'Infinity', '1e999', '1,5', '--1', true, new Date(0)])
      expect(numberInCell(cell), String(cell)).toBe('other');
  });
});

describe('a number', () => {
  it.each([
    ['10 %', 10],
    ['10,5 %', 10.5, ','],
    ['22.5%', 22.5],
    [' 3 ', 3],
    ['−4', -4],
    ['+.5', 0.5],
    ['1e-3', 0.001],
    ['1’234', 1234],
    ['1 234.5', 1234.5],
    ['1.234,5', 1234.5, ','],
    ['1.234', 1234, ','],
    ['1\u202f234,5', 1234.5, ','],
  ] as const)('is read from %j', (cell, value, decimal?: ',') =>
    expect(readCell(cell, decimal)).toMatchObject({ kind: 'number', value }),
  );

  it('has a decimal comma where it can have no other sense', () => {
    expect([hasDecimalComma('10,5 %'), hasDecimalComma('a,b'), hasDecimalComma('1.5')]).toEqual([true, false, false]);
  });
});

describe('a column of texts', () => {
  it('is one of numbers where some are missing or in per cent, and says that they are', () => {
    expect(typedTexts(['10 %', '%', ' ', 'NA', '30'], false)).toEqual({
      cells: [10, null, null, null, 30],
      isPercent: true,
    });
    expect(typedTexts(['10,5 %', '3'], true).cells).toEqual([10.5, 3]);
    expect(typedTexts(['NA', '-'], false).cells).toEqual(['NA', '-']);
  });
});
