/** Runs cells for VS Code: in order, each on its notebook's kernel, with outputs as they arrive. */
import * as vscode from 'vscode';
import type { OutputNotice, RunCellResult } from '../protocol/kernelApi.ts';
import { askBeforeWriting } from './askBeforeWriting.ts';
import type { CellProgress } from './cellProgress.ts';
import type { CellDiagnostics } from './diagnostics.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf } from './notebookCells.ts';
import { isProblem, problemOutput, viewOutput } from './outputs.ts';
import { CELL_LANGUAGE, NOTEBOOK_TYPE, sourceOf } from './serializer.ts';

/** An interrupted cell ends after this time at the latest, even while the kernel is still finishing a step. */
const INTERRUPT_MS = 800;

/** A cell that runs in place is shown as running after this time, or with its first output: each beginning makes VS Code lay out its tool bars anew. */
const UNSEEN_MS = 200;

/** A cell that is being run. */
interface RunningCell {
  readonly cell: vscode.NotebookCell;
  readonly executionOrder: number;
  readonly startMs: number;
  /** Follows a change of its own accord. */
  readonly inPlace: boolean;
  /** Makes VS Code show that the cell runs, and the outputs that wait for it. */
  readonly begin: () => void;
  /** Absent before, and where VS Code runs the cell for the user meanwhile, who will see the outputs of that run. */
  execution: vscode.NotebookCellExecution | undefined;
  /** Earlier outputs that new ones take the place of, so that nothing flickers while a parameter moves. */
  earlier: readonly vscode.NotebookCellOutput[];
  /** How many of them, from the first, have been replaced. */
  replaced: number;
  /** One of its outputs is a control, which shows already what the hand did to it. */
  hasControl: boolean;
  /** Outputs are appended one after another, in the order they came, after the cell has begun. */
  outputs: Promise<unknown>;
}

/** The cells of a notebook that were asked to run and have not ended. */
interface Queue {
  last: Promise<void>;
  /** Counts interrupts and ends of the kernel, so that a cell can tell whether one came after it was queued. */
  interrupts: number;
  /** Number of the cell that ran last since the kernel started. */
  executionOrder: number;
  interruptRunning: (() => void) | undefined;
}

const CONTROLLER = 'lungnb';

export class Controller implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #progress: CellProgress;
  readonly #diagnostics: CellDiagnostics;
  readonly #ending = new WeakMap<vscode.NotebookCell, Promise<void>>();
  readonly #running = new Map<string, RunningCell>();
  /** Cells that wait in VS Code's own order. */
  readonly #waiting = new Set<vscode.NotebookCell>();
  /** Cells that VS Code knows to run or wait; it allows no second execution of them. */
  readonly #executed = new Set<vscode.NotebookCell>();
  /** Cells whose outputs wait until those of others are on the screen. */
  readonly #held = new Set<vscode.NotebookCell>();
  readonly #ranCell = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** A cell of the notebook has ended. */
  readonly onDidRunCell = this.#ranCell.event;
  readonly #startedCell = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly onDidStartCell = this.#startedCell.event;
  /** Notebooks whose kernel this is. */
  readonly #chosen = new WeakSet<vscode.NotebookDocument>();
  readonly #queues = new WeakMap<vscode.NotebookDocument, Queue>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #controller: vscode.NotebookController;
  readonly #extensionId: string;

  constructor(kernels: Kernels, progress: CellProgress, diagnostics: CellDiagnostics, extensionId: string) {
    this.#extensionId = extensionId;
    this.#kernels = kernels;
    this.#progress = progress;
    this.#diagnostics = diagnostics;
    this.#controller = vscode.notebooks.createNotebookController(CONTROLLER, NOTEBOOK_TYPE, 'LungNB');
    this.#controller.supportedLanguages = [CELL_LANGUAGE];
    this.#controller.supportsExecutionOrder = true;
    this.#controller.description = 'Measures on this computer; nothing leaves it.';
    this.#controller.executeHandler = (cells, notebook) => this.#runCells(cells, notebook);
    this.#controller.interruptHandler = (notebook) => this.interrupt(notebook);
    // While a slider moves, a question would come back at each step.
    kernels.answerQuestions = async (question) =>
      this.#running.get(question.cellId ?? '')?.inPlace
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
      kernels.onOutput((notice) => this.#appendOutput(notice)),
      kernels.onProgress((notice) => {
        if (this.#running.has(notice.cellId)) progress.update(notice);
      }),
      // What waits was meant for the results that went with the kernel.
      kernels.onStopped((notebook) => {
        const queue = this.#queueOf(notebook);
        queue.interrupts++;
        queue.executionOrder = 0;
      }),
    ];
  }

  /** Cancels the running cell and those that wait behind it. */
  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    const queue = this.#queueOf(notebook);
    queue.interrupts++;
    queue.interruptRunning?.();
    try {
      await this.#kernels.get(notebook)?.interrupt();
    } catch (error) {
      if (!(error instanceof KernelEndedError)) throw error;
    }
  }

  /** Ends the notebook's kernel with whatever it runs, and starts another; resolves when no cell runs or waits any more. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    this.#kernels.stop(notebook);
    await this.#queueOf(notebook).last;
    this.#kernels.start(notebook);
  }

  /** Whether a cell of the notebook runs. */
  isRunning(notebook: vscode.NotebookDocument): boolean {
    return [...this.#running.values()].some(({ cell }) => cell.notebook === notebook);
  }

  #queueOf(notebook: vscode.NotebookDocument): Queue {
    const queue = this.#queues.get(notebook) ?? {
      last: Promise.resolve(),
      interrupts: 0,
      executionOrder: 0,
      interruptRunning: undefined,
    };
    this.#queues.set(notebook, queue);
    return queue;
  }

  /** Runs cells whose outputs are replaced one by one instead of cleared at first; none is begun any more once `isOver`. */
  async runInPlace(
    cells: readonly vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    // VS Code chooses a notebook's kernel when its user first runs a cell; here an output was moved before.
    if (cells.length && !this.#chosen.has(notebook))
      await vscode.commands.executeCommand('notebook.selectKernel', { id: CONTROLLER, extension: this.#extensionId });
    const queue = this.#queueOf(notebook);
    const { interrupts } = queue;
    const shown: (Promise<void> | undefined)[] = [];
    let allShown = () => {};
    const others = new Promise<void>((resolve) => {
      allShown = resolve;
    });
    for (const cell of cells)
      queue.last = queue.last.then(async () => {
        // One that the user has asked for meanwhile will run in its turn; one that was deleted will not.
        if (queue.interrupts !== interrupts || this.#waiting.has(cell) || cell.index < 0 || isOver()) return;
        await this.#ending.get(cell);
        await this.#runCell(cell, queue, others);
        if (!this.#held.has(cell)) shown.push(this.#ending.get(cell));
      });
    await queue.last;
    await Promise.all(shown).finally(allShown);
    await Promise.all(cells.map((cell) => this.#ending.get(cell)));
  }

  #runCells(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const queue = this.#queueOf(notebook);
    const { interrupts } = queue;
    for (const cell of cells) {
      const execution = this.#execute(cell);
      this.#waiting.add(cell);
      queue.last = queue.last.then(async () => {
        this.#waiting.delete(cell);
        if (queue.interrupts === interrupts) return this.#runCell(cell, queue, execution);
        execution.start();
        this.#executed.delete(cell);
        execution.end(undefined);
      });
    }
    return queue.last;
  }

  #execute(cell: vscode.NotebookCell): vscode.NotebookCellExecution {
    const execution = this.#controller.createNotebookCellExecution(cell);
    this.#executed.add(cell);
    return execution;
  }

  /** Runs a cell by VS Code's execution of it, or else in place before the `others` of a change are on the screen. */
  async #runCell(
    cell: vscode.NotebookCell,
    queue: Queue,
    how: vscode.NotebookCellExecution | Promise<void>,
  ): Promise<void> {
    const cellId = cell.document.uri.toString();
    const inPlace = how instanceof Promise;
    const running = this.#newRunning(cell, ++queue.executionOrder, inPlace ? undefined : how);
    this.#running.set(cellId, running);
    this.#diagnostics.clear(cell.document);
    const unseen = inPlace ? setTimeout(running.begin, UNSEEN_MS) : undefined;
    const interrupted = new Promise<RunCellResult>((resolve) => {
      queue.interruptRunning = () => setTimeout(() => resolve({ status: 'cancelled' }), INTERRUPT_MS);
    });
    const result = await Promise.race([this.#askKernel(cell, cellId), interrupted]);
    const endMs = Date.now();
    queue.interruptRunning = undefined;
    clearTimeout(unseen);
    if (result.problem) {
      const { problem } = result;
      this.#show(running, problemOutput(problem));
      this.#diagnostics.show(cell.document, problem);
    }
    this.#running.delete(cellId);
    this.#progress.finish(cellId);
    // What the hand moved is on the screen; what follows from it goes first.
    if (inPlace && running.hasControl) {
      this.#held.add(cell);
      void how.then(() => {
        this.#held.delete(cell);
        running.begin();
      });
    } else running.begin();
    const ending = this.#end(running, result, endMs);
    this.#ending.set(cell, ending);
    // While one cell's output is drawn in its place, the kernel runs the next cell.
    if (!inPlace) await ending;
  }

  /** Begun at once where there is an execution. */
  #newRunning(
    cell: vscode.NotebookCell,
    executionOrder: number,
    execution: vscode.NotebookCellExecution | undefined,
  ): RunningCell {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const running: RunningCell = {
      cell,
      executionOrder,
      startMs: Date.now(),
      inPlace: execution === undefined,
      begin,
      execution,
      earlier: [],
      replaced: 0,
      hasControl: false,
      outputs: begun.then(() => this.#begin(running, execution === undefined)),
    };
    if (execution) begin();
    return running;
  }

  async #begin(running: RunningCell, inPlace: boolean): Promise<void> {
    const { cell } = running;
    if (inPlace && !this.#executed.has(cell) && cell.index >= 0) running.execution = this.#execute(cell);
    const { execution } = running;
    if (!execution) return;
    execution.executionOrder = running.executionOrder;
    execution.start(running.startMs);
    this.#startedCell.fire(cell.notebook);
    // VS Code leaves the place of an error blank when a picture takes it.
    if (inPlace && !cell.outputs.some(isProblem)) running.earlier = [...cell.outputs];
    else await execution.clearOutput();
  }

  /** Resolves when VS Code has taken all outputs of a run. */
  async #end(running: RunningCell, result: RunCellResult, endMs: number): Promise<void> {
    await running.outputs;
    const { cell, execution } = running;
    if (execution) {
      if (running.replaced < running.earlier.length)
        await execution.replaceOutput(cell.outputs.slice(0, running.replaced).map(anew));
      this.#executed.delete(cell);
      execution.end(result.status === 'cancelled' ? undefined : result.status === 'done', endMs);
    }
    this.#ranCell.fire(cell.notebook);
  }

  async #askKernel(cell: vscode.NotebookCell, cellId: string): Promise<RunCellResult> {
    try {
      const kernel = this.#kernels.start(cell.notebook);
      return await kernel.runCell({ cellId, source: sourceOf(cell.document), cells: cellsOf(cell.notebook) });
    } catch (error) {
      if (error instanceof KernelEndedError)
        return {
          status: 'failed',
          problem: { code: 'kernel-ended', message: `${error.message} Run the cells again.` },
        };
      // What a bug says may hold anything, and the folders of this computer: the log has it, and the notebook does not.
      this.#kernels.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const message =
        'Something went wrong inside LungNB. This is a bug; please report it with what the log says (Output: LungNB Kernel).';
      return { status: 'failed', problem: { code: 'internal', message } };
    }
  }

  #appendOutput({ cellId, view, text }: OutputNotice): void {
    const running = this.#running.get(cellId);
    if (!running) return;
    this.#show(running, viewOutput(view, text), view.type === 'control');
  }

  /** Puts an output in the place of an earlier one, or behind the others; a problem takes the place of all that are left. */
  #show(running: RunningCell, output: vscode.NotebookCellOutput, isControl = false): void {
    if (isControl) running.hasControl = true;
    else running.begin();
    running.outputs = running.outputs.then(() => {
      const { cell, execution, earlier, replaced } = running;
      const place = earlier[replaced];
      const endsThem = place !== undefined && isProblem(output);
      running.replaced = endsThem ? earlier.length : replaced + (place ? 1 : 0);
      if (endsThem) return execution?.replaceOutput([...cell.outputs.slice(0, replaced).map(anew), output]);
      return place ? execution?.replaceOutputItems(output.items, place) : execution?.appendOutput(output);
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** VS Code leaves an output blank that keeps its identity while those before it go. */
function anew({ items, metadata }: vscode.NotebookCellOutput): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([...items], metadata);
}
