/** Work on a notebook that waits for a pause: in writing, in moving, after a run. */
import type * as vscode from 'vscode';

export class Debounced implements vscode.Disposable {
  readonly #pauseMs: number;
  readonly #work: (notebook: vscode.NotebookDocument) => void;
  readonly #waiting = new Map<vscode.NotebookDocument, NodeJS.Timeout>();

  /** `work` is done once for a notebook, `pauseMs` after it was last asked for, unless the notebook was closed by then. */
  constructor(pauseMs: number, work: (notebook: vscode.NotebookDocument) => void) {
    this.#pauseMs = pauseMs;
    this.#work = work;
  }

  ask(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.#waiting.get(notebook));
    const timer = setTimeout(() => {
      this.#waiting.delete(notebook);
      if (!notebook.isClosed) this.#work(notebook);
    }, this.#pauseMs);
    this.#waiting.set(notebook, timer);
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
