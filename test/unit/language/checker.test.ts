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

  it('knows no name before its definition', () => {
    expect(check('describe a', 'load "a/" as a')).toEqual(['0 unknown-name 0:9']);
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
    expect(check(kinds, 'plot ag as scatter', 'show ai overlay s')).toEqual([]);
    expect(check(kinds, 'show ai overlay ag', 'quantify s as t', 'score r at ai')).toEqual([
      '1 wrong-kind 0:16',
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

  it('goes on after a cell that cannot be parsed', () => {
    expect(check('laod "a" as a', 'describe b')).toEqual(['0 unknown-verb 0:0', '1 unknown-name 0:9']);
  });
});
