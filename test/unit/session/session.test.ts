import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const READER_A = `patient,region,class,score
P1,total,ggo,0
P2,total,ggo,1
P3,total,ggo,2
P4,total,ggo,3
P5,total,ggo,1
`;
const READER_B = `patient;ggo;ggo_RLL
P1;0;0
P2;1;1
P3;1;2
P4;3;3
P6;4;4
`;
const PERCENTS = `patient,region,class,percent
P1,total,ggo,0.9
P2,total,ggo,1
P3,total,ggo,49.99
P4,total,ggo,75
`;

let notebook: TestSession;
let folder: string;
let session: TestSession['session'];
beforeEach(() => {
  notebook = startSession({ files: { 'a.csv': READER_A, 'b.csv': READER_B, 'percents.csv': PERCENTS } });
  ({ folder, session } = notebook);
});

const run = (source: string, cellId = 'cell') => notebook.run(source, cellId);

describe('a session', () => {
  it('keeps every step in the provenance: who was left out, which rows, what was derived, and how things compare', async () => {
    await run('load "percents.csv" as m\nload "a.csv" as r', '1');
    await run('exclude "P4" from m because "cut off" as kept\nfilter kept where percent < 40 as low', '2');
    await run('derive low twice = ggo * 2 as derived', '3');
    await run('agree derived with r for ggo ci bootstrap 200 seed 3 as ag\nagree r with derived, r as all', '4');
    const views = [...(await notebook.shown('describe ag', '5')), ...(await notebook.shown('show all', '6'))];
    const [statistics, readers] = views.map((view) => ('provenance' in view ? view.provenance : undefined));
    expect(statistics?.parameters).toMatchObject({
      leftOut: ['1 of 4 patients: cut off', '1 of 3 patients: not: percent < 40'],
      where: ['percent < 40'],
      derived: ['twice = ggo * 2'],
      ...{ ci: 'bootstrap', repetitions: 200, seed: 3, statistics: 'all' },
    });
    expect(readers?.parameters).toMatchObject({
      readings: 3,
      leftOut: ['1 of 4 patients: cut off', '1 of 3 patients: not: percent < 40'],
    });
  });

  it('shows the last result of a cell, and keeps names for later cells', async () => {
    expect(await run('load "a.csv" as a\nload "b.csv" as b', '1')).toEqual({ status: 'done' });
    expect(notebook.views.map((v) => v.type === 'table' && v.title)).toEqual(['b.csv']);
    expect(await run('describe a', '2')).toEqual({ status: 'done' });
    expect(notebook.views.at(-1)).toMatchObject({ title: 'a: 5 rows, 4 columns' });
  });

  it('points at an unknown name, suggests the nearest, and loses nothing', async () => {
    await run('load "a.csv" as reader', '1');
    const result = await run('describe raeder', '2');
    expect(result).toMatchObject({
      status: 'failed',
      problem: { code: 'unknown-name', span: { startLine: 0, startColumn: 9, endLine: 0, endColumn: 15 } },
    });
    expect(result.problem?.message).toContain('did you mean `reader`?');
    expect(await run('describe reader', '3')).toEqual({ status: 'done' });
  });

  it.each([
    ['load "a.csv" as a load "b.cvs" as b', 23, 30, 'Did you mean "b.csv"?'],
    ['load "percents.csv" as p score p at 25, 1', 36, 41, 'Cut points must rise'],
    ['load "a.csv" as a export a to "a.doc"', 30, 37, 'should end in .csv'],
    ['load "a.csv" as a filter a where score > 1 && regoin == "RLL" as b', 46, 52, 'did you mean `region`?'],
    ['load "a.csv" as a exclude "P1", "p2" from a because "x"', 32, 36, 'did you mean `P2`?'],
  ])('points at the value that is wrong in %j', async (source, startColumn, endColumn, message) => {
    const { problem } = await run(source);
    expect(problem).toMatchObject({
      message: expect.stringContaining(message),
      span: { startLine: 0, startColumn, endLine: 0, endColumn },
    });
  });

  it('never shows the whole path of what is not there', async () => {
    const { problem } = await run('load "nowhere/deep/a.csv" as a');
    expect(problem?.message).toContain('There is no file or folder "nowhere".');
    expect(problem?.message).not.toContain(folder);
  });

  it('says of a name that no cell makes that there is none', async () => {
    expect((await run('describe a')).problem?.message).toBe('`a` is not defined: nothing has a name yet.');
    const cells = ['load "a.csv" as b', 'describe nobody'].map((source, n) => ({ cellId: String(n), source }));
    expect((await notebook.run('describe nobody', '1', cells)).problem).toMatchObject({
      code: 'unknown-name',
      message: '`nobody` is not defined in this or an earlier cell: known: b.',
    });
  });

  it('says of a missing name what became of the cell that makes it', async () => {
    const cells = ['load "nowhere.csv" as a', 'load "a.csv" as b', 'describe a', 'describe b', 'score a as s'].map(
      (source, n) => ({ cellId: String(n), source, number: n + 2 }),
    );
    const why = async (cell: number, now = cells) =>
      (await notebook.run(now[cell]!.source, String(cell), now)).problem?.message.split('.')[0];
    expect(await why(2)).toBe('`a` is missing because cell 2 has not run since the kernel started');
    await notebook.run(cells[0]!.source, '0', cells);
    expect(await why(2)).toBe('`a` is missing because cell 2 failed');
    expect(await why(4)).toBe('`a` is missing because cell 2 failed');
    await notebook.run(cells[1]!.source, '1', cells);
    const renamed = cells
      .with(1, { ...cells[1]!, source: 'load "percents.csv" as c' })
      .with(3, { ...cells[3]!, source: 'describe c' });
    expect(await why(3, renamed)).toBe('`c` is missing because cell 3 has been changed since it ran');
  });

  it('says which kind of result is needed, and how it is made', async () => {
    await run('load "a.csv" as a', '1');
    expect((await run('quantify a as b', '2')).problem?.message).toBe(
      '`a` is a table; a cohort, which `load` gives for a folder of CTs, is needed here.',
    );
  });

  it('warns of a cut point of 0, which a decimal comma makes', async () => {
    await run('load "percents.csv" as p\nscore p at 0,5, 25 as s');
    expect(notebook.views).toContainEqual(
      expect.objectContaining({
        type: 'messages',
        messages: [{ severity: 'warning', text: expect.stringContaining('Decimals take a point') }],
      }),
    );
  });

  it('keeps what earlier statements of a failing cell gave', async () => {
    const result = await run('load "a.csv" as a\nload "nowhere.csv" as b');
    expect(result).toMatchObject({ status: 'failed', problem: { code: 'path-missing', span: { startLine: 1 } } });
    expect(session.names().has('a')).toBe(true);
  });

  it('refuses a name that belongs to another cell, and gives it back when that cell no longer defines it', async () => {
    await run('load "a.csv" as a', '1');
    expect(await run('load "b.csv" as a', '2')).toMatchObject({ status: 'failed', problem: { code: 'twice-defined' } });
    await run('load "a.csv" as other', '1');
    expect(await run('load "b.csv" as a', '2')).toEqual({ status: 'done' });
  });

  it('names both cells, by the numbers that the user sees, of a name that is defined twice and of cells that need each other', async () => {
    const cells = [
      { cellId: 'a', source: 'load "a.csv" as a', number: 2 },
      { cellId: 'b', source: 'load "b.csv" as a', number: 4 },
      { cellId: 'c', source: 'filter e where score > 1 as d', number: 5 },
      { cellId: 'd', source: 'filter d where score > 1 as e', number: 7 },
    ];
    const problemOf = async (n: number) => (await session.runCell({ ...cells[n]!, cells })).problem?.message;
    expect(await problemOf(0)).toBeUndefined();
    expect(await problemOf(1)).toBe(
      '`a` is already defined in cell 2, and here in cell 4: give one of them another name.',
    );
    expect(await problemOf(2)).toContain('cell 5 uses `e` of cell 7, cell 7 uses `d` of cell 5');
  });

  it.each(['load "a\0.csv" as a', 'load "a.csv" as a\nexport a to "b\0.csv"'])(
    'refuses a path with a null character: %j',
    async (cell) => {
      expect(await run(cell)).toMatchObject({ status: 'failed', problem: { code: 'bad-path' } });
    },
  );

  it.each(['load "~/a.csv" as a', 'load "a.csv" as a\nexport a to "~/b.csv"'])(
    'takes ~ for no folder, and makes none that is called so: %j',
    async (cell) => {
      expect(await run(cell)).toMatchObject({ status: 'failed', problem: { code: 'bad-path' } });
    },
  );

  it('lets a cell redefine its own name', async () => {
    await run('load "a.csv" as a', '1');
    expect(await run('load "b.csv" as a', '1')).toEqual({ status: 'done' });
  });

  it('pairs patients, counts the missing and names those in one table only', async () => {
    await run('load "a.csv" as a\nload "b.csv" as b', '1');
    await run('agree a with b for ggo weights linear as ag', '2');
    const warnings = notebook.views.flatMap((v) => (v.type === 'messages' ? v.messages.map((m) => m.text) : []));
    expect(warnings).toEqual([
      '1 patient of `a` is not in `b` and counted as missing: P5.',
      '1 patient of `b` is not in `a` and counted as missing: P6.',
    ]);
    const ag = session.names().get('ag');
    const [row] = ag?.kind === 'agreement' ? (ag.table.objects() as Record<string, unknown>[]) : [];
    expect(row).toMatchObject({
      region: 'total',
      class: 'ggo',
      n: 4,
      missing: 2,
      weights: 'linear',
      percent_agreement: 75,
    });
  });

  it('puts a percentage that equals a cut into the higher category', async () => {
    await run('load "percents.csv" as p\nscore p at 1, 25, 50, 75 as s');
    const s = session.names().get('s');
    expect(s?.kind === 'table' && s.table.array('score')).toEqual([0, 1, 2, 4].map((n, i) => (i === 2 ? 2 : n)));
  });

  it('writes a table, and never over a file that it loaded', async () => {
    await run('load "a.csv" as a', '1');
    expect(await run('export a to "out/copy.csv"', '2')).toEqual({ status: 'done' });
    expect(await readFile(join(folder, 'out/copy.csv'), 'utf8')).toBe(READER_A);
    expect(await run('export a to "a.csv"', '3')).toMatchObject({
      status: 'failed',
      problem: { code: 'overwrites-input' },
    });
    expect(await run('export a to "a.doc"', '3')).toMatchObject({
      status: 'failed',
      problem: { code: 'unknown-format' },
    });
  });

  it.each([
    ['load "nope/" as x', 'path-missing'],
    ['load "empty.csv" as x', 'empty-table'],
    ['load "ragged.csv" as x', 'ragged-table'],
    ['load "a.csv" as x\nscore x as y', 'missing-columns'],
    ['load "strange.csv" as x\nload "a.csv" as y\nagree x with y as z', 'missing-columns'],
    ['load "a.csv" as x\nload "others.csv" as y\nagree x with y as z', 'no-common-patient'],
    ['load "a.csv" as x\nload "high.csv" as y\nagree x with y as z', 'bad-score'],
    ['load "a.csv" as x\nload "twice.csv" as y\nagree x with y as z', 'repeated-score'],
    ['load "a.csv" as x\nquantify x as y', 'wrong-kind'],
    ['load "text.txt" as x', 'empty-table'],
  ])('answers %j with a clear error', async (source, code) => {
    await writeFile(join(folder, 'empty.csv'), ' \n');
    await writeFile(join(folder, 'text.txt'), 'only a header');
    await writeFile(join(folder, 'ragged.csv'), 'patient,class,score\nP1,ggo,1\nP2,ggo\n');
    await writeFile(join(folder, 'strange.csv'), 'name,value\nP1,1\n');
    await writeFile(join(folder, 'others.csv'), 'patient,ggo\nX1,1\nX2,2\n');
    await writeFile(join(folder, 'high.csv'), 'patient,ggo\nP1,5\n');
    await writeFile(join(folder, 'twice.csv'), 'patient,class,score\nP1,ggo,1\nP1,ggo,2\n');
    const result = await run(source);
    expect(result.problem?.code).toBe(code);
    expect(result.problem?.span).toBeDefined();
    expect(result.problem?.details).toBeUndefined();
  });
});
