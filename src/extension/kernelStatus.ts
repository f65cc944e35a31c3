/** Says in VS Code's status bar what the kernel of the notebook in front does. */
import * as vscode from 'vscode';
import { activeNotebook } from './activeNotebook.ts';
import type { Controller } from './controller.ts';
import type { Kernels } from './kernels.ts';

export class KernelStatus implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  readonly #item = vscode.window.createStatusBarItem('lungnb.kernel', vscode.StatusBarAlignment.Right, 100);
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(kernels: Kernels, controller: Controller) {
    this.#kernels = kernels;
    this.#controller = controller;
    this.#item.name = 'LungNB kernel';
    const show = () => this.#show();
    this.#subscriptions = [
      kernels.onStarted(show),
      kernels.onStopped(show),
      controller.onDidStartCell(show),
      controller.onDidRunCell(show),
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
    this.#item.text = `$(${isBusy ? 'sync~spin' : 'pulse'}) LungNB: ${state}`;
    this.#item.tooltip = isBusy
      ? 'A cell runs. Click to interrupt it.'
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
