/** One run of a cell: from when it is asked for until VS Code has taken the last of its outputs. */
import * as vscode from 'vscode';
import type { CellRemark, OutputNotice, RunCellResult } from '../protocol/kernelApi.ts';
import { isProblem, problemOutput, viewOutput } from './outputs.ts';

/** A cell that runs in place is shown as running after this time, or with its first output: each beginning makes VS Code lay out its tool bars anew. */
const UNSEEN_MS = 200;

/** What a run asks of VS Code. */
export interface RunInVsCode {
  /** Undefined where VS Code runs the cell, or is about to, for the user meanwhile, who will see the outputs of that run. */
  execute(cell: vscode.NotebookCell): vscode.NotebookCellExecution | undefined;
  /** The cell is shown as running. */
  began(run: CellRun): void;
  /** VS Code has taken all outputs. */
  ended(run: CellRun): void;
}

export class CellRun {
  readonly cell: vscode.NotebookCell;
  readonly cellId: string;
  readonly #vsCode: RunInVsCode;
  /** Outputs take the place of earlier ones, so that nothing flickers while a parameter moves, instead of being cleared at first. */
  readonly #inPlace: boolean;
  #phase: 'waiting' | 'running' | 'ending' | 'ended' = 'waiting';
  /** What VS Code shows as running or waiting; it allows no second one of a cell. */
  #execution: vscode.NotebookCellExecution | undefined;
  #executionOrder = 0;
  #startMs = 0;
  /** Makes VS Code show that the cell runs, and the outputs that wait for it. */
  #begin = () => {};
  #unseen: NodeJS.Timeout | undefined;
  /** Outputs are appended one after another, in the order they came, after the cell has begun. */
  #outputs: Promise<unknown>;
  /** Earlier outputs that new ones take the place of. */
  #earlier: readonly vscode.NotebookCellOutput[] = [];
  /** How many of them, from the first, have been replaced. */
  #replaced = 0;
  #hasControl = false;
  #ended: Promise<void> = Promise.resolve();

  /** With VS Code's own `execution` of the cell, or else in place. */
  constructor(cell: vscode.NotebookCell, vsCode: RunInVsCode, execution?: vscode.NotebookCellExecution) {
    this.cell = cell;
    this.cellId = cell.document.uri.toString();
    this.#vsCode = vsCode;
    this.#inPlace = execution === undefined;
    this.#execution = execution;
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.#outputs = begun.then(() => this.#show());
  }

  /** Follows a change of its own accord. */
  get inPlace(): boolean {
    return this.#inPlace;
  }

  get isWaiting(): boolean {
    return this.#phase === 'waiting';
  }

  /** The kernel runs it. */
  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  /** VS Code knows it to run or wait. */
  get isExecuted(): boolean {
    return this.#execution !== undefined;
  }

  /** One of its outputs is a control, which shows already what the hand did to it. */
  get hasControl(): boolean {
    return this.#hasControl;
  }

  /** Resolves when VS Code has taken all outputs; at once where the kernel has not answered yet. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The kernel begins to run it, as the notebook's cell number `executionOrder`. */
  start(executionOrder: number): void {
    this.#phase = 'running';
    this.#executionOrder = executionOrder;
    this.#startMs = Date.now();
    if (this.#inPlace) this.#unseen = setTimeout(this.#begin, UNSEEN_MS);
    else this.#begin();
  }

  output({ view, text }: OutputNotice): void {
    if (view.type === 'control') this.#hasControl = true;
    else this.#begin();
    this.#put(viewOutput(view, text));
  }

  problem(problem: CellRemark): void {
    this.#begin();
    this.#put(problemOutput(problem));
  }

  /** The kernel has answered; where there is something to wait for, VS Code shows the outputs after it. */
  end({ status }: RunCellResult, after?: Promise<void>): void {
    const endMs = Date.now();
    this.#phase = 'ending';
    clearTimeout(this.#unseen);
    if (after) void after.then(this.#begin);
    else this.#begin();
    this.#ended = this.#outputs.then(() => this.#finish(status, endMs));
  }

  /** It was asked for, but is not to run any more. */
  giveUp(): void {
    this.#phase = 'ended';
    const execution = this.#execution;
    execution?.start();
    this.#execution = undefined;
    execution?.end(undefined);
  }

  async #show(): Promise<void> {
    const { cell } = this;
    if (this.#inPlace && cell.index >= 0) this.#execution = this.#vsCode.execute(cell);
    const execution = this.#execution;
    if (!execution) return;
    execution.executionOrder = this.#executionOrder;
    execution.start(this.#startMs);
    this.#vsCode.began(this);
    // VS Code leaves the place of an error blank when a picture takes it.
    if (this.#inPlace && !cell.outputs.some(isProblem)) this.#earlier = [...cell.outputs];
    else await execution.clearOutput();
  }

  /** In the place of an earlier output, or behind the others; a problem takes the place of all that are left. */
  #put(output: vscode.NotebookCellOutput): void {
    this.#outputs = this.#outputs.then(() => {
      const execution = this.#execution;
      const replaced = this.#replaced;
      const place = this.#earlier[replaced];
      const endsThem = place !== undefined && isProblem(output);
      this.#replaced = endsThem ? this.#earlier.length : replaced + (place ? 1 : 0);
      if (endsThem) return execution?.replaceOutput([...this.cell.outputs.slice(0, replaced).map(anew), output]);
      return place ? execution?.replaceOutputItems(output.items, place) : execution?.appendOutput(output);
    });
  }

  async #finish(status: RunCellResult['status'], endMs: number): Promise<void> {
    const execution = this.#execution;
    if (execution) {
      if (this.#replaced < this.#earlier.length)
        await execution.replaceOutput(this.cell.outputs.slice(0, this.#replaced).map(anew));
      this.#execution = undefined;
      execution.end(status === 'cancelled' ? undefined : status === 'done', endMs);
    }
    this.#phase = 'ended';
    this.#vsCode.ended(this);
  }
}

/** VS Code leaves an output blank that keeps its identity while those before it go. */
function anew({ items, metadata }: vscode.NotebookCellOutput): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([...items], metadata);
}
