/** The kernel's side of the image worker: starts it when first needed, and makes its jobs awaitable and cancellable. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../base/plainErrors.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { switchTelemetryOff } from '../inference/telemetryOff.ts';
import type { FromWorker, ImageJobName, ImageJobs, ToWorker } from './imageWorker.ts';

export interface ImageService {
  /** Cancelling rejects at once with the signal's reason; the worker itself stops after its current tile. */
  run<N extends ImageJobName>(name: N, request: ImageJobs[N]['request'], task: Task): Promise<ImageJobs[N]['reply']>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: unknown) => void;
}

export function createImageService(): ImageService {
  let worker: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const start = (): Worker => {
    switchTelemetryOff();
    const started = new Worker(workerFile());
    started.on('message', (message: FromWorker) => receive(message));
    const fail = (error: Error) => {
      // An error is followed by the exit, when the next worker may be at work already.
      if (worker !== started) return;
      worker = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('error', (error) => fail(endedError(reasonOf(error))));
    started.on('exit', (code) => fail(endedError(`code ${code}`)));
    started.unref();
    return started;
  };

  const receive = (message: FromWorker): void => {
    const job = waiting.get(message.id);
    if (!job) return;
    if (message.type === 'progress') {
      job.task.progress(message.fraction, message.message);
      return;
    }
    waiting.delete(message.id);
    if (waiting.size === 0) worker?.unref();
    // SAFETY: the reply's type belongs to the job that `run` started under this id.
    if (message.type === 'done') job.resolve(message.reply as never);
    else job.reject(failure(message));
  };

  return {
    run(name, request, task) {
      task.signal.throwIfAborted();
      worker ??= start();
      const running = worker;
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        const abort = () => {
          running.postMessage({ type: 'abort', id } satisfies ToWorker);
          waiting.delete(id);
          reject(task.signal.reason);
        };
        task.signal.addEventListener('abort', abort, { once: true });
        const settle =
          <T>(then: (value: T) => void) =>
          (value: T) => {
            task.signal.removeEventListener('abort', abort);
            then(value);
          };
        waiting.set(id, { task, resolve: settle(resolve), reject: settle(reject) });
        running.ref();
        running.postMessage({ type: 'job', id, name, request } satisfies ToWorker);
      });
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

/** Whatever ends a thread, the kernel and its results stay, and the next job starts a new one. */
function endedError(reason: string): UserError {
  return new UserError(
    'images-ended',
    `The part of LungNB that reads and measures CTs ended unexpectedly (${reason}). Earlier results are kept. Run the cell again; if it ends again, close other programs to free memory, or leave out the CT that it was reading.`,
  );
}

function failure({ code, name, message, stack }: Extract<FromWorker, { type: 'failed' }>): Error {
  if (code !== undefined) return new UserError(code, message);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** The worker's file lies beside this one, as TypeScript in the source tree and as JavaScript in the bundle. */
function workerFile(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`./imageWorker${extension}`, import.meta.url));
}
