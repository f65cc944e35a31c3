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
    await vscode.commands.executeCommand('lungnb.restartAndRunAll');
    await until('all cells have run again', () => notebook.cellAt(1).executionSummary?.success === true, 20_000);
    await until('the names are back', () => notebook.cellAt(1).executionSummary?.executionOrder !== undefined, 5000);
    assert.equal((await api.variables()).length, 2);
  });

  it('that crashes says so under the running cell, and a new one takes over', async () => {
    const notebook = await openCells('crashed.lungnb', CELLS);
    await runCells(notebook, 0, 1);
    const ended = startCells(notebook, 1, 2);
    await wait(1000);
    const processId = api.kernelProcessId(notebook);
    assert(processId);
    process.kill(processId, 'SIGKILL');
    await until('the cell has ended', ended, 10_000);
    assert.match(errorOf(notebook.cellAt(1))?.message ?? '', /kernel ended unexpectedly/);
    await runCells(notebook, 2, 3);
    assert.match(errorOf(notebook.cellAt(2))?.message ?? '', /`cohort` is not defined/);
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
    assert.match(errorOf(notebook.cellAt(2))?.message ?? '', /`cohort` is not defined/);
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
    assert.match(errorOf(second.cellAt(2))?.message ?? '', /`cohort` is not defined/);
    assert.notEqual(api.kernelProcessId(first), api.kernelProcessId(second));
  });
});

function isRunning(processId: number): boolean {
  if (process.platform === 'linux') return existsSync(`/proc/${processId}`);
  try {
    return process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
