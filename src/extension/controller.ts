/** Runs cells for VS Code: in order, each on its notebook's kernel, with outputs as they arrive. */
import * as vscode from 'vscode';
import type { CellRemark, RunCellResult } from '../protocol/kernelApi.ts';
import { askBeforeWriting } from './askBeforeWriting.ts';
import { CellMarks } from './cellMarks.ts';
import type { CellProgress } from './cellProgress.ts';
import { CellRun, type RunInVsCode } from './cellRun.ts';
import type { CellDiagnostics } from './diagnostics.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf } from './notebookCells.ts';
import { RunQueue } from './runQueue.ts';
import { CELL_LANGUAGE, cellSource, NOTEBOOK_TYPE } from './serializer.ts';
import { stopsAtError } from './settings.ts';

const CONTROLLER = 'lungnb';

export class Controller implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #progress: CellProgress;
  readonly #diagnostics: CellDiagnostics;
  /** Those that have not ended. */
  readonly #runs = new Set<CellRun>();
  readonly #queues = new WeakMap<vscode.NotebookDocument, RunQueue>();
  readonly #ranCell = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** A cell of the notebook has ended. */
  readonly onDidRunCell = this.#ranCell.event;
  readonly #startedCell = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly onDidStartCell = this.#startedCell.event;
  /** Notebooks whose kernel this is. */
  readonly #chosen = new WeakSet<vscode.NotebookDocument>();
  readonly #notRun = new CellMarks((reason) => ({ text: `$(circle-slash) Not run: ${reason}` }));
  readonly #subscriptions: vscode.Disposable[];
  readonly #controller: vscode.NotebookController;
  readonly #extensionId: string;
  readonly #inVsCode: RunInVsCode = {
    execute: (cell) => (this.#runsOf(cell).some((run) => run.isExecuted) ? undefined : this.#execute(cell)),
    began: ({ cell }) => this.#startedCell.fire(cell.notebook),
    ended: (run) => {
      this.#runs.delete(run);
      this.#ranCell.fire(run.cell.notebook);
    },
  };

  constructor(kernels: Kernels, progress: CellProgress, diagnostics: CellDiagnostics, extensionId: string) {
    this.#extensionId = extensionId;
    this.#kernels = kernels;
    this.#progress = progress;
    this.#diagnostics = diagnostics;
    this.#controller = vscode.notebooks.createNotebookController(CONTROLLER, NOTEBOOK_TYPE, 'LungNB');
    this.#controller.supportedLanguages = [CELL_LANGUAGE];
    this.#controller.supportsExecutionOrder = true;
    this.#controller.description = 'Measures on this computer; nothing leaves it.';
    this.#controller.executeHandler = (cells, notebook) => this.#runForVsCode(cells, notebook);
    this.#controller.interruptHandler = (notebook) => this.interrupt(notebook);
    // While a slider moves, a question would come back at each step.
    kernels.answerQuestions = async (question) =>
      this.#running(question.cellId ?? '')?.inPlace
        ? { allowed: false, advice: 'Run this cell yourself to be asked.' }
        : askBeforeWriting(question);
    this.#subscriptions = [
      this.#controller,
      this.#controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) this.#chosen.add(notebook);
        else this.#chosen.delete(notebook);
      }),
      this.#ranCell,
      this.#startedCell,
      this.#notRun,
      kernels.onOutput((notice) => this.#running(notice.cellId)?.output(notice)),
      kernels.onProgress((notice) => {
        if (this.#running(notice.cellId)) progress.update(notice);
      }),
      kernels.onStopped((notebook) => this.#queueOf(notebook).kernelEnded()),
    ];
  }

  /** Cancels the running cell and those that wait behind it. */
  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    this.#queueOf(notebook).interrupt();
    const kernel = this.#kernels.get(notebook);
    if (kernel) await unlessEnded(kernel.interrupt(), () => undefined);
  }

  /** Ends the notebook's kernel with whatever it runs, and starts another; resolves when no cell runs or waits any more. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    this.#kernels.stop(notebook);
    await this.#queueOf(notebook).last;
    this.#kernels.start(notebook);
  }

  /** Whether a cell of the notebook runs. */
  isRunning(notebook: vscode.NotebookDocument): boolean {
    return [...this.#runs].some(({ cell, isRunning }) => isRunning && cell.notebook === notebook);
  }

  /** Runs cells whose outputs are replaced one by one instead of cleared at first; none is begun any more once `isOver`. */
  async runInPlace(
    cells: readonly vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    if (cells.length) await this.#choose(notebook);
    const queue = this.#queueOf(notebook);
    const runs: CellRun[] = [];
    const { promise: others, resolve: othersAreShown } = Promise.withResolvers<void>();
    for (const cell of cells)
      queue.add(async (isInterrupted) => {
        // One that the user has asked for meanwhile will run in its turn; one that was deleted will not.
        const isAsked = this.#runsOf(cell).some(({ isWaiting }) => isWaiting);
        if (isInterrupted || isAsked || cell.index < 0 || isOver()) return;
        await Promise.all(this.#runsOf(cell).map(({ ended }) => ended));
        const run = new CellRun(cell, this.#inVsCode);
        runs.push(run);
        // While one cell's output is drawn in its place, the kernel runs the next cell.
        await this.#run(run, queue, others);
      });
    await queue.last;
    await Promise.all(runs.flatMap((run) => (run.hasControl ? [] : [run.ended]))).finally(othersAreShown);
    await Promise.all(runs.map(({ ended }) => ended));
  }

  /** Runs a cell as if its user had asked for it, in its notebook's turn; how it ended, once VS Code has taken its outputs. */
  async run(cell: vscode.NotebookCell): Promise<RunCellResult> {
    const { notebook } = cell;
    if (!this.#chosen.has(notebook)) {
      // VS Code chooses a kernel for the notebook in front alone.
      await vscode.window.showNotebookDocument(notebook);
      await this.#choose(notebook);
    }
    const queue = this.#queueOf(notebook);
    // VS Code allows no second run of a cell that runs or waits.
    while (this.#runsOf(cell).length) {
      await queue.last;
      await Promise.all(this.#runsOf(cell).map(({ ended }) => ended));
    }
    const run = new CellRun(cell, this.#inVsCode, this.#execute(cell));
    this.#runs.add(run);
    const { promise, resolve } = Promise.withResolvers<RunCellResult>();
    queue.add(async (isInterrupted) => {
      if (isInterrupted) {
        this.#runs.delete(run);
        run.giveUp();
        return resolve({ status: 'cancelled' });
      }
      const result = await this.#run(run, queue);
      await run.ended;
      resolve(result);
    });
    return promise;
  }

  #runForVsCode(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const queue = this.#queueOf(notebook);
    /** Of these cells, the one that keeps those behind it from running. */
    let failed: vscode.NotebookCell | undefined;
    for (const cell of cells) {
      const run = new CellRun(cell, this.#inVsCode, this.#execute(cell));
      this.#runs.add(run);
      queue.add(async (isInterrupted) => {
        if (isInterrupted || failed) {
          this.#runs.delete(run);
          if (failed) this.#notRun.add(cell, `cell ${failed.index + 1} failed`);
          return run.giveUp();
        }
        const { status } = await this.#run(run, queue);
        if (status === 'failed' && stopsAtError(notebook)) failed = cell;
        return run.ended;
      });
    }
    return queue.last;
  }

  /** Until the kernel has answered or was interrupted. In place, what the hand moved is on the screen, and what follows from it, the `others`, goes first. */
  async #run(run: CellRun, queue: RunQueue, others?: Promise<void>): Promise<RunCellResult> {
    const { cell, cellId } = run;
    this.#runs.add(run);
    this.#notRun.delete(cell);
    this.#diagnostics.clear(cell.document);
    run.start(queue.nextExecutionOrder());
    const result = await queue.untilInterrupted(this.#askKernel(run));
    if (result.problem) {
      run.problem(result.problem);
      this.#diagnostics.show(cell.document, [result.problem]);
    }
    if (result.hints) this.#diagnostics.show(cell.document, result.hints, vscode.DiagnosticSeverity.Warning);
    this.#progress.finish(cellId);
    run.end(result, run.hasControl ? others : undefined);
    return result;
  }

  async #askKernel({ cell, cellId }: CellRun): Promise<RunCellResult> {
    try {
      const kernel = this.#kernels.start(cell.notebook);
      const request = { cellId, source: cellSource(cell.document), cells: cellsOf(cell.notebook) };
      return await unlessEnded(kernel.ask('runCell', request), (reason) =>
        failed({ code: 'kernel-ended', message: `${reason} Run the cells again.` }),
      );
    } catch (error) {
      // What a bug says may hold anything, and the folders of this computer: the log has it, and the notebook does not.
      this.#kernels.logBug(error);
      const message =
        'Something went wrong inside LungNB. This is a bug; please report it with what the log says (Output: LungNB Kernel).';
      return failed({ code: 'internal', message });
    }
  }

  /** Whether cells of the notebook may be run in place without it being in front. */
  isChosen(notebook: vscode.NotebookDocument): boolean {
    return this.#chosen.has(notebook);
  }

  /** VS Code chooses a notebook's kernel when its user first runs a cell; here something else came before. */
  async #choose(notebook: vscode.NotebookDocument): Promise<void> {
    if (!this.#chosen.has(notebook))
      await vscode.commands.executeCommand('notebook.selectKernel', { id: CONTROLLER, extension: this.#extensionId });
  }

  #execute(cell: vscode.NotebookCell): vscode.NotebookCellExecution {
    return this.#controller.createNotebookCellExecution(cell);
  }

  #runsOf(cell: vscode.NotebookCell): CellRun[] {
    return [...this.#runs].filter((run) => run.cell === cell);
  }

  #running(cellId: string): CellRun | undefined {
    return [...this.#runs].find((run) => run.isRunning && run.cellId === cellId);
  }

  #queueOf(notebook: vscode.NotebookDocument): RunQueue {
    const queue = this.#queues.get(notebook) ?? new RunQueue();
    this.#queues.set(notebook, queue);
    return queue;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function failed(problem: CellRemark): RunCellResult {
  return { status: 'failed', problem };
}
