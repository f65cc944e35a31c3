/** The patients that are selected in the outputs of each notebook, which its kernel is told of. */
import * as vscode from 'vscode';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';

export class Selections implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #selected = new WeakMap<vscode.NotebookDocument, readonly string[]>();
  readonly #changed = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** The notebook's kernel knows of another selection. */
  readonly onDidChange = this.#changed.event;
  readonly #telling: vscode.Disposable;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    // A kernel that starts anew knows of none.
    this.#telling = kernels.onStarted(({ notebook }) => {
      if (this.of(notebook).length) void this.#tell(notebook);
    });
  }

  of(notebook: vscode.NotebookDocument): readonly string[] {
    return this.#selected.get(notebook) ?? [];
  }

  async set(notebook: vscode.NotebookDocument, patients: readonly string[]): Promise<void> {
    this.#selected.set(notebook, patients);
    if (!this.#kernels.get(notebook)) return;
    await this.#tell(notebook);
    this.#changed.fire(notebook);
  }

  async #tell(notebook: vscode.NotebookDocument): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (kernel) await unlessEnded(kernel.ask('select', { patients: this.of(notebook) }), () => null);
  }

  dispose(): void {
    this.#telling.dispose();
    this.#changed.dispose();
  }
}
