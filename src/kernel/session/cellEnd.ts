/** How a cell ends before its work is done: interrupted, or by an error that nothing caught. */

export interface CellEnd {
  /** Aborted in either case, so that the work ends too. */
  readonly signal: AbortSignal;
  interrupt(): void;
  fail(error: unknown): void;
  /** What the work gives; rejects at once when the cell is to end, whatever the work still waits for. */
  before<T>(work: Promise<T>): Promise<T>;
  /** True where it was interrupted, and did not fail. */
  readonly interrupted: boolean;
}

export function createCellEnd(): CellEnd {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  let interrupted = false;
  const end = (error?: unknown) => {
    controller.abort();
    reject(error ?? controller.signal.reason);
  };
  // Nobody hears of an end where the work was done before.
  promise.catch(() => undefined);
  return {
    signal: controller.signal,
    interrupt() {
      interrupted ||= !controller.signal.aborted;
      end();
    },
    fail: end,
    before: (work) => Promise.race([work, promise]),
    get interrupted() {
      return interrupted;
    },
  };
}
