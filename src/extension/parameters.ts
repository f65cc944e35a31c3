/** Follows parameters: one that was moved in an output is written into its cell; then the cells that use it run again. */
import * as vscode from 'vscode';
import type { Controller } from './controller.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';

type Value = number | string | boolean;

export class Parameters implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  /** The newest value of each parameter that waits while an earlier move is being followed. */
  readonly #moved = new WeakMap<vscode.NotebookDocument, Map<string, Value>>();
  readonly #following = new WeakSet<vscode.NotebookDocument>();
  readonly #undone = vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
    if (reason !== undefined) void this.#followUndo(document);
  });

  constructor(kernels: Kernels, controller: Controller) {
    this.#kernels = kernels;
    this.#controller = controller;
  }

  /** While cells run, further moves wait, and only the last one of each parameter is followed. */
  async move(notebook: vscode.NotebookDocument, name: string, value: Value): Promise<void> {
    const moved = this.#moved.get(notebook) ?? new Map<string, Value>();
    this.#moved.set(notebook, moved.set(name, value));
    if (this.#following.has(notebook)) return;
    this.#following.add(notebook);
    try {
      for (let next = moved.entries().next(); !next.done; next = moved.entries().next()) {
        moved.delete(next.value[0]);
        await this.#follow(notebook, ...next.value);
      }
    } catch (error) {
      if (!(error instanceof KernelEndedError)) throw error;
    } finally {
      this.#following.delete(notebook);
    }
  }

  async #follow(notebook: vscode.NotebookDocument, name: string, value: Value): Promise<void> {
    const cells = cellsOf(notebook);
    const change = await this.#kernels.start(notebook).changeParameter({ cells, name, value });
    if ('problem' in change) {
      void vscode.window.showWarningMessage(change.problem);
      return;
    }
    const { cellId, span, text } = change.edit;
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(span.startLine, span.startColumn, span.endLine, span.endColumn);
    edit.replace(vscode.Uri.parse(cellId), range, text);
    await vscode.workspace.applyEdit(edit);
    await this.#run(notebook, change.rerun);
  }

  /** Undo and redo bring an earlier value back: what shows it follows, where a kernel runs. */
  async #followUndo(document: vscode.TextDocument): Promise<void> {
    const cellId = document.uri.toString();
    const notebook = notebookOf(document);
    const kernel = notebook && this.#kernels.get(notebook);
    if (kernel) await this.#run(notebook, await kernel.parameterCells({ cells: cellsOf(notebook), cellId }));
  }

  /** Runs cells in place; one that never ran shows nothing that could follow. */
  #run(notebook: vscode.NotebookDocument, cellIds: readonly string[]): Promise<void> {
    const ran = notebook.getCells().filter((cell) => cell.outputs.length > 0);
    const rerun = ran.filter(({ document }) => cellIds.includes(document.uri.toString()));
    return this.#controller.runInPlace(rerun, notebook);
  }

  dispose(): void {
    this.#undone.dispose();
  }
}
