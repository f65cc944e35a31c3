/** Runs a clean-up however the process ends, but for being killed outright. */

/** Signals that end a process unless somebody listens: a closed terminal or window, a computer that is shut down. */
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** `cleanUp` is synchronous, and may run where there is nothing left to do. */
export function atEnd(cleanUp: () => void): void {
  process.once('exit', cleanUp);
  for (const signal of SIGNALS) {
    // Somebody who listens decides what the signal means, as the command line does of Ctrl+C.
    if (process.listenerCount(signal) > 0) continue;
    process.once(signal, () => {
      cleanUp();
      // Nobody listens any more: the process ends as it would have, and whoever started it learns by what.
      process.kill(process.pid, signal);
    });
  }
}
