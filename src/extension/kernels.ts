/** One kernel per notebook: started when a first cell runs, stopped when the notebook closes. */
import * as vscode from 'vscode';
import type { OutputNotice, ProgressNotice } from '../protocol/kernelApi.ts';
import { visibleText } from '../protocol/words/visibleText.ts';
import { askBeforeWriting } from './askBeforeWriting.ts';
import { KernelProcess } from './kernelProcess.ts';
import { showError } from './notify.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';
import { kernelOptions } from './settings.ts';

export class Kernels implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #running = new Map<vscode.NotebookDocument, KernelProcess>();
  readonly #log = vscode.window.createOutputChannel('LungNB Kernel');
  readonly #progress = new vscode.EventEmitter<ProgressNotice>();
  readonly #output = new vscode.EventEmitter<OutputNotice>();
  readonly #inputChanged = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly #closing = vscode.workspace.onDidCloseNotebookDocument((notebook) => this.stop(notebook));

  readonly #started = new vscode.EventEmitter<{ notebook: vscode.NotebookDocument; kernel: KernelProcess }>();

  readonly #stopped = new vscode.EventEmitter<vscode.NotebookDocument>();

  readonly onStarted = this.#started.event;
  /** The notebook's kernel has ended, asked to or not. */
  readonly onStopped = this.#stopped.event;
  readonly onProgress = this.#progress.event;
  readonly onOutput = this.#output.event;
  /** A file that a cell of the notebook read has changed. */
  readonly onInputChanged = this.#inputChanged.event;

  /** Answers whether a file may be written; who runs the cells may know better than to ask. */
  answerQuestions = askBeforeWriting;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** The notebook's kernel, started if there is none. */
  start(notebook: vscode.NotebookDocument): KernelProcess {
    const existing = this.#running.get(notebook);
    if (existing) return existing;
    const kernel = new KernelProcess(
      this.#context.asAbsolutePath('out/kernel/main.js'),
      kernelOptions(this.#context, notebook),
      {
        progress: (notice) => this.#progress.fire(notice),
        output: (notice) => this.#output.fire(notice),
        inputChanged: () => this.#inputChanged.fire(notebook),
        mayWrite: (question) => this.answerQuestions(question),
        log: (text) => this.#log.append(visibleText(text)),
        crashed: (reason) => {
          if (this.#running.get(notebook) === kernel) this.#running.delete(notebook);
          this.#stopped.fire(notebook);
          this.#log.appendLine(visibleText(reason));
          void this.#offerRestart(notebook, reason);
        },
      },
    );
    this.#running.set(notebook, kernel);
    this.#started.fire({ notebook, kernel });
    return kernel;
  }

  /** For who sits here: nothing of it is saved in the notebook. */
  log(text: string): void {
    this.#log.appendLine(visibleText(text));
  }

  /** A fault of our own, with the place where it arose: for whoever mends it. */
  logBug(error: unknown): void {
    this.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** Where the kernels say which file "P03, file 17" is. */
  showLog(): void {
    this.#log.show();
  }

  /** The notebook's kernel, if it runs. */
  get(notebook: vscode.NotebookDocument): KernelProcess | undefined {
    return this.#running.get(notebook);
  }

  /** Ends the notebook's kernel; its results are gone, what the notebook shows stays. */
  stop(notebook: vscode.NotebookDocument): void {
    this.#running.get(notebook)?.stop();
    if (this.#running.delete(notebook)) this.#stopped.fire(notebook);
  }

  async #offerRestart(notebook: vscode.NotebookDocument, reason: string): Promise<void> {
    if (notebook.notebookType !== NOTEBOOK_TYPE || notebook.isClosed) return;
    const runAll = 'Restart and Run All';
    const showLog = 'Show Log';
    const chosen = await showError(
      `${reason} The results of this notebook's cells are lost; what was measured is kept in the cache.`,
      runAll,
      showLog,
    );
    if (chosen === showLog) this.showLog();
    if (chosen === runAll) {
      this.start(notebook);
      await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    }
  }

  dispose(): void {
    this.#closing.dispose();
    for (const kernel of this.#running.values()) kernel.stop();
    this.#running.clear();
    this.#started.dispose();
    this.#stopped.dispose();
    this.#progress.dispose();
    this.#output.dispose();
    this.#inputChanged.dispose();
    this.#log.dispose();
  }
}
