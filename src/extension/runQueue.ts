/** The cells of a notebook that were asked to run: one after another, until the user interrupts or the kernel ends. */
import type { RunCellResult } from '../protocol/kernelApi.ts';

/** An interrupted cell ends after this time at the latest, even while the kernel is still finishing a step. */
const INTERRUPT_MS = 800;

export class RunQueue {
  #last: Promise<void> = Promise.resolve();
  /** Counts interrupts and ends of the kernel, so that a cell can tell whether one came after it was queued. */
  #interrupts = 0;
  /** Number of the cell that ran last since the kernel started. */
  #executionOrder = 0;
  #interruptRunning: (() => void) | undefined;

  /** Resolves when no cell runs or waits any more. */
  get last(): Promise<void> {
    return this.#last;
  }

  nextExecutionOrder(): number {
    return ++this.#executionOrder;
  }

  /** Does the work when all before it is done, and tells it whether there was an interrupt since it was asked for. */
  add(work: (isInterrupted: boolean) => Promise<void>): void {
    const interrupts = this.#interrupts;
    this.#last = this.#last.then(() => work(this.#interrupts !== interrupts));
  }

  /** What the kernel answers to the cell that runs, or that it was cancelled. */
  async untilInterrupted(answer: Promise<RunCellResult>): Promise<RunCellResult> {
    const interrupted = new Promise<RunCellResult>((resolve) => {
      this.#interruptRunning = () => setTimeout(() => resolve({ status: 'cancelled' }), INTERRUPT_MS);
    });
    const result = await Promise.race([answer, interrupted]);
    this.#interruptRunning = undefined;
    return result;
  }

  interrupt(): void {
    this.#interrupts++;
    this.#interruptRunning?.();
  }

  /** What waits was meant for the results that went with the kernel. */
  kernelEnded(): void {
    this.#interrupts++;
    this.#executionOrder = 0;
  }
}
