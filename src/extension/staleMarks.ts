/** Marks cells that are out of date in their status bar, with the reason, and runs them when clicked. */
import * as vscode from 'vscode';
import type { StaleCell } from '../protocol/kernelApi.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';

export class StaleMarks implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #reasons = new WeakMap<vscode.NotebookDocument, ReadonlyMap<string, string>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event;
  /** Stands below the event: VS Code asks for it on registration, and never again. */
  readonly #registration = vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this);

  set(notebook: vscode.NotebookDocument, stale: readonly Pick<StaleCell, 'cellId' | 'reason'>[]): void {
    const before = this.#reasons.get(notebook)?.size ?? 0;
    this.#reasons.set(notebook, new Map(stale.map(({ cellId, reason }) => [cellId, reason])));
    if (before || stale.length) this.#changed.fire();
  }

  reasonOf(cell: vscode.NotebookCell): string | undefined {
    return this.#reasons.get(cell.notebook)?.get(cell.document.uri.toString());
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    const reason = this.reasonOf(cell);
    if (reason === undefined) return undefined;
    const item = new vscode.NotebookCellStatusBarItem(
      `$(history) Out of date: ${reason.replaceAll('`', '')}`,
      vscode.NotebookCellStatusBarAlignment.Left,
    );
    item.tooltip = 'Run all cells that are out of date';
    item.command = 'lungnb.runStaleCells';
    return item;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
