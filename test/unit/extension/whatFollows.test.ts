/** Which cells run by themselves after a change, and which are marked. */
import { describe, expect, it } from 'vitest';
import { outdatedFromFile } from '../../../src/extension/outdatedFromFile.ts';
import { type Change, runsByItself, whatFollows } from '../../../src/extension/whatFollows.ts';
import type { CellDependencies, StaleCause, StaleCell } from '../../../src/protocol/kernelApi.ts';

const cell = (cellId: string, ...causes: StaleCause[]): StaleCell => ({ cellId, causes, reason: `${cellId} changed` });
const change = (parts: Partial<Change>): Change => ({
  stale: [cell('moved', 'parameter'), cell('edited', 'edit'), cell('read', 'file')],
  broken: new Set(),
  ran: new Set(),
  settings: { parameters: true, edits: false },
  ...parts,
});
const ids = (cells: readonly { readonly cellId: string }[]) => cells.map(({ cellId }) => cellId);

describe('runsByItself', () => {
  it('is what the settings say, but nothing that is broken or ran for this change', () => {
    expect(ids(runsByItself(change({})))).toEqual(['moved']);
    expect(ids(runsByItself(change({ settings: { parameters: false, edits: true } })))).toEqual(['edited', 'read']);
    const edits = { parameters: true, edits: true };
    expect(runsByItself(change({ stale: [cell('left behind', 'failed')], settings: edits }))).toEqual([]);
    expect(runsByItself(change({ broken: new Set(['moved']) }))).toEqual([]);
    expect(runsByItself(change({ ran: new Set(['moved']) }))).toEqual([]);
  });
});

describe('whatFollows', () => {
  const fromFile = [
    { cellId: 'needed', reason: 'a parameter has changed', isOutOfDate: false },
    { cellId: 'shown', reason: 'a parameter has changed', isOutOfDate: true },
  ];

  it('runs stale cells before those whose outputs are from the file, and marks the rest', () => {
    const all = change({});
    const first = whatFollows(all, runsByItself(all), fromFile);
    expect([ids(first.running), ids(first.marked)]).toEqual([['moved'], ['edited', 'read']]);
    const then = whatFollows(change({ stale: [], broken: new Set(['needed']) }), [], fromFile);
    expect([ids(then.running), ids(then.marked)]).toEqual([['shown'], []]);
  });

  it('marks the outputs from the file that are out of date where parameters are not followed', () => {
    const still = change({ stale: [], settings: { parameters: false, edits: false } });
    const { running, marked } = whatFollows(still, [], fromFile);
    expect([ids(running), ids(marked)]).toEqual([[], ['shown']]);
  });
});

describe('outdatedFromFile', () => {
  it('is what is shown and follows from a moved cell, with whatever it needs that has not run', () => {
    const of = (cellId: string, uses: readonly string[], hasRun = false): CellDependencies => ({
      cellId,
      defines: [],
      uses: uses.map((from) => ({ name: from, from })),
      hasRun,
      ...(hasRun ? { ended: 'done' as const } : {}),
    });
    const all = [
      of('cut', [], true),
      of('load', []),
      of('filter', ['cut', 'load']),
      of('hidden', ['cut']),
      of('other', ['load']),
    ];
    expect(outdatedFromFile(new Set(['cut']), all, new Set(['filter', 'other']))).toEqual([
      { cellId: 'load', reason: 'a parameter has changed', isOutOfDate: false },
      { cellId: 'filter', reason: 'a parameter has changed', isOutOfDate: true },
    ]);
  });
});
