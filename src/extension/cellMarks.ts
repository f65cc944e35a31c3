/** Short words on single cells in their status bars: that they are out of date, or were not run, and why. */
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from './serializer.ts';

/** What a mark says, and does when it is clicked. */
export interface Mark {
  readonly text: string;
  readonly tooltip?: string;
  readonly command?: string;
}

/** Marks of one sort; each cell has one at most. */
export class CellMarks implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #markOf: (reason: string) => Mark;
  /** By the URIs of their cells' documents. */
  readonly #reasons = new WeakMap<vscode.NotebookDocument, Map<string, string>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event;
  readonly #registration: vscode.Disposable;

  constructor(markOf: (reason: string) => Mark) {
    this.#markOf = markOf;
    // VS Code asks for the event on registration, and never again.
    this.#registration = vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this);
  }

  /** These cells of the notebook are marked, and no others. */
  set(
    notebook: vscode.NotebookDocument,
    marked: readonly { readonly cellId: string; readonly reason: string }[],
  ): void {
    const before = this.#reasons.get(notebook)?.size ?? 0;
    this.#reasons.set(notebook, new Map(marked.map(({ cellId, reason }) => [cellId, reason])));
    if (before || marked.length) this.#changed.fire();
  }

  add({ notebook, document }: vscode.NotebookCell, reason: string): void {
    const reasons = this.#reasons.get(notebook) ?? new Map<string, string>();
    this.#reasons.set(notebook, reasons.set(document.uri.toString(), reason));
    this.#changed.fire();
  }

  delete({ notebook, document }: vscode.NotebookCell): void {
    if (this.#reasons.get(notebook)?.delete(document.uri.toString())) this.#changed.fire();
  }

  reasonOf({ notebook, document }: vscode.NotebookCell): string | undefined {
    return this.#reasons.get(notebook)?.get(document.uri.toString());
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    const reason = this.reasonOf(cell);
    if (reason === undefined) return undefined;
    const { text, tooltip, command } = this.#markOf(reason.replaceAll('`', ''));
    const item = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
    if (tooltip !== undefined) item.tooltip = tooltip;
    if (command !== undefined) item.command = command;
    return item;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
