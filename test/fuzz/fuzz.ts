/**
 * `npm run fuzz -- [COUNT] [FIRST]`: mutated inputs through the loader, in a worker that a watchdog ends when it hangs.
 * Prints what came of them, and fails on a crash, on a hang, or where memory grows far beyond the input.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { temporaryFolder } from '../unit/ct/helpers.ts';
import { attempt, type Outcome } from './attempt.ts';
import { seeds } from './seeds.ts';

/** The loader itself gives a file that cannot be decoded 15 s. */
const HANGS_AFTER_MS = 40_000;
const MAX_MB = 400;

if (isMainThread) {
  const [count = 20_000, first = 0] = process.argv.slice(2).map(Number);
  const workers = availableParallelism();
  const outcomes = await Promise.all(
    Array.from({ length: workers }, (_, n) =>
      numbersInWorker(Array.from({ length: Math.ceil((count - n) / workers) }, (_, k) => first + n + k * workers)),
    ),
  );
  process.exitCode = report(outcomes.flat());
} else if (parentPort) {
  const port = parentPort;
  const all = seeds();
  const folder = join(temporaryFolder(), 'fuzz');
  port.on('message', (number: number) => {
    void all.then((ready) => attempt(number, ready, folder)).then((outcome) => port.postMessage(outcome));
  });
}

interface Numbered extends Outcome {
  readonly number: number;
}

async function numbersInWorker(numbers: readonly number[]): Promise<Numbered[]> {
  const done: Numbered[] = [];
  let worker = new Worker(fileURLToPath(import.meta.url));
  for (const number of numbers) {
    const outcome = await withWatchdog(worker, number);
    done.push({ ...outcome, number });
    if (outcome.kind === 'hang' || outcome.kind === 'crash') {
      await worker.terminate();
      worker = new Worker(fileURLToPath(import.meta.url));
    }
    if (done.length % 1000 === 0) console.error(`${done.length} of ${numbers.length}`);
  }
  await worker.terminate();
  return done;
}

function withWatchdog(worker: Worker, number: number): Promise<Outcome> {
  const ended = (kind: string, bug?: string): Outcome => ({
    seed: '',
    kind,
    ...(bug ? { bug } : {}),
    ms: 0,
    grownMb: 0,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(ended('hang')), HANGS_AFTER_MS);
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', fail);
      resolve(outcome);
    };
    const fail = (error: unknown) => settle(ended('crash', (error as Error).stack));
    worker.on('message', settle).on('error', fail);
    worker.postMessage(number);
  });
}

function report(outcomes: readonly Numbered[]): number {
  const counts = new Map<string, number>();
  for (const { kind } of outcomes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  console.table(Object.fromEntries([...counts].sort((a, b) => b[1] - a[1])));
  const bad = outcomes.filter(({ kind, grownMb }) => kind === 'crash' || kind === 'hang' || grownMb > MAX_MB);
  for (const { number, seed, kind, bug, grownMb } of bad.slice(0, 10))
    console.error(`input ${number} (${seed}): ${kind}, ${grownMb.toFixed(0)} MB\n${bug ?? ''}`);
  const slowest = outcomes.reduce((a, b) => (b.ms > a.ms ? b : a));
  console.log(
    `${outcomes.length} inputs, ${bad.length} bad; slowest ${slowest.ms.toFixed(0)} ms (input ${slowest.number}), most growth ${Math.max(...outcomes.map((o) => o.grownMb)).toFixed(0)} MB`,
  );
  return bad.length ? 1 : 0;
}
