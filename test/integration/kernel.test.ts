/** The kernel's life as VS Code's user meets it: interrupted, restarted, crashed, closed. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LungNbApi } from '../../src/extension/main.ts';
import { closeAll, errorOf, openCells, runCells, startCells, until } from './notebooks.ts';

const CELLS = ['load "cohort/" as cohort', 'quantify cohort with "lung-texture" as ai', 'describe cohort'];

describe('the kernel', () => {
  let api: LungNbApi;
  /** Nothing is measured there yet, so that `quantify` takes long. */
  let emptyCache: string;
  const settings = () => vscode.workspace.getConfiguration('lungnb');

  before(async () => {
    const extension = vscode.extensions.getExtension<LungNbApi>('lungnb.lungnb');
    assert(extension);
    api = await extension.activate();
    emptyCache = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
    await settings().update('cacheFolder', emptyCache, vscode.ConfigurationTarget.Workspace);
  });
  after(async () => {
    await settings().update('cacheFolder', undefined, vscode.ConfigurationTarget.Workspace);
    rmSync(emptyCache, { recursive: true, force: true });
  });
  afterEach(closeAll);

  it('stops a long cell within a second of Interrupt, and the next cell runs', async () => {
    const notebook = await openCells('interrupted.lungnb', CELLS);
    await runCells(notebook, 0, 1);
    const ended = startCells(notebook, 1, 2);
    await wait(3000);
    assert.equal(ended(), false, 'measuring eight CTs takes longer than this');
    const start = Date.now();
    void vscode.commands.executeCommand('notebook.cancelExecution', {
      ranges: [{ start: 1, end: 2 }],
      document: notebook.uri,
    });
    await until('the cell has ended', ended, 10_000);
    const tookMs = Date.now() - start;
    assert(tookMs < 1000, `Interrupt took ${tookMs} ms`);
    assert.notEqual(notebook.cellAt(1).executionSummary?.success, true);
    await runCells(notebook, 2, 3);
    assert.equal(notebook.cellAt(2).executionSummary?.success, true);
  });

  it('shows what its names hold, and nothing after a restart', async () => {
    const notebook = await openCells('variables.lungnb', ['param cut = 25 in 0..100', 'load "reader1.csv" as reader']);
    assert.deepEqual(await api.variables(), []);
    await runCells(notebook, 0, 2);
    assert.deepEqual(await api.variables(), ['cut: a parameter, 25', 'reader: a table, 8 patients, 286 rows']);
    await vscode.commands.executeCommand('lungnb.restartKernel');
    assert.deepEqual(await api.variables(), []);
    const before = notebook.cellAt(1).executionSummary?.timing?.endTime;
    await vscode.commands.executeCommand('lungnb.restartAndRunAll');
    const ended = () => notebook.cellAt(1).executionSummary?.timing?.endTime;
    await until('all cells have run again', () => ended() !== undefined && ended() !== before, 20_000);
    assert.equal((await api.variables()).length, 2);
    assert.deepEqual(ordersOf(notebook), [1, 2]);
  });

  it('runs the cells above or below one, and counts them in their order', async () => {
    const cells = ['load "reader1.csv" as a', 'load "reader2.csv" as b', 'describe a', 'describe b'];
    const notebook = await openCells('above.lungnb', cells);
    const run = (command: string) =>
      vscode.commands.executeCommand(command, { ranges: [{ start: 2, end: 3 }], document: notebook.uri });
    void run('notebook.cell.executeCellsAbove');
    await until('those above have run', () => notebook.cellAt(1).executionSummary?.success === true, 20_000);
    assert.deepEqual(ordersOf(notebook), [1, 2, undefined, undefined]);
    void run('notebook.cell.executeCellAndBelow');
    await until('those below have run', () => notebook.cellAt(3).executionSummary?.success === true, 20_000);
    assert.deepEqual(ordersOf(notebook), [1, 2, 3, 4]);
  });

  it('is restarted while it measures: what runs and waits ends, and all cells run again', async () => {
    const notebook = await openCells('busy.lungnb', [CELLS[0]!, 'load "reader1.csv" as reader', CELLS[1]!, CELLS[2]!]);
    startCells(notebook, 0, 4);
    await until('it measures', () => notebook.cellAt(1).executionSummary?.success === true, 30_000);
    await wait(500);
    const processId = api.kernelProcessId(notebook);
    const ended = notebook.cellAt(1).executionSummary?.timing?.endTime;
    void vscode.commands.executeCommand('lungnb.restartAndRunAll');
    await until('another kernel runs', () => api.kernelProcessId(notebook) !== processId, 20_000);
    await until(
      'the first cells have run again',
      () => {
        const { success, timing } = notebook.cellAt(1).executionSummary ?? {};
        return success === true && timing?.endTime !== ended;
      },
      30_000,
    );
    assert.deepEqual(ordersOf(notebook).slice(0, 2), [1, 2]);
    await vscode.commands.executeCommand('notebook.cancelExecution');
    await wait(1500);
  });

  it('that crashes says so under the running cell, and a new one takes over', async () => {
    const notebook = await openCells('crashed.lungnb', CELLS);
    await runCells(notebook, 0, 1);
    startCells(notebook, 1, 3);
    await wait(1000);
    const processId = api.kernelProcessId(notebook);
    assert(processId);
    process.kill(processId, 'SIGKILL');
    await until('the cell has ended', () => errorOf(notebook.cellAt(1)) !== undefined, 10_000);
    assert.match(errorOf(notebook.cellAt(1))?.message ?? '', /kernel ended unexpectedly/);
    await wait(1000);
    assert.deepEqual(notebook.cellAt(2).outputs, [], 'a cell that waited does not run on an empty kernel');
    await runCells(notebook, 2, 3);
    assert.match(errorOf(notebook.cellAt(2))?.message ?? '', /`cohort` is missing because cell \d+ has not run/);
    await runCells(notebook, 0, 1);
    await runCells(notebook, 2, 3);
    assert.equal(notebook.cellAt(2).executionSummary?.success, true);
    assert.notEqual(api.kernelProcessId(notebook), processId);
  });

  it('forgets its results when restarted', async () => {
    const notebook = await openCells('restarted.lungnb', CELLS);
    await runCells(notebook, 0, 1);
    await vscode.commands.executeCommand('lungnb.restartKernel');
    await runCells(notebook, 2, 3);
    assert.match(errorOf(notebook.cellAt(2))?.message ?? '', /`cohort` is missing because cell \d+ has not run/);
  });

  it('ends when its notebook is closed', async () => {
    const notebook = await openCells('closed.lungnb', CELLS);
    await runCells(notebook, 0, 1);
    const processId = api.kernelProcessId(notebook);
    assert(processId);
    await closeAll();
    await until('the process is gone', () => !isRunning(processId), 20_000);
  });

  it('of one notebook knows nothing of another', async () => {
    const first = await openCells('first.lungnb', CELLS);
    await runCells(first, 0, 1);
    const second = await openCells('second.lungnb', CELLS);
    await runCells(second, 2, 3);
    assert.match(errorOf(second.cellAt(2))?.message ?? '', /`cohort` is missing because cell \d+ has not run/);
    assert.notEqual(api.kernelProcessId(first), api.kernelProcessId(second));
  });
});

function ordersOf(notebook: vscode.NotebookDocument): (number | undefined)[] {
  return notebook.getCells().map(({ executionSummary }) => executionSummary?.executionOrder);
}

function isRunning(processId: number): boolean {
  if (process.platform === 'linux') return existsSync(`/proc/${processId}`);
  try {
    return process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
