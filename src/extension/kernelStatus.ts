/** Says in VS Code's status bar what the kernel of the notebook in front does. */
import * as vscode from 'vscode';
import { activeNotebook } from './activeNotebook.ts';
import { type CellProgress, inWords } from './cellProgress.ts';
import type { Controller } from './controller.ts';
import type { Kernels } from './kernels.ts';

export class KernelStatus implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  readonly #progress: CellProgress;
  readonly #item = vscode.window.createStatusBarItem('lungnb.kernel', vscode.StatusBarAlignment.Right, 100);
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(kernels: Kernels, controller: Controller, progress: CellProgress) {
    this.#progress = progress;
    this.#kernels = kernels;
    this.#controller = controller;
    this.#item.name = 'LungNB kernel';
    const show = () => this.#show();
    this.#subscriptions = [
      kernels.onStarted(show),
      kernels.onStopped(show),
      controller.onDidStartCell(show),
      controller.onDidRunCell(show),
      progress.onDidChangeCellStatusBarItems(show),
      vscode.window.onDidChangeActiveNotebookEditor(show),
    ];
    show();
  }

  #show(): void {
    const notebook = activeNotebook();
    if (!notebook) {
      this.#item.hide();
      return;
    }
    const isBusy = this.#controller.isRunning(notebook);
    const state = isBusy ? 'running' : this.#kernels.get(notebook) ? 'ready' : 'not started';
    const running = isBusy ? this.#progress.of(notebook) : undefined;
    const number = running && running.cell.index + 1;
    const words = running && inWords(running.progress);
    // Without what is counted: the bar is short, and what stands beside would jump.
    this.#item.text = `$(${isBusy ? 'sync~spin' : 'pulse'}) LungNB: ${words ? `cell ${number}, ${words.share}, ${words.stage}` : state}`;
    this.#item.tooltip = isBusy
      ? `${words ? `Cell ${number}: ${Object.values(words).filter(Boolean).join(', ')}` : 'A cell runs'}. Click to interrupt it.`
      : state === 'ready'
        ? 'The kernel holds the results of the cells that ran. Click to restart it.'
        : 'The kernel starts with the first cell that runs.';
    this.#item.command = isBusy ? 'lungnb.interruptKernel' : 'lungnb.restartKernel';
    this.#item.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }
}
