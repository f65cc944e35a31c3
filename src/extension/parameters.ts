/** Follows a parameter that was moved in an output: writes it into its cell, and runs the cells that use it. */
import * as vscode from 'vscode';
import type { Controller } from './controller.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { sourceOf } from './serializer.ts';

type Value = number | string | boolean;

export class Parameters {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  /** The newest value of each parameter that waits while an earlier move is being followed. */
  readonly #moved = new WeakMap<vscode.NotebookDocument, Map<string, Value>>();
  readonly #following = new WeakSet<vscode.NotebookDocument>();

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
    const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    const change = await this.#kernels.start(notebook).changeParameter({
      cells: cells.map(({ document }) => ({ cellId: document.uri.toString(), source: sourceOf(document) })),
      name,
      value,
    });
    if ('problem' in change) {
      void vscode.window.showWarningMessage(change.problem);
      return;
    }
    const { cellId, span, text } = change.edit;
    const byId = new Map(cells.map((cell) => [cell.document.uri.toString(), cell]));
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(span.startLine, span.startColumn, span.endLine, span.endColumn);
    edit.replace(vscode.Uri.parse(cellId), range, text);
    await vscode.workspace.applyEdit(edit);
    const rerun = change.rerun.flatMap((id) => byId.get(id) ?? []);
    // A cell that never ran shows nothing that could follow.
    await this.#controller.runInPlace(
      rerun.filter((cell) => cell.document.uri.toString() === cellId || cell.outputs.length > 0),
      notebook,
    );
  }
}
