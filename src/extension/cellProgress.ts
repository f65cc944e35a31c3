/** Shows how far a running cell is, of whom and with what, in the cell's status bar. */
import * as vscode from 'vscode';
import type { ProgressNotice } from '../protocol/kernelApi.ts';
import { visibleLine } from '../protocol/words/visibleText.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';

/** The status bar is redrawn at most this often. */
const REDRAW_MS = 200;

/** Nothing is foretold before this much time and work. */
const FORETOLD_AFTER_MS = 5000;
const FORETOLD_AFTER_FRACTION = 0.05;

/** "about 2 min left" from the share done and the time taken; empty while that says too little. */
export function remainingTime(fraction: number, tookMs: number): string {
  if (tookMs < FORETOLD_AFTER_MS || fraction < FORETOLD_AFTER_FRACTION || fraction >= 1) return '';
  const seconds = ((tookMs / fraction) * (1 - fraction)) / 1000;
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  return seconds < 90 * 60
    ? `about ${Math.round(seconds / 60)} min left`
    : `about ${(seconds / 3600).toFixed(1)} h left`;
}

export type Progress = Omit<ProgressNotice, 'cellId'> & { readonly sinceMs: number };

/** What is counted at the end of a message: ": slice 13 of 98". */
const COUNTED = /[:,]? ((?:slice |part )?\d+ of \d+(?: files)?)$/;

/** How far, of whom and what, and what is counted meanwhile, if anything. */
export interface ProgressWords {
  /** "43 %, about 2 min left". */
  readonly share: string;
  /** "P04 (4 of 8): Lung textures". */
  readonly stage: string;
  /** "slice 13 of 98". */
  readonly counted: string | undefined;
}

export function inWords({ fraction, message, sinceMs }: Progress): ProgressWords {
  const remaining = remainingTime(fraction, Date.now() - sinceMs);
  const line = visibleLine(message);
  return {
    share: `${Math.floor(fraction * 100)} %${remaining && `, ${remaining}`}`,
    stage: line.replace(COUNTED, ''),
    counted: COUNTED.exec(line)?.[1],
  };
}

export class CellProgress implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #progress = new Map<string, Progress>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.#changed.event;
  /** Stands below the event: VS Code asks for it on registration, and never again. */
  readonly #registration = vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this);
  #redraw: NodeJS.Timeout | undefined;

  /** `cellId` is the URI of the cell's document. */
  update({ cellId, fraction, message }: ProgressNotice): void {
    const sinceMs = this.#progress.get(cellId)?.sinceMs ?? Date.now();
    this.#progress.set(cellId, { fraction, message, sinceMs });
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#changed.fire();
    }, REDRAW_MS);
  }

  /** How far the notebook's running cell is; undefined where none has said so. */
  of(
    notebook: vscode.NotebookDocument,
  ): { readonly cell: vscode.NotebookCell; readonly progress: Progress } | undefined {
    for (const cell of notebook.getCells()) {
      const progress = this.#progress.get(cell.document.uri.toString());
      if (progress) return { cell, progress };
    }
    return undefined;
  }

  finish(cellId: string): void {
    // VS Code asks all cells anew, which is worth while only where one showed something.
    if (this.#progress.delete(cellId)) this.#changed.fire();
  }

  /** One for each part: VS Code cuts an item at half of the cell's width, and leaves room for the next. */
  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const progress = this.#progress.get(cell.document.uri.toString());
    if (!progress) return [];
    const { share, stage, counted } = inWords(progress);
    return [`$(pulse) ${share}`, stage, ...(counted === undefined ? [] : [counted])].map(
      (text) => new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left),
    );
  }

  dispose(): void {
    clearTimeout(this.#redraw);
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
