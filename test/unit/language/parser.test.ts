import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/kernel/base/userError.ts';
import { parse } from '../../../src/kernel/language/parser.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const one = (source: string) => {
  const statements = parse(source, VERBS);
  expect(statements).toHaveLength(1);
  return statements[0]!;
};

/** The error of a source, as `code line:column-line:column`, one-based as editors show it. */
const failure = (source: string): string => {
  try {
    parse(source, VERBS);
  } catch (error) {
    if (!(error instanceof UserError) || !error.span) throw error;
    const { startLine, startColumn, endLine, endColumn } = error.span;
    return `${error.code} ${startLine + 1}:${startColumn + 1}-${endLine + 1}:${endColumn + 1}`;
  }
  throw new Error(`no error in: ${source}`);
};

const message = (source: string): string => {
  try {
    parse(source, VERBS);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`no error in: ${source}`);
};

describe('parse', () => {
  it('takes the name of a parameter for a value where one has to come, though it is the word of a clause', () => {
    const cell = 'param cut = 5 in 1..9\nplot s as kaplan-meier at cut\nplot ag as kappa-curve for ggo cut cut';
    const [, curves, kappa] = parse(cell, VERBS);
    expect([...curves!.clauses.keys()]).toEqual(['as', 'at']);
    expect([...kappa!.clauses.keys()]).toEqual(['as', 'for', 'cut']);
    expect(failure('plot s as kaplan-meier at cut 1')).toBe('missing-value 1:24-1:26');
  });

  it.each([
    'load "cohort/" as cohort',
    'load "reader1.csv" as reader',
    'describe cohort',
    'quantify cohort with "lung-texture" as ai',
    'show cohort "P01" overlay ai plane axial slice 120 window lung',
    'score ai at 1, 25, 50, 75 as ai5',
    'agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag',
    'summarise ai by region',
    'plot ag as bland-altman for ggo',
    'filter ai where region == "RLL" as rll',
    'derive ai fibrosis = reticulation + honeycombing as ai2',
    'exclude "P07" from cohort because "left lung half segmented" as kept',
    'flow kept',
    'param cut = 25 in 0..100 step 1',
    'export ag to "table4.csv"',
    'quantify cohort deciding honeycombing at 0.6, emphysema below -950 HU, minimum 0.1 ml as ai',
    'score ai at cut, 50 as ai5',
  ])('understands %s', (source) => {
    expect(one(source).verb).toBe(source.split(' ')[0]);
  });

  it('takes clauses in any order, line breaks and comments anywhere', () => {
    const plain = one('agree ai with reader by region for ggo, reticulation weights linear as ag');
    const spread = one(
      'agree ai # two readings\n  as ag\n  weights linear\n  for ggo,\n      reticulation\n with reader by region',
    );
    const shape = (s: typeof plain) => ({
      name: s.name?.text,
      clauses: Object.fromEntries([...s.clauses].sort().map(([key, { value }]) => [key, value.kind])),
    });
    expect(shape(spread)).toEqual(shape(plain));
  });

  it('reads several statements of a cell', () => {
    const statements = parse('load "a" as a describe a\nquantify a as b show a "P1"', VERBS);
    expect(statements.map((s) => s.verb)).toEqual(['load', 'describe', 'quantify', 'show']);
  });

  it('gives values their units and standard spellings', () => {
    const statement = one('score ai at 1, 25 %, 50% as s');
    expect(statement.clauses.get('at')?.value).toMatchObject({
      items: [{ value: 1 }, { value: 25, unit: '%' }, { value: 50, unit: '%' }],
    });
    expect(one('agree a with b for Ground-Glass, GGO, honeycomb').clauses.get('for')?.value).toMatchObject({
      items: [{ word: 'ggo' }, { word: 'ggo' }, { word: 'honeycombing' }],
    });
    expect(one('plot a as scatter in ML').clauses.get('in')?.value).toMatchObject({ word: 'RML' });
  });

  it.each([
    [String.raw`load "C:\data\new" as c`, String.raw`C:\data\new`],
    [String.raw`load "C:\data\" as c`, 'C:\\data\\'],
    [String.raw`load "a \"b\" c" as c`, 'a "b" c'],
  ])('takes the text of %j as it stands', (source, text) => {
    expect(one(source)).toMatchObject({ subject: { text }, name: { text: 'c' } });
  });

  it('keeps an expression as it was written', () => {
    expect(
      one('filter ai where op.mean(percent) > 5 && region == "RLL" as rll').clauses.get('where')?.value,
    ).toMatchObject({
      kind: 'expression',
      source: 'op.mean(percent) > 5 && region == "RLL"',
    });
  });

  it.each([
    ['lod "x" as y', 'unknown-verb 1:1-1:4'],
    ['load "x" sa y', 'unknown-clause 1:10-1:12'],
    ['agree ai with reader for gg0 as ag', 'unknown-class 1:26-1:29'],
    ['plot ag for ggo', 'missing-clause 1:1-1:16'],
    ['load "x', 'unclosed-text 1:6-1:8'],
    ['load "x" as\nload "y" as z', 'missing-value 1:10-1:12'],
    ['describe', 'missing-subject 1:1-1:9'],
    ['agree ai with', 'missing-value 1:10-1:14'],
    ['agree a with b weights linear weights none', 'repeated-clause 1:31-1:38'],
    ['score a as b as c', 'repeated-clause 1:14-1:16'],
    ['score ai at 120', 'out-of-range 1:13-1:16'],
    ['load "x" as load', 'reserved-name 1:13-1:17'],
    ['describe a\n\n  qantify b', 'unknown-verb 3:3-3:10'],
    ['show c "P1" slice 1.5', 'out-of-range 1:19-1:22'],
    ['agree a with b for ggo reticulation', 'missing-comma 1:24-1:36'],
    ['score ai at 1 25, 50', 'missing-comma 1:15-1:17'],
    ['score ai at 1, 25 HU as s', 'wrong-unit 1:19-1:21'],
    ['show c slice 12 mm', 'wrong-unit 1:17-1:19'],
    ["load 'x.csv' as y", 'unexpected 1:6-1:7'],
    ['load “x.csv” as y', 'unexpected 1:6-1:7'],
    ['r = load("x.csv")', 'unknown-verb 1:1-1:2'],
    ['// my study\nload "x" as y', 'unknown-verb 1:1-1:3'],
    // A misspelt clause may open a line, and so may a misspelt verb that is as near to a clause.
    ['agree a with b\n  weigths linear', 'unknown-clause 2:3-2:10'],
    ['describe a\nscor b', 'unknown-verb 2:1-2:5'],
  ])('points at the mistake in %j', (source, expected) => {
    expect(failure(source)).toBe(expected);
  });

  it.each([
    ['agree ai with reader for gg0', 'did you mean `ggo`?'],
    ['quantfy cohort', 'did you mean `quantify`?'],
    ['agree ai wth reader', 'did you mean `with`?'],
    ['agree a with b weights liner', 'did you mean `linear`?'],
    ['plot ag as scater', 'did you mean `scatter`?'],
    ['agree a with b for ggo weigths linear', 'did you mean `weights`?'],
  ])('suggests the nearest word in %j', (source, suggestion) => {
    expect(message(source)).toContain(suggestion);
  });

  it('names signs that no screen shows by their number', () => {
    expect(message('load "x" as y\n\0 describe y')).toContain('`U+0000` is not expected here');
    expect(message('load "x" as y\n\u202e describe y')).toContain('`U+202E` is not expected here');
  });

  it.each([
    ['load “x.csv” as y', 'Texts stand in straight double quotes, not in `“`'],
    ['score ai at 1 ml', '`at` expects a number (%) from 0 to 100, not `ml`.'],
    ['show c slice 12%', '`slice` expects a whole number of at least 1, not `%`.'],
    ['agree a with b weights square', '`weights` knows no `square`: known: none, linear, quadratic, table.'],
    ['r = load("x.csv")', 'names its result at its end: `load "reader.csv" as r`'],
    ['// my study', 'A comment begins with `#`.'],
    ['score a as b at 1 as c', '`as` is given twice.'],
  ])('says what to write instead of %j', (source, advice) => {
    expect(message(source)).toContain(advice);
  });

  it('never fails with anything but an error for the user', () => {
    const words = [
      ...VERBS.keys(),
      'as',
      'with',
      'for',
      'ggo',
      'ai',
      '"x"',
      '"',
      '1',
      '-5',
      '%',
      ',',
      '..',
      '=',
      '(',
      ')',
      '\n',
      '#c',
      'é',
      '🫁',
      '0..100',
      'where',
      'to',
    ];
    const came = { parsed: 0, refused: 0 };
    const outcomeOf = (source: string): keyof typeof came => {
      try {
        parse(source, VERBS);
      } catch (error) {
        if (error instanceof UserError && error.span) return 'refused';
        throw error;
      }
      return 'parsed';
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fc.constantFrom(...words)).map((w) => w.join(' ')),
          fc.string(),
          fc.string({ unit: 'binary' }),
        ),
        (source) => {
          came[outcomeOf(source)]++;
        },
      ),
      { numRuns: 2000 },
    );
    expect(Math.min(came.parsed, came.refused)).toBeGreaterThan(0);
  });
});
