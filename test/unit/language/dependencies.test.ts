import { describe, expect, it } from 'vitest';
import { namesOfCells, parameterChange } from '../../../src/kernel/language/dependencies.ts';
import { parametersIn } from '../../../src/kernel/language/parametersIn.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const CELLS = [
  'param cut = 25 in 0..100 step 1\nparam kind = "linear" in "none", "linear"',
  'load "a.csv" as a\nload "b.csv" as b',
  'score a at 1, cut, 50 as scored',
  'agree scored with b weights kind as ag',
  'filter a where percent > cut as some',
  'derive a double = percent * 2 as more\ndescribe more',
  'half written cut',
].map((source, n) => ({ cellId: String(n), source }));

describe('namesOf', () => {
  it('finds what cells define, and what they use of others; in an expression every word', () => {
    const names = namesOfCells(CELLS, VERBS).map(({ defines, uses }) => [[...defines], [...uses]]);
    expect(names).toEqual([
      [['cut', 'kind'], []],
      [['a', 'b'], []],
      [['scored'], ['a', 'cut']],
      [['ag'], ['scored', 'b', 'kind']],
      [['some'], ['a', 'percent', 'cut']],
      [['more'], ['a', 'percent']],
      [[], []],
    ]);
  });

  it('tells what stands beside parameters', () => {
    const source = 'load "a.csv" as a\nparam cut = 25 in 0..100 score a at 1, cut as s\nparam kind = "x"';
    const [names] = namesOfCells([{ cellId: '0', source }], VERBS);
    expect(names?.besideParameters).toBe('load "a.csv" as a\n score a at 1, cut as s\n');
    expect(namesOfCells(CELLS.slice(0, 1), VERBS)[0]?.besideParameters.trim()).toBe('');
  });
});

describe('parametersIn', () => {
  it.each([
    'param cut=25',
    'param  cut\t=  25 in 0..100',
    'param # the cut\n\n  cut # which\n = 25',
    'load "a" as a param cut = 25 describe a',
    'score cut as scored\nparam cut = 25',
    'param cut = 25 in 0..',
    'param cut = load "a" as a',
  ])('finds the parameter in %j', (source) => {
    expect(parametersIn([{ cellId: '0', source }], VERBS)).toContain('cut');
  });

  it.each(['# param cut = 25', 'load "param cut = 25" as a', 'load "a" as cut', 'filter a where param cut = 25 as b'])(
    'finds none in %j',
    (source) => {
      expect(parametersIn([{ cellId: '0', source }], VERBS)).not.toContain('cut');
    },
  );
});

describe('parameterChange', () => {
  it('gives the place of the value', () => {
    expect(parameterChange({ cells: CELLS, name: 'cut', value: 30.5 }, VERBS)).toEqual({
      edit: {
        cellId: '0',
        span: { startLine: 0, startColumn: 12, endLine: 0, endColumn: 14 },
        text: '30.5',
      },
    });
    expect(parameterChange({ cells: CELLS, name: 'kind', value: 'none' }, VERBS)).toMatchObject({
      edit: { span: { startLine: 1, startColumn: 13, endColumn: 21 }, text: '"none"' },
    });
  });

  it('says where no cell has the parameter', () => {
    expect(parameterChange({ cells: CELLS, name: 'gone', value: 1 }, VERBS)).toEqual({
      problem: 'No cell of this notebook has a `param gone` any more.',
    });
  });
});
