/** Computations that hold the kernel's only thread until they are done, and end nevertheless when the user interrupts. */
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const WORK = Symbol.for('lungnb.interruptible');
const CALL = new Script(`globalThis[Symbol.for('lungnb.interruptible')]()`);
/** Node's code for a computation that a signal ended. */
const INTERRUPTED = 'ERR_SCRIPT_EXECUTION_INTERRUPTED';

/**
 * What `work` gives, or a promise of it. SIGINT ends it wherever it is, up to its first `await`, with an error that
 * {@link isInterrupted} tells; so `work` may only compute, and leaves nothing half-written. No handler of the process for
 * SIGINT is called meanwhile. Threads hear no signals: in one, nothing ends it.
 */
export function interruptible<T>(work: () => T): T {
  if (!isMainThread) return work();
  // SAFETY: the symbol is ours, and nothing else of the global object is touched.
  const call = globalThis as unknown as Record<symbol, unknown>;
  call[WORK] = work;
  try {
    // SAFETY: the script calls `work` and gives what it gave.
    return CALL.runInThisContext({ breakOnSigint: true }) as T;
  } finally {
    delete call[WORK];
  }
}

export function isInterrupted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === INTERRUPTED;
}
