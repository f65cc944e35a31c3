/** Writes a parameter that was moved in an output into its cell. */
import * as vscode from 'vscode';
import type { CellText } from '../protocol/kernelApi.ts';
import type { ParameterMove } from '../protocol/rendererMessages.ts';
import { rangeOf } from './asked.ts';
import type { KernelProcess } from './kernelProcess.ts';
import { cellsOf } from './notebookCells.ts';
import { showWarning } from './notify.ts';

/** The cell that was written, `retry` where somebody types in the cell and the value's place has to be looked for again, or nothing where the value does not fit, which is told. */
export async function writeParameter(
  notebook: vscode.NotebookDocument,
  kernel: KernelProcess,
  { name, value }: ParameterMove,
  undoneAlone: boolean,
): Promise<{ readonly written: string } | 'retry' | undefined> {
  const cells = cellsOf(notebook);
  const change = await kernel.ask('changeParameter', { cells, name, value });
  if ('problem' in change) {
    void showWarning(change.problem);
    return undefined;
  }
  const { cellId, span, text } = change.edit;
  if (sourceIn(cellsOf(notebook), cellId) !== sourceIn(cells, cellId)) return 'retry';
  await replaceText(cellId, rangeOf(span), text, undoneAlone);
  return { written: cellId };
}

function sourceIn(cells: readonly CellText[], cellId: string): string | undefined {
  return cells.find((cell) => cell.cellId === cellId)?.source;
}

/**
 * Undo takes back everything since the last edit that was `undoneAlone`; an edit without an editor in view always is,
 * since only an editor can join edits.
 */
async function replaceText(cellId: string, range: vscode.Range, text: string, undoneAlone: boolean): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === cellId);
  const stops = { undoStopBefore: undoneAlone, undoStopAfter: false };
  if (await editor?.edit((edit) => edit.replace(range, text), stops)) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(vscode.Uri.parse(cellId), range, text);
  await vscode.workspace.applyEdit(edit);
}
