/** A mutant may go round for ever, which no test's own time limit can stop: this ends its process, and so is noticed. */
import { Worker } from 'node:worker_threads';

/** The tests of one file take seconds. */
const LONGEST_MS = 30_000;

new Worker(`setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${LONGEST_MS})`, { eval: true }).unref();
