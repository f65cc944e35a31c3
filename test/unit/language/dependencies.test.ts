import { describe, expect, it } from 'vitest';
import { dependents, parameterCells, parameterChange } from '../../../src/kernel/language/dependencies.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const CELLS = [
  'param cut = 25 in 0..100 step 1\nparam kind = "linear" in "none", "linear"',
  'load "a.csv" as a\nload "b.csv" as b',
  'score a at 1, cut, 50 as scored',
  'agree scored with b weights kind as ag',
  'filter a where percent > cut as some',
  'describe a',
  'plot ag as forest',
  'half written cut',
].map((source, n) => ({ cellId: String(n), source }));

describe('dependents', () => {
  it.each([
    ['cut', ['2', '3', '4', '6']],
    ['kind', ['3', '6']],
    ['a', ['2', '3', '4', '5', '6']],
    ['scored', ['3', '6']],
    ['nothing', []],
  ])('of %s are the cells that use it, or what is made from it', (name, expected) => {
    expect(dependents(CELLS, [name], VERBS)).toEqual(expected);
  });
});

describe('parameterChange', () => {
  it('gives the place of the value, and the cells to run', () => {
    expect(parameterChange({ cells: CELLS, name: 'cut', value: 30.5 }, VERBS)).toEqual({
      edit: {
        cellId: '0',
        span: { startLine: 0, startColumn: 12, endLine: 0, endColumn: 14 },
        text: '30.5',
      },
      rerun: ['0', '2', '3', '4', '6'],
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

describe('parameterCells', () => {
  it('are the cell of the parameters and all that use them', () => {
    expect(parameterCells({ cells: CELLS, cellId: '0' }, VERBS)).toEqual(['0', '2', '3', '4', '6']);
    expect(parameterCells({ cells: CELLS, cellId: '2' }, VERBS)).toEqual([]);
  });
});
