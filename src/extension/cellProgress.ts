/** Shows how far a running cell is, in percent, in the cell's status bar. */
import * as vscode from 'vscode';
import type { ProgressNotice } from '../protocol/kernelApi.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';

/** The status bar is redrawn at most this often. */
const REDRAW_MS = 200;

export class CellProgress implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #progress = new Map<string, Omit<ProgressNotice, 'cellId'>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event;
  /** Stands below the event: VS Code asks for it on registration, and never again. */
  readonly #registration = vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this);
  #redraw: NodeJS.Timeout | undefined;

  /** `cellId` is the URI of the cell's document. */
  update({ cellId, fraction, message }: ProgressNotice): void {
    this.#progress.set(cellId, { fraction, message });
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#changed.fire();
    }, REDRAW_MS);
  }

  finish(cellId: string): void {
    this.#progress.delete(cellId);
    this.#changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    const progress = this.#progress.get(cell.document.uri.toString());
    if (!progress) return undefined;
    const text = `$(pulse) ${Math.floor(progress.fraction * 100)} %  ${progress.message}`;
    return new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
