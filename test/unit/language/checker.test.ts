import { describe, expect, it } from 'vitest';
import { checkCells } from '../../../src/kernel/language/checker.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';

const check = (...sources: string[]) =>
  checkCells(
    sources.map((source, n) => ({ cellId: String(n), source })),
    VERBS,
  ).map(({ cellId, problem }) => `${cellId} ${problem.code} ${problem.span?.startLine}:${problem.span?.startColumn}`);

describe('checkCells', () => {
  it('finds nothing wrong with names that earlier cells define', () => {
    expect(check('load "a/" as a', 'quantify a as b\nload "r.csv" as r', 'agree b with r')).toEqual([]);
  });

  it('names an unknown name where it stands', () => {
    expect(check('load "a/" as cohort', 'quantify\n  cohrt as ai')).toEqual(['1 unknown-name 1:2']);
  });

  it('finds what is wrong in an expression before anything runs', () => {
    expect(
      check('load "r.csv" as r', 'filter r where region == "RLL"\n  && score = 1 as a', 'derive r b = a and c as d'),
    ).toEqual(['1 bad-expression 1:11', '2 bad-expression 0:15']);
  });

  it('takes a verb’s word for a column where a column has to stand, and never for a name', () => {
    const load = 'load "r.csv" as w';
    expect(
      check(
        load,
        'summarise w by read for change, repeat',
        'change w on trap from 1 to 2',
        'relate w score with profile',
        'relate w score with months event event',
      ),
    ).toEqual([]);
    expect(check(load, 'summarise w by\nshow w')).toEqual(['1 missing-value 0:12']);
    const [first, second] = checkCells([{ cellId: 'a', source: 'load "r.csv" as change\ndescribe change' }], VERBS);
    expect(first!.problem.message).toBe('`change` is a verb and cannot be a name.');
    expect(second!.problem.message).toMatch(/needs .* `change` is a verb and cannot be a name\.$/);
  });

  it('knows no name before its definition', () => {
    expect(check('describe a', 'load "a/" as a')).toEqual(['0 used-before 0:9']);
    expect(check('describe a\nload "a/" as a')).toEqual(['0 used-before 0:9']);
  });

  it('names every cell of a circle', () => {
    const problems = checkCells(
      [
        { cellId: 'x', source: 'filter c where score > 1 as a' },
        { cellId: 'y', source: 'score a as b' },
        { cellId: 'z', source: 'score b as c' },
      ],
      VERBS,
    );
    expect(problems.map(({ cellId, problem }) => [cellId, problem.code])).toEqual([['x', 'circle']]);
    expect(problems[0]?.problem.message).toContain(
      'cell 1 uses `c` of cell 3, cell 3 uses `b` of cell 2, cell 2 uses `a` of cell 1',
    );
  });

  it('offers the nearest word, or to load what is not there', () => {
    const fixes = (...sources: string[]) =>
      checkCells(
        sources.map((source, n) => ({ cellId: String(n), source })),
        VERBS,
      ).map(({ problem }) => problem.fixes?.map(({ title, text }) => [title, text]));
    expect(fixes('load "a/" as cohort', 'quantify cohrt as ai')).toEqual([
      [
        ['Change to `cohort`', 'cohort'],
        ['Load `cohrt` first', 'load "" as cohrt\n'],
      ],
    ]);
    const [unknown] = checkCells([{ cellId: 'a', source: '\n  describe x' }], VERBS);
    expect(unknown?.problem.fixes?.at(-1)?.span).toEqual({ startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 });
    expect(fixes('lod "a/" as cohort')).toEqual([[['Change to `load`', 'load']]]);
    expect(fixes('load "a/" as a\nquantify a wiht "m" as b')).toEqual([[['Change to `with`', 'with']]]);
  });

  it('refuses a name that two cells define, and says which', () => {
    const [problem] = checkCells(
      [
        { cellId: 'x', source: 'load "a" as a' },
        { cellId: 'y', source: 'load "b" as a' },
      ],
      VERBS,
    );
    expect(problem?.problem.code).toBe('twice-defined');
    expect(problem?.problem.message).toContain('cell 1');
    expect(problem?.problem.message).toContain('cell 2');
  });

  it('says before a run that a name stands for something else than is needed', () => {
    const kinds = 'load "r.csv" as r\nquantify r as ai\nscore ai as s\nagree s with r as ag';
    expect(check(kinds, 'plot ag as scatter', 'show r overlay s')).toEqual([]);
    expect(check(kinds, 'show r overlay ag', 'quantify s as t', 'score r at ai')).toEqual([
      '1 wrong-kind 0:15',
      '2 wrong-kind 0:9',
      '3 wrong-kind 0:11',
    ]);
  });

  it('knows that the score of a table is a table', () => {
    expect(check('load "r.csv" as r\nscore r as s', 'show s')).toEqual([]);
    expect(check('quantify c as ai', 'score ai as s', 'describe s', 'summarise s')).toEqual(['0 unknown-name 0:9']);
  });

  it('finds every mistake of a cell, and does not miss the name of a wrong statement later', () => {
    expect(check('load "a" sa x\nload "b" as b colour\nloda "c" as c', 'describe b\ndescribe c')).toEqual([
      '0 unknown-clause 0:9',
      '0 unknown-clause 1:14',
      '0 unknown-verb 2:0',
    ]);
  });

  it('goes on after a wrong statement where the next one begins, not at its own lines', () => {
    expect(check('load "r.csv" as r\nagree r wth r\n  by region')).toEqual(['0 unknown-clause 1:8']);
  });

  it('tells the problems of a cell in the order of its text', () => {
    expect(check('describe nobody load "b" as b colour\ndescribe none')).toEqual([
      '0 unknown-name 0:9',
      '0 unknown-clause 0:30',
      '0 unknown-name 1:9',
    ]);
    expect(check('describe nobody\nload "b" as b colour')).toEqual(['0 unknown-name 0:9', '0 unknown-clause 1:14']);
  });

  it('does not miss the parameter of a wrong statement later', () => {
    expect(check('param cut = 25 in 0..', 'load "r.csv" as r', 'score r at cut as s')).toEqual(['0 unexpected 0:18']);
  });

  it('goes on after a cell that cannot be parsed', () => {
    expect(check('laod "a" as a', 'describe b')).toEqual(['0 unknown-verb 0:0', '1 unknown-name 0:9']);
  });
});
