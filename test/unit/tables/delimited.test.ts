/** csv and tsv: dialects, what is written against formulas, and that everything comes back as it was. */
import { fromCSV, table } from 'arquero';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText, writeText } from '../../../src/kernel/tables/delimited.ts';
import { escapedText, unescapedText } from '../../../src/kernel/tables/escapedText.ts';
import { typedTexts } from '../../../src/kernel/tables/typedTexts.ts';

const rows = (text: string) => readText(text, 'a.csv').table.objects();
/** What can go wrong, often. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', ';', '\0', '\uFEFF', '＝', ' ', '1', '.'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 8,
});

describe('text of a table', () => {
  it('holds line breaks, separators and quotes within quotes', () => {
    expect(rows('patient,note\r\nP1,"two\r\nlines, ""quoted"""\r\nP2,b\r\n')).toEqual([
      { patient: 'P1', note: 'two\r\nlines, "quoted"' },
      { patient: 'P2', note: 'b' },
    ]);
    expect(rows('patient;"the\nnote"\nP1;a\n')).toEqual([{ patient: 'P1', 'the\nnote': 'a' }]);
  });

  it('has every column of any row of JSON, whatever its name, and nothing where a row leaves one out', () => {
    const { table } = readText(
      '[{"patient":"a"},{"patient":"b","constructor":2},{"toString":3,"__proto__":4}]',
      'a.json',
    );
    expect(table.columnNames()).toEqual(['patient', 'constructor', 'toString', '__proto__']);
    expect(table.columnNames().map((name) => [...(table.array(name) as unknown[])])).toEqual([
      ['a', 'b', undefined],
      [undefined, 2, undefined],
      [undefined, undefined, 3],
      [undefined, undefined, 4],
    ]);
    expect(() => readText('[{}, {}]', 'a.json')).toThrow('The rows of a.json hold nothing.');
  });

  it('names the lines of the file where rows differ, behind line breaks in quotes too', () => {
    expect(() => rows('a,b\n"1\n2",3\n4,5,6\n')).toThrow('a.csv has 2 columns, but line 4 has 3.');
    expect(() => rows('a,b\n1,2\n"3,4\n5,6\n')).toThrow(
      'In a.csv, a double quote is opened in the row that begins on line 3 and not closed',
    );
  });

  it('has no number where a cell is blank, and a number in every row or in none', () => {
    expect(rows('patient,score\nP1, \nP2,2\n')).toEqual([
      { patient: 'P1', score: null },
      { patient: 'P2', score: 2 },
    ]);
    const late = readText(`score\n${'1\n'.repeat(2000)}none\n`, 'a.csv').table.array('score') as unknown[];
    expect([late[0], late[2000]]).toEqual(['1', 'none']);
  });

  it('is typed as Arquero types it', () => {
    const cell = fc.constantFrom('1', '-0.5', '1e3', 'true', 'false', 'a', '', '2021', '2021-03-04', '2021-13-44');
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (texts) => {
        const known = fromCSV(['x,y', ...texts.map((text) => `${text},z`)].join('\n'));
        expect(typedTexts(texts, false).cells).toEqual(Array.from(known.array('x') as ArrayLike<unknown>));
      }),
    );
  });
});

describe('a text that looks like a formula', () => {
  it('is written with an apostrophe, and numbers as they are', () => {
    const written = writeText(
      table({ '=name': ['=1+1', '+1', '-a', '@b', "'=c", "'d"], x: [-0.5, -1, 2, 0, 1e-7, null] }),
      'csv',
    );
    expect(written).toBe(`'=name,x\n'=1+1,-0.5\n'+1,-1\n'-a,2\n'@b,0\n''=c,1e-7\n'd,\n`);
  });

  it('has one form in the file, and every form is one text', () => {
    fc.assert(
      fc.property(anyText, (text) => unescapedText(escapedText(text)) === text),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(anyText, (text) => !/^[=+\-@\t\r]/.test(escapedText(text))),
      { numRuns: 2000 },
    );
  });

  it.each(['csv', 'tsv'] as const)('comes back from %s as it was, whatever text it is', (format) => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), anyText, (texts, title) => {
        // A text beside them keeps the column one of texts; names are read without the spaces around them.
        const name = `${title}x`;
        fc.pre(name.trim() === name && !/^(key|patient|reader|series)$/i.test(name));
        const given = table({ key: ['k', ...texts.map((_, n) => `k${n}`)], [name]: ['a text', ...texts] });
        const found = readText(writeText(given, format), 'a').table.array(name) as unknown[];
        expect(found).toEqual(['a text', ...texts.map((text) => (text === '' ? null : text))]);
      }),
      { numRuns: 500 },
    );
  });
});
