/** Words that terminals, logs, plain text and the screen have in common. */
import { describe, expect, it } from 'vitest';
import type { TableColumn, TableView } from '../../../src/protocol/view.ts';
import { plainText } from '../../../src/protocol/views/index.ts';
import { formatCell, formatNumber, formatP } from '../../../src/protocol/words/formatCell.ts';
import { allOf, anyOf, atMost } from '../../../src/protocol/words/lists.ts';
import { visibleLine, visibleText } from '../../../src/protocol/words/visibleText.ts';

describe('what a terminal would obey', () => {
  it.each([
    ['\x1b[2J\x1b[31mred', '␛[2J␛[31mred'],
    ['\x1b]8;;http://x\x07link\x1b]8;;\x07', '␛]8;;http://x␇link␛]8;;␇'],
    ['\x9b2J', '\\u{9b}2J'],
    ['a\rb\x08\x7f\0', 'a␍b␈␡␀'],
    ['\u202egnp.\u202c\u2066x\u2069', '\\u{202e}gnp.\\u{202c}\\u{2066}x\\u{2069}'],
    ['a\u200bb\u200dc\ufeffd\u00ade', 'a\\u{200b}b\\u{200d}c\\u{feff}d\\u{ad}e'],
    ['a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
    ['\u{e0041}', '\\u{e0041}'],
  ])('is shown and not sent: %j', (raw, shown) => {
    expect(visibleLine(raw)).toBe(shown);
    expect(visibleText(raw)).toBe(shown);
  });

  it('leaves words of any language, signs and pictures alone', () => {
    const text = 'Müller, 山田, محمد, κ ≥ 0.6 – “ja” 🫁';
    expect(visibleLine(text)).toBe(text);
  });

  it('keeps the lines of a message, and makes those within a name visible', () => {
    expect(visibleText('a\n• b')).toBe('a\n• b');
    expect(visibleLine('P01\nerror: no\tway')).toBe('P01␊error: no␉way');
  });
});

const column = (rest: Partial<TableColumn>): TableColumn => ({ name: 'x', label: 'X', kind: 'number', ...rest });

describe('numbers', () => {
  it('are never a negative zero', () => {
    expect([formatNumber(-0.04, 1), formatNumber(-0.4, 0), formatNumber(-0.06, 1)]).toEqual(['0.0', '0', '−0.1']);
  });

  it('are p-values with three decimals, or a bound', () => {
    expect([formatP(0.0421987), formatP(0.00042), formatP(1)]).toEqual(['0.042', '< 0.001', '1.000']);
    expect([formatP(0.000999), formatP(0.001)]).toEqual(['< 0.001', '0.001']);
  });

  it('have ten digits where a column does not say how many', () => {
    expect(formatCell(Math.PI * 1000, column({}))).toBe('3141.592654');
  });

  it('say the same in plain text as on screen', () => {
    const columns = [column({ digits: 1 }), column({ kind: 'p-value' }), column({})];
    const row = [-0.04, 0.0421987, 0.1 + 0.2];
    const view: TableView = {
      type: 'table',
      title: 'T',
      columns,
      rows: [row],
      totalRows: 1,
      notes: [],
      messages: [],
      researchOnly: false,
    };
    const shown = row.map((value, c) => formatCell(value, columns[c]!));
    expect(shown).toEqual(['0.0', '0.042', '0.3']);
    expect(plainText(view).split('\n').at(-1)?.trim().split(/\s+/)).toEqual(shown);
  });
});

describe('lists', () => {
  it('have no comma before the last', () => {
    expect([allOf([]), allOf(['a']), allOf(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
    expect([anyOf(['a', 'b']), anyOf(['a', 'b', 'c'])]).toEqual(['a or b', 'a, b or c']);
  });

  it('tell how many more there are', () => {
    expect([1, 2, 3].map((most) => atMost(['a', 'b', 'c'], most))).toEqual([
      'a and 2 more',
      'a, b and 1 more',
      'a, b, c',
    ]);
  });
});
