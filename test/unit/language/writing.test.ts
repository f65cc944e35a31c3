/** Help with writing cells: outline and names, signatures, layout. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSource } from '../../../src/kernel/language/format.ts';
import { outlineOf } from '../../../src/kernel/language/outline.ts';
import { signatureAt } from '../../../src/kernel/language/signature.ts';
import { tokenize } from '../../../src/kernel/language/tokens.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

describe('the outline of a notebook', () => {
  const sources = [
    'param cut = 25 in 0..100',
    'load "r.csv" as reader\nload "m.csv" as ai',
    'score ai at 1, cut as scored\nagree scored\n  with reader\n  as ag',
    'filter scored where percent > cut as high',
  ];
  const outline = outlineOf(
    sources.map((source, n) => ({ cellId: String(n), source })),
    VERBS,
  );

  it('finds every place of a name, in expressions too', () => {
    const places = (name: string) =>
      outline.flatMap(({ cellId, names }) =>
        names
          .filter((occurrence) => occurrence.name === name)
          .map(
            ({ span, isDefinition }) => `${cellId}:${span.startLine}:${span.startColumn}${isDefinition ? ' def' : ''}`,
          ),
      );
    expect(places('cut')).toEqual(['0:0:6 def', '2:0:15', '3:0:30']);
    expect(places('scored')).toEqual(['2:0:22 def', '2:1:6', '3:0:7']);
    expect(places('reader')).toEqual(['1:0:16 def', '2:2:7']);
  });

  it('has every statement with its name and its lines', () => {
    expect(outline[2]?.statements.map(({ verb, name, span }) => [verb, name, span.startLine, span.endLine])).toEqual([
      ['score', 'scored', 0, 0],
      ['agree', 'ag', 1, 3],
    ]);
  });
});

describe('the signature of a statement', () => {
  const at = (source: string) => {
    const signature = signatureAt(source, source.length, VERBS);
    return signature && [signature.verb, signature.parts[signature.active]?.label];
  };

  it('names the part that is being written', () => {
    expect(at('agree ')?.[1]).toMatch(/^‹.+›$/);
    expect(at('agree a with b by ')).toEqual(['agree', '[by …]']);
    expect(at('agree a with b ci bootstrap ')).toEqual(['agree', '[ci …]']);
    expect(at('load "a" as ')).toEqual(['load', '[as ‹name›]']);
  });

  it('is none where a statement begins', () => {
    expect(at('')).toBeUndefined();
    expect(at('load "a" as a\n')).toBeUndefined();
  });
});

describe('formatCell', () => {
  it('lays statements out in one way, and keeps comments and line breaks', () => {
    const source = [
      '',
      '   load   "a  b.csv"  as reader   # of  2021',
      'agree ai',
      'with reader',
      '        by region for ggo,reticulation ,  emphysema',
      '# the cut',
      '',
      '',
      '',
      'param cut=25 in 0..100   ',
      'filter ai where mean(percent) >=5%  && (score>1)  as b',
      '',
    ].join('\n');
    expect(formatSource(source, VERBS)).toBe(
      [
        'load "a  b.csv" as reader  # of  2021',
        'agree ai',
        '  with reader',
        '  by region for ggo, reticulation, emphysema',
        '# the cut',
        '',
        'param cut = 25 in 0..100',
        'filter ai where mean(percent) >=5% && (score>1) as b',
      ].join('\n'),
    );
  });

  it('changes no word, and nothing at a second time', () => {
    const part = fc.constantFrom(
      'load',
      '"a b"',
      'as',
      'x',
      ',',
      '# c',
      '\n',
      '  ',
      ' ',
      '=',
      '..',
      '5',
      '%',
      'with',
      '"open',
      '(',
      '-',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const source = parts.join('');
        const words = (text: string) => tokenize(text).map(({ kind, value, startsLine }) => [kind, value, startsLine]);
        const formatted = formatSource(source, VERBS);
        expect(words(formatted)).toEqual(words(source));
        expect(formatSource(formatted, VERBS)).toBe(formatted);
      }),
      { numRuns: 2000 },
    );
  });
});
