import { describe, expect, it } from 'vitest';
import type { TableColumn } from '../../../src/protocol/view.ts';
import { formatCell } from '../../../src/protocol/words/formatCell.ts';
import { copyText, sortRows } from '../../../src/webview/table/format.ts';

const column = (rest: Partial<TableColumn>): TableColumn => ({ name: 'x', label: 'X', kind: 'number', ...rest });

describe('cells of a table', () => {
  it('are rounded to their column, without a negative zero', () => {
    expect(formatCell(1.2345, column({ digits: 2 }))).toBe('1.23');
    expect(formatCell(-0.001, column({ digits: 1 }))).toBe('0.0');
    expect(formatCell(0.1 + 0.2, column({}))).toBe('0.3');
  });

  it('show small p-values as a bound and undefined as nothing', () => {
    expect(formatCell(0.00042, column({ kind: 'p-value' }))).toBe('< 0.001');
    expect(formatCell(0.0421, column({ kind: 'p-value' }))).toBe('0.042');
    expect(formatCell(null, column({ kind: 'p-value' }))).toBe('');
  });
});

describe('rows of a table', () => {
  const rows = [
    ['P10', 3],
    ['P9', null],
    ['P2', 12],
    ['P1', 3],
  ];

  it('sort numbers by value and labels by the numbers in them', () => {
    expect(sortRows(rows, { column: 0, descending: false }).map(([name]) => name)).toEqual(['P1', 'P2', 'P9', 'P10']);
    expect(sortRows(rows, { column: 1, descending: true }).map(([name]) => name)).toEqual(['P2', 'P10', 'P1', 'P9']);
  });

  it('keep empty cells last in both directions', () => {
    for (const descending of [false, true]) expect(sortRows(rows, { column: 1, descending }).at(-1)?.[0]).toBe('P9');
  });

  it('copy unrounded, with the names that export writes, and never break a line', () => {
    const columns = [column({ name: 'patient', kind: 'text' }), column({ name: 'percent', digits: 1 })];
    expect(copyText({ columns }, [['a\tb\nc', 1.23456]])).toBe('patient\tpercent\na b c\t1.23456');
  });
});
