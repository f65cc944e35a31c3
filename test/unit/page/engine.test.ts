/** What a page answers to what is moved in it, held against a kernel that runs the same cells. */
import { describe, expect, it } from 'vitest';
import { heldBeside } from '../../../src/protocol/page/unshown.ts';
import { pageContents, testPage, throughJson } from '../../harness/pageOf.ts';
import { type SessionSettings, startSession } from '../../harness/session.ts';

const ROWS = Array.from({ length: 600 }, (_, n) => `P${n % 20},${n}`);
const FILES = { 'values.csv': `patient,value\n${ROWS.join('\n')}\n` };

async function ran(sources: readonly string[], settings: SessionSettings = {}) {
  const cells = sources.map((source, n) => ({ cellId: String(n), source, number: n + 1 }));
  const notebook = startSession({ files: FILES, ...settings });
  const problems = [];
  for (const cell of cells) problems.push((await notebook.session.runCell({ ...cell, cells })).problem);
  return { notebook, problems, contents: pageContents(notebook.session, cells, notebook.outputs) };
}

const FOLLOWING = [
  'param least = 100 in 0..700',
  'load "values.csv" as all',
  'filter all where value >= least as some',
  'summarise some',
  'export some to "some.csv"',
];

describe('a parameter that moves', () => {
  it('takes with it what the kernel says once it has the value, a failure and what waits for it among it', async () => {
    const { contents } = await ran(FOLLOWING);
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'least', value: 650 });
    const failed = await ran(FOLLOWING.with(0, 'param least = 650 in 0..700'));
    expect(page.shown(2)).toEqual([{ problem: throughJson(failed.problems[2]) }]);
    expect(JSON.stringify(page.shown(3))).toContain('`some` is missing because cell 3 failed');
    await page.answer({ type: 'move', name: 'least', value: 100 });
    for (const place of [0, 2, 3]) expect(page.shown(place)).toEqual(contents.cells[place]!.outputs);
    expect(page.told.findLast(({ type }) => type === 'moved')).toEqual({ type: 'moved', moves: [] });
  });

  it('moves on from the value that was set from outside', async () => {
    const { contents } = await ran(FOLLOWING, { parameters: { least: '200' } });
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'least', value: 300 });
    const { contents: expected } = await ran(FOLLOWING, { parameters: { least: '300' } });
    for (const place of [0, 2, 3]) expect(page.shown(place)).toEqual(expected.cells[place]!.outputs);
    expect(page.told).toContainEqual({
      type: 'moved',
      moves: [{ kind: 'parameter', name: 'least', from: '200', to: '300' }],
    });
  });

  it('keeps its value where the language cannot write another', async () => {
    const { contents } = await ran([
      'param word = "a"',
      'load "values.csv" as all',
      'filter all where patient != word as some',
    ]);
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'word', value: 'b\nc' });
    expect(page.shown(0)![0]).toEqual(contents.cells[0]!.outputs![0]);
    expect(JSON.stringify(page.shown(0)![1])).toContain('keeps its value');
    expect(page.told.some(({ type }) => type === 'moved')).toBe(false);
  });

  it('is told apart from one that moves nothing, or only what stands still', async () => {
    const { contents } = await ran([
      ...FOLLOWING,
      'param idle = 1',
      'param lines = 0',
      'load "values.csv" skip lines as again',
    ]);
    expect(contents.computing.controls).toEqual({
      least: { isFollowed: true, fixed: ['export'] },
      idle: { isFollowed: false, fixed: [] },
      lines: { isFollowed: false, fixed: ['again'] },
    });
  });
});

describe('what a page cannot bring to what the kernel would show', () => {
  it('stands still: what is made of a loaded table under the same name', async () => {
    const sources = [
      'param least = 590 in 0..700',
      'load "values.csv" as all\nfilter all where value >= least as all',
      'filter all where value < least + 5 as some',
    ];
    const { contents } = await ran(sources);
    expect(contents.computing.controls.least).toEqual({ isFollowed: true, fixed: ['all'] });
    const page = testPage(contents);
    // The rows below are nowhere in the page: the kernel has the last value of a name alone.
    await page.answer({ type: 'move', name: 'least', value: 10 });
    expect(page.shown(1)).toBeUndefined();
    expect(page.told).toContainEqual(
      expect.objectContaining({ type: 'fixed', cells: expect.arrayContaining([{ place: 1, names: ['all'] }]) }),
    );
  });

  it('stands still, and says so: what was written and is loaded again', async () => {
    const { contents } = await ran([
      'param least = 100 in 0..700',
      'load "values.csv" as all\nfilter all where value >= least as some\nexport some to "./some.csv"',
      'load "some.csv" as again',
    ]);
    expect(contents.computing.controls.least!.fixed).toEqual(['export', 'again']);
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'least', value: 300 });
    expect(page.told.findLast(({ type }) => type === 'fixed')).toMatchObject({
      cells: [{ names: [] }, { names: ['export'] }, { names: ['again'] }],
    });
  });

  it('fails as it failed: what could not be written, and what stands behind it', async () => {
    const { contents, problems } = await ran([
      ...FOLLOWING.slice(0, 2),
      'filter all where value >= least as some\nexport some to "../outside.csv"\nfilter some where value > least as more',
    ]);
    const problem = throughJson(problems[2]!);
    const [first, second, cell] = contents.cells;
    const page = testPage({ ...contents, cells: [first!, second!, { ...cell!, outputs: [{ problem }] }] });
    await page.answer({ type: 'move', name: 'least', value: 200 });
    expect(page.shown(2)).toEqual([{ problem }]);
  });

  it('keeps its first maker: a name that a second cell may not give', async () => {
    const sources = [
      'param least = 100 in 0..700',
      'load "values.csv" as all',
      'filter all where value >= 20 as some',
      'filter all where value >= least as some',
      'filter some where value >= least as more',
    ];
    const { contents, problems } = await ran(sources);
    expect(problems[3]?.code).toBe('twice-defined');
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'least', value: 300 });
    const { contents: expected } = await ran(sources.with(0, 'param least = 300 in 0..700'));
    expect(page.shown(4)).toEqual(expected.cells[4]!.outputs);
  });
});

it('of moves that come before the last has been computed, the last is shown, and nothing of the others', async () => {
  const { contents } = await ran(FOLLOWING);
  const page = testPage(contents);
  const values = [110, 120, 130, 140, 150];
  await Promise.all(values.map((value) => page.answer({ type: 'move', name: 'least', value })));
  const { contents: expected } = await ran(FOLLOWING.with(0, 'param least = 150 in 0..700'));
  for (const place of [0, 2, 3]) expect(page.shown(place)).toEqual(expected.cells[place]!.outputs);
  expect(page.told.filter((message) => message.type === 'cell' && message.place === 3).length).toBe(1);
});

it('patients who are selected take with them what asks for them', async () => {
  const sources = ['load "values.csv" as all', 'filter all where selected as some'];
  const { contents } = await ran(sources);
  expect(contents.computing.followsSelection).toBe(true);
  const page = testPage(contents);
  await page.answer({ type: 'select', patients: ['P3', 'P4'] });
  const { contents: expected } = await ran(sources, { parameters: { selected: 'P3,P4' } });
  expect(page.shown(1)).toEqual(expected.cells[1]!.outputs);
  await page.answer({ type: 'select', patients: [] });
  expect(page.shown(1)).toEqual(contents.cells[1]!.outputs);
});

it('all rows of a long table are there, though its cell has not run in the page', async () => {
  const { notebook, contents } = await ran(['load "values.csv" as all', 'filter all where value >= 0 as some']);
  const view = contents.cells[1]!.outputs!.at(-1)!.view!;
  const handle = view.type === 'table' ? view.handle! : '';
  const page = testPage(contents);
  await page.answer({ type: 'rows', requestId: 1, handle, place: 1 });
  expect(page.told).toEqual([
    { type: 'rows', requestId: 1, reply: throughJson(await notebook.session.tableRows({ handle })) },
  ]);
});

it('a page holds the tables that it computes with, and no other', async () => {
  const { contents } = await ran([
    'load "values.csv" as shown',
    'load "values.csv" as used\nfilter used where value > 5 as some',
  ]);
  expect(Object.keys(contents.computing.values)).toEqual(['used']);
  expect(heldBeside(contents.computing, contents)).toBe('To compute with, it holds all rows and columns of used.');
});

it('columns that no output shows are named, since they are in the page all the same', async () => {
  const { contents } = await ran(
    ['load "registry.csv" as registry\nfilter registry where age > 5 as old', 'summarise old by sex'],
    {
      files: { 'registry.csv': 'patient,sex,age,born\nP1,f,60,1960-01-02\nP2,m,61,1961-01-02\n' },
    },
  );
  const [filter, summary] = contents.cells;
  const shown = { cells: [{ ...filter!, outputs: [] }, summary!] };
  expect(heldBeside(contents.computing, shown)).toContain(
    'No output shows these columns: registry (patient, sex, age, born).',
  );
});
