/** Which cells are out of date, as a session tells it while cells, parameters and files change. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/kernel/session/session.ts';
import { startSession } from '../../harness/session.ts';
import { asymmetricVolume, niftiFile } from '../ct/helpers.ts';

const SOURCES = [
  'param cut = 25 in 0..100 step 1',
  'load "scores.csv" as scores',
  'filter scores where score > cut as high',
  'describe high',
  'describe scores',
];

let folder: string;
let session: Session;
let inputChanges: number;
let cells: { cellId: string; source: string }[];

beforeEach(async () => {
  inputChanges = 0;
  ({ folder, session } = startSession({
    files: { 'scores.csv': 'patient,score\nP1,10\nP2,40\n' },
    events: { inputChanged: () => inputChanges++ },
  }));
  cells = SOURCES.map((source, n) => ({ cellId: String(n), source }));
  for (const cell of cells) expect(await session.runCell(cell)).toEqual({ status: 'done' });
});

const edit = (cell: number, source: string) => {
  cells[cell] = { cellId: String(cell), source };
};
const stale = async () => (await session.staleCells({ cells })).map(({ cellId, causes }) => [cellId, ...causes]);

describe('staleCells', () => {
  it('are none where everything has just run, nor are cells that never ran', async () => {
    expect(await stale()).toEqual([]);
    cells.push({ cellId: 'new', source: 'describe high' });
    expect(await stale()).toEqual([]);
  });

  it('are a parameter and what uses it, once it is moved', async () => {
    edit(0, 'param cut = 30 in 0..100 step 1');
    expect(await session.staleCells({ cells })).toEqual([
      { cellId: '0', causes: ['parameter'], reason: 'its text has changed' },
      { cellId: '2', causes: ['parameter'], reason: '`cut` is out of date' },
      { cellId: '3', causes: ['parameter'], reason: '`high` is out of date' },
    ]);
    await session.runCell(cells[0]!);
    expect((await session.staleCells({ cells }))[0]).toEqual({
      cellId: '2',
      causes: ['parameter'],
      reason: '`cut` has changed',
    });
    await session.runCell(cells[2]!);
    await session.runCell(cells[3]!);
    expect(await stale()).toEqual([]);
  });

  it('are a parameter and what uses it beside others in its own cell too, whatever else stands there', async () => {
    const mixed = (cut: number, least = 0) =>
      `load "scores.csv" as both\nparam limit = ${cut} in 0..50\nfilter both where score > limit && score > ${least} as most`;
    edit(4, mixed(5));
    cells.push({ cellId: '5', source: 'describe most' });
    for (const cell of cells.slice(4)) expect(await session.runCell(cell)).toEqual({ status: 'done' });
    expect(await stale()).toEqual([]);
    edit(4, mixed(20));
    expect(await stale()).toEqual([
      ['4', 'parameter'],
      ['5', 'parameter'],
    ]);
    edit(4, mixed(20, 1));
    expect(await stale()).toEqual([
      ['4', 'edit'],
      ['5', 'edit'],
    ]);
  });

  it('are an edited cell and what follows from it, and no longer once the edit is undone', async () => {
    edit(2, 'filter scores where score > 20 as high');
    expect(await stale()).toEqual([
      ['2', 'edit'],
      ['3', 'edit'],
    ]);
    edit(2, SOURCES[2]!);
    expect(await stale()).toEqual([]);
  });

  it('are none for spaces and comments', async () => {
    edit(1, '  load   "scores.csv" as scores  # the readers');
    expect(await stale()).toEqual([]);
  });

  it('are those that read a file which has changed, and what follows from them', async () => {
    writeFileSync(join(folder, 'scores.csv'), 'patient,score\nP1,10\nP2,40\nP3,50\n');
    expect((await session.staleCells({ cells }))[0]).toEqual({
      cellId: '1',
      causes: ['file'],
      reason: '`scores.csv` has changed on disk',
    });
    expect((await stale()).map(([cellId]) => cellId)).toEqual(['1', '2', '3', '4']);
    await session.runCell(cells[1]!);
    expect((await stale()).map(([cellId]) => cellId)).toEqual(['2', '3', '4']);
  });

  it('are told of by the session when a file changes', async () => {
    utimesSync(join(folder, 'scores.csv'), new Date(1), new Date(1));
    await expect.poll(() => inputChanges).toBeGreaterThan(0);
  });

  it('are those that read a folder in which a file has changed or come, however deep', async () => {
    const deep = join(folder, 'tables', 'ct', 'series');
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'one.nii'), niftiFile(asymmetricVolume(), 1));
    cells = [{ cellId: '1', source: 'load "tables" as cohort' }];
    const load = async () => {
      expect(await session.runCell(cells[0]!)).toEqual({ status: 'done' });
      expect(await stale()).toEqual([]);
      inputChanges = 0;
    };
    await load();
    writeFileSync(join(deep, 'two.nii'), niftiFile(asymmetricVolume(), 1));
    await expect.poll(() => inputChanges).toBeGreaterThan(0);
    expect(await stale()).toEqual([['1', 'file']]);
    await load();
    writeFileSync(join(deep, 'one.nii'), niftiFile(asymmetricVolume(5), 1));
    await expect.poll(() => inputChanges).toBeGreaterThan(0);
    expect(await stale()).toEqual([['1', 'file']]);
    await load();
    mkdirSync(join(folder, 'tables', 'another'));
    await expect.poll(() => inputChanges).toBeGreaterThan(0);
    expect(await stale()).toEqual([['1', 'file']]);
  });

  it('are not cells that fail again and again', async () => {
    edit(2, 'filter scores where nothing > 20 as high');
    expect((await session.runCell(cells[2]!)).status).toBe('failed');
    // What was made before still stands, and is not what the cell would make.
    expect(await session.staleCells({ cells })).toEqual([
      { cellId: '3', causes: ['failed'], reason: 'cell 3, which makes `high`, failed' },
    ]);
    await session.runCell(cells[3]!);
    expect(await stale()).toEqual([['3', 'failed']]);
    edit(2, SOURCES[2]!);
    await session.runCell(cells[2]!);
    expect(await stale()).toEqual([['3', 'edit']]);
  });

  it('are none by a cell that failed behind the statement that makes what they use', async () => {
    edit(2, `${SOURCES[2]}\ndescribe nobody`);
    expect((await session.runCell(cells[2]!)).status).toBe('failed');
    expect(await stale()).toEqual([['3', 'edit']]);
    await session.runCell(cells[3]!);
    expect(await stale()).toEqual([]);
  });

  it('end where two cells need each other', async () => {
    edit(2, 'filter scores where score > 1 as high\nfilter high where score > 2 as higher');
    await session.runCell(cells[2]!);
    edit(1, 'load "scores.csv" as scores\ndescribe higher');
    expect((await stale()).length).toBeGreaterThan(0);
  });
});

describe('a name that is changed everywhere', () => {
  const ids = async () => (await session.staleCells({ cells })).map(({ cellId }) => cellId);
  const changed = (from: RegExp, to: string) => cells.map(({ source }, n) => edit(n, source.replaceAll(from, to)));
  beforeEach(async () => {
    // As in VS Code, a cell is run among the others.
    for (const cell of cells) expect(await session.runCell({ ...cell, cells })).toEqual({ status: 'done' });
  });

  it('leaves nothing out of date, in expressions neither, and what it stands for has the new name', async () => {
    changed(/\bscores\b(?!\.csv)/g, 'reading');
    changed(/\bcut\b/g, 'least');
    expect(await ids()).toEqual([]);
    expect([...session.names().keys()].sort()).toEqual(['high', 'least', 'reading']);
    expect(await session.runCell({ ...cells[4]!, cells })).toEqual({ status: 'done' });
    edit(0, 'param least = 30 in 0..100 step 1');
    expect(await ids()).toEqual(['0', '2', '3']);
  });

  it('leaves what was out of date as it was', async () => {
    edit(2, 'filter scores where score > 20 as high');
    changed(/\bhigh\b/g, 'top');
    expect(await ids()).toEqual(['2', '3']);
  });

  it('is another one where it was changed in one cell alone', async () => {
    edit(1, 'load "scores.csv" as reading');
    expect(await session.runCell({ ...cells[4]!, cells })).toMatchObject({ problem: { code: 'unknown-name' } });
    expect([...session.names().keys()]).toContain('reading');
    expect([...session.names().keys()]).not.toContain('scores');
  });

  it('is told from two names that changed places', async () => {
    edit(1, 'load "scores.csv" as scores\nload "scores.csv" as others');
    for (const cell of cells) expect(await session.runCell({ ...cell, cells })).toEqual({ status: 'done' });
    edit(1, 'load "scores.csv" as others\nload "scores.csv" as scores');
    expect(await ids()).toEqual(['2', '3', '4']);
  });
});

describe('dependencies', async () => {
  it('are the results that cells use of others', async () => {
    expect(await session.dependencies({ cells })).toEqual([
      { cellId: '0', defines: ['cut'], uses: [], hasRun: true, ended: 'done' },
      { cellId: '1', defines: ['scores'], uses: [], hasRun: true, ended: 'done' },
      {
        cellId: '2',
        defines: ['high'],
        uses: [
          { name: 'scores', from: '1' },
          { name: 'cut', from: '0' },
        ],
        hasRun: true,
        ended: 'done',
      },
      { cellId: '3', defines: [], uses: [{ name: 'high', from: '2' }], hasRun: true, ended: 'done' },
      { cellId: '4', defines: [], uses: [{ name: 'scores', from: '1' }], hasRun: true, ended: 'done' },
    ]);
  });
});
