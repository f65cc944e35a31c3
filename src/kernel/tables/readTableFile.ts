/** Reads a table's file in a thread of its own, which ends when it is interrupted, takes too long, or too much memory. */
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../base/plainErrors.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { unpackTable } from './packedTable.ts';
import { mostSeconds, refuseTooManyBytes, tookTooLong, tooMuchMemory } from './tableLimits.ts';
import type { TableOfFile } from './tableOfFile.ts';
import type { ReadFile, TableReply, TableRequest } from './tableWorker.ts';

/** A notebook loads its tables one soon after the other: the thread of one waits so long for the next. */
const IDLE_MS = 5000;
/** What reading a table may take of the memory: no more than the computer can spare. */
const MAX_MEMORY_MB = Math.round(Math.min(4096, (totalmem() / 1024 ** 2) * 0.6));
/** Code of Node's error where a thread has used up what it may. */
const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | undefined;

/** Throws a UserError where the file is no table or is too large, and the signal's reason as soon as it is interrupted. */
export async function readTableFile(request: TableRequest, task: Task): Promise<TableOfFile> {
  const { path } = request;
  const name = basename(path);
  const { size } = await stat(path);
  refuseTooManyBytes(size, name);
  task.signal.throwIfAborted();
  const { type: _, table, ...read } = await readInThread(request, mostSeconds(size), name, task.signal);
  return { ...read, table: unpackTable(table) };
}

function readInThread(request: TableRequest, seconds: number, name: string, signal: AbortSignal): Promise<ReadFile> {
  const worker = taken();
  return new Promise<ReadFile>((resolve, reject) => {
    const leave = () => {
      clearTimeout(patience);
      signal.removeEventListener('abort', abort);
      worker.off('message', receive).off('error', fail).off('exit', exit);
    };
    const give = (error: unknown) => {
      leave();
      end(worker);
      reject(error);
    };
    const abort = () => give(signal.reason);
    const fail = (error: Error & { code?: string }) =>
      give(failure({ code: error.code, message: reasonOf(error) }, name));
    const exit = () => give(unreadable(name, 'its thread ended'));
    const receive = (reply: TableReply) => {
      if (reply.type === 'failed' && reply.code === undefined) return give(failure(reply, name));
      leave();
      keep(worker);
      if (reply.type === 'failed') reject(new UserError(reply.code!, reply.message));
      else resolve(reply);
    };
    const patience = setTimeout(() => give(tookTooLong(seconds, name)), seconds * 1000);
    signal.addEventListener('abort', abort, { once: true });
    worker.on('message', receive).on('error', fail).on('exit', exit);
    worker.postMessage(request);
  });
}

/** What readers throw beside a UserError: they were written for good files, and this one is not. */
function failure({ code, message }: { readonly code?: string | undefined; readonly message: string }, name: string) {
  return code === OUT_OF_MEMORY ? tooMuchMemory(name, MAX_MEMORY_MB) : unreadable(name, message);
}

function unreadable(name: string, reason: string): UserError {
  return new UserError(
    'bad-table',
    `${name} cannot be read as a table: ${reason}. It is probably damaged: copy or save it again, or save it as csv.`,
  );
}

function taken(): Worker {
  const kept = idle;
  idle = undefined;
  if (!kept) return started();
  clearTimeout(kept.timer);
  kept.worker.ref();
  return kept.worker;
}

function keep(worker: Worker): void {
  if (idle) {
    end(worker);
    return;
  }
  worker.unref();
  idle = { worker, timer: setTimeout(() => end(worker), IDLE_MS).unref() };
}

function end(worker: Worker): void {
  if (idle?.worker === worker) idle = undefined;
  void worker.terminate();
}

/** The thread's file lies beside this one, as TypeScript in the source tree and as JavaScript in the bundle. */
function started(): Worker {
  const extension = extname(fileURLToPath(import.meta.url));
  const worker = new Worker(new URL(`./tableWorker${extension}`, import.meta.url), {
    // Texts of a large table live as long as it is read: a larger nursery copies them less often.
    resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB, maxYoungGenerationSizeMb: 64 },
  });
  const forget = () => {
    if (idle?.worker === worker) idle = undefined;
  };
  // Whoever waits for a table hears of its thread's end by itself; what comes between two tables is about neither.
  return worker.on('error', forget).on('exit', forget);
}
