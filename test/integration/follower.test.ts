/** Cells that are out of date: marked with the reason, run by themselves where settings say so, shown in a graph. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { LungNbApi } from '../../src/extension/main.ts';
import type { TableView } from '../../src/protocol/view.ts';
import { closeAll, errorOf, openCells, runAll, until, viewsOf, workspaceFolder } from './notebooks.ts';

const CELLS = [
  'param least = 2 in 0..4 step 1',
  'load "reader1.csv" as reader',
  'filter reader where score >= least as some',
  'describe some',
  'describe reader',
];

describe('cells that are out of date', () => {
  let api: LungNbApi;
  const autoRun = () => vscode.workspace.getConfiguration('lungnb.autoRun');

  before(async () => {
    api = (await vscode.extensions.getExtension<LungNbApi>('lungnb.lungnb')?.activate())!;
  });
  afterEach(async () => {
    for (const setting of ['edits', 'parameters'])
      await autoRun().update(setting, undefined, vscode.ConfigurationTarget.Workspace);
    await closeAll();
  });

  const reasons = (notebook: vscode.NotebookDocument) => notebook.getCells().map((cell) => api.outOfDate(cell));
  const rowsShown = (notebook: vscode.NotebookDocument) =>
    (viewsOf(notebook.cellAt(2)).at(-1) as TableView | undefined)?.totalRows;

  async function write(notebook: vscode.NotebookDocument, index: number, source: string): Promise<void> {
    const { document } = notebook.cellAt(index);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), source);
    assert(await vscode.workspace.applyEdit(edit));
  }

  it('are marked with the reason after an edit, and run by one command', async () => {
    const notebook = await openCells('stale.lungnb', CELLS);
    await runAll(notebook, 60_000);
    const before = rowsShown(notebook);
    await write(notebook, 2, 'filter reader where score >= 4 as some');
    await until('the cells are marked', () => api.outOfDate(notebook.cellAt(3)) !== undefined, 10_000);
    assert.deepEqual(reasons(notebook), [
      undefined,
      undefined,
      'its text has changed',
      '`some` is out of date',
      undefined,
    ]);
    assert.equal(rowsShown(notebook), before);
    await vscode.commands.executeCommand('lungnb.runStaleCells');
    await until('no cell is marked', () => reasons(notebook).every((reason) => reason === undefined), 10_000);
    assert.notEqual(rowsShown(notebook), before);
  });

  it('follow a parameter by themselves, to its last value however fast it moves', async () => {
    const notebook = await openCells('moves.lungnb', CELLS);
    await runAll(notebook, 60_000);
    const atTwo = rowsShown(notebook);
    for (const least of [0, 1, 3, 4, 2, 0]) await write(notebook, 0, `param least = ${least} in 0..4 step 1`);
    await until('all rows are kept', () => rowsShown(notebook) === 286, 10_000);
    await write(notebook, 0, 'param least = 4 in 0..4 step 1');
    await write(notebook, 0, CELLS[0]!);
    await until('the first rows are back', () => rowsShown(notebook) === atTwo, 10_000);
    await until('no cell is marked', () => reasons(notebook).every((reason) => reason === undefined), 10_000);
    assert(notebook.getCells().every((cell) => errorOf(cell) === undefined));
  });

  it('are marked and wait, where parameters are set not to be followed', async () => {
    await autoRun().update('parameters', false, vscode.ConfigurationTarget.Workspace);
    const notebook = await openCells('still.lungnb', CELLS);
    await runAll(notebook, 60_000);
    const atTwo = rowsShown(notebook);
    await write(notebook, 0, 'param least = 4 in 0..4 step 1');
    await until('the cells are marked', () => api.outOfDate(notebook.cellAt(3)) !== undefined, 10_000);
    assert.deepEqual(reasons(notebook), [
      'its text has changed',
      undefined,
      '`least` is out of date',
      '`some` is out of date',
      undefined,
    ]);
    assert.equal(rowsShown(notebook), atTwo);
    await vscode.commands.executeCommand('lungnb.runStaleCells');
    await until('the rows follow', () => rowsShown(notebook) !== atTwo, 10_000);
  });

  it('follow edits by themselves where that is set, but not while they are wrong', async () => {
    await autoRun().update('edits', true, vscode.ConfigurationTarget.Workspace);
    const notebook = await openCells('edits.lungnb', CELLS);
    await runAll(notebook, 60_000);
    const before = rowsShown(notebook);
    await write(notebook, 2, 'filter reeder where score >= 0 as some');
    await until('the cell is marked', () => api.outOfDate(notebook.cellAt(2)) !== undefined, 10_000);
    assert.equal(rowsShown(notebook), before);
    await write(notebook, 2, 'filter reader where score >= 0 as some');
    await until('the rows follow', () => rowsShown(notebook) === 286, 10_000);
  });

  it('are marked when a file that they read changes on disk', async () => {
    const file = join(workspaceFolder(), 'changing.csv');
    writeFileSync(file, readFileSync(join(workspaceFolder(), 'reader1.csv')));
    const notebook = await openCells('files.lungnb', ['load "changing.csv" as reader', 'describe reader']);
    await runAll(notebook, 60_000);
    writeFileSync(file, 'patient,region,class,score\nP1,total,ggo,2\n');
    await until('the cells are marked', () => api.outOfDate(notebook.cellAt(1)) !== undefined, 10_000);
    assert.deepEqual(reasons(notebook), ['`changing.csv` has changed on disk', '`reader` is out of date']);
  });

  it('are seen among all others in the graph of dependencies', async () => {
    await openCells('graph.lungnb', CELLS);
    await vscode.commands.executeCommand('lungnb.showDependencies');
    const labels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    await until('the graph is open', () => labels().includes('Dependencies'), 10_000);
  });
});
