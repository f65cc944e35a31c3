/** Opens, runs and inspects notebooks through VS Code's API, as a user would through its window. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Notebook } from '../../src/protocol/notebook.ts';
import { VIEW_MIME, type ViewModel } from '../../src/protocol/view.ts';

/** The folder that the tests' VS Code has open. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('the tests need a workspace folder');
  return folder.uri.fsPath;
}

/** Writes a notebook with these code cells into the workspace, and opens it. */
export async function openCells(name: string, cells: readonly string[]): Promise<vscode.NotebookDocument> {
  const notebook: Notebook = { lungnb: 1, cells: cells.map((cell) => ({ kind: 'code', source: cell.split('\n') })) };
  writeFileSync(join(workspaceFolder(), name), JSON.stringify(notebook));
  return open(name);
}

/** Opens as a click in the Explorer does: a document that the API opens stays open for minutes after its editor closed. */
export async function open(name: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.file(join(workspaceFolder(), name));
  await vscode.commands.executeCommand('vscode.open', uri);
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook?.uri.fsPath !== uri.fsPath) throw new Error(`${name} was not opened`);
  await vscode.commands.executeCommand('notebook.selectKernel', { id: 'lungnb', extension: 'lungnb.lungnb' });
  return notebook;
}

/** Closes all editors without saving, and resolves when VS Code has let go of their notebooks. */
export async function closeAll(): Promise<void> {
  while (vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0))
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await until('all notebooks are closed', () => vscode.workspace.notebookDocuments.length === 0, 20_000);
}

export async function runAll(notebook: vscode.NotebookDocument, timeoutMs: number): Promise<void> {
  await runCells(notebook, 0, notebook.cellCount, timeoutMs);
}

/** Runs cells `start` to `end` (exclusive) and waits until they have all ended. */
export async function runCells(
  notebook: vscode.NotebookDocument,
  start: number,
  end: number,
  timeoutMs = 60_000,
): Promise<void> {
  const ended = startCells(notebook, start, end);
  await until('the cells have ended', ended, timeoutMs);
}

/** Starts cells and gives a function that tells whether all have ended since, or one has failed and the others will not run. */
export function startCells(notebook: vscode.NotebookDocument, start: number, end: number): () => boolean {
  const cells = notebook
    .getCells(new vscode.NotebookRange(start, end))
    .filter((cell) => cell.kind === vscode.NotebookCellKind.Code);
  const before = cells.map(endTime);
  void vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start, end }],
    document: notebook.uri,
  });
  const hasEnded = (cell: vscode.NotebookCell, n: number) => endTime(cell) !== undefined && endTime(cell) !== before[n];
  const stops = () => vscode.workspace.getConfiguration('lungnb').get('stopAtFirstError', true);
  return () =>
    cells.every(hasEnded) ||
    (stops() && cells.some((cell, n) => hasEnded(cell, n) && cell.executionSummary?.success === false));
}

function endTime(cell: vscode.NotebookCell): number | undefined {
  return cell.executionSummary?.timing?.endTime;
}

export async function until(what: string, condition: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`);
    await wait(20);
  }
}

/** What the cell's outputs show. */
export function viewsOf(cell: vscode.NotebookCell): ViewModel[] {
  return cell.outputs.flatMap(({ items }) =>
    // SAFETY: outputs of this type are view models, made by the extension alone.
    items
      .filter(({ mime }) => mime === VIEW_MIME)
      .map(({ data }) => JSON.parse(new TextDecoder().decode(data)) as ViewModel),
  );
}

/** The name (its place) and message of the error under the cell, if there is one. */
export function errorOf(cell: vscode.NotebookCell): { readonly name: string; readonly message: string } | undefined {
  const item = cell.outputs
    .flatMap(({ items }) => items)
    .find(({ mime }) => mime === 'application/vnd.code.notebook.error');
  return item && JSON.parse(new TextDecoder().decode(item.data));
}
