/**
 * The threads that read and measure CTs, each one CT at a time: while the networks have one of a CT’s stages, others read,
 * resample and draw theirs. All share one thread for the networks. Threads start when they are first needed, and end
 * with the kernel.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { reasonOf } from '../base/plainErrors.ts';
import type { Task } from '../base/task.ts';
import { received } from '../base/thrownAcross.ts';
import { UserError } from '../base/userError.ts';
import { endNetworkThread, startNetworkThread } from '../inference/networkThread.ts';
import type { Evicted, FromWorker, ImageJobName, ImageJobs, ImageLane, ToWorker } from './imageWorker.ts';

export interface ImageLanes {
  /** `of` names the CT that a job is about: its thread is the one that was last asked about it. */
  run<N extends ImageJobName>(
    name: N,
    request: ImageJobs[N]['request'],
    task: Task,
    of?: string,
  ): Promise<ImageJobs[N]['reply']>;
  close(): Promise<void>;
}

/** What a job needs, and its thread has put aside. */
export class EvictedError extends Error {
  readonly what: Evicted;

  constructor(what: Evicted) {
    super(`the image worker puts aside what is needed: ${what}`);
    this.what = what;
  }
}

/** More CTs than all threads have in memory; of others it does not matter where they were. */
const HOMES_KNOWN = 64;

export function createLanes(most: number, lane: ImageLane): ImageLanes {
  const networks = createNetworks();
  const lanes: Lane[] = [];
  /** Where the CTs are that were asked about last. */
  const homes = new Map<string, Lane>();

  /**
   * One that has nothing to do, or else a new one; where there may be no more, the one with the least to do. Of several,
   * the one that was not asked for longest: what others have in memory may be about to be measured.
   */
  const freest = (): Lane => {
    const least = lanes.toSorted((one, other) => one.waiting() - other.waiting())[0];
    if (least && (least.waiting() === 0 || lanes.length >= most)) return least;
    const started = createLane(networks, lane);
    lanes.push(started);
    return started;
  };
  const settle = (of: string, home: Lane): void => {
    homes.delete(of);
    homes.set(of, home);
    for (const oldest of homes.keys()) {
      if (homes.size <= HOMES_KNOWN) break;
      homes.delete(oldest);
    }
  };

  return {
    async run(name, request, task, of) {
      const home = (of === undefined ? undefined : homes.get(of)) ?? freest();
      if (of !== undefined) settle(of, home);
      // The order of the lanes is that of their last jobs.
      lanes.push(...lanes.splice(lanes.indexOf(home), 1));
      const reply = await home.run(name, request, task);
      if (of === undefined && 'sha256' in reply!) settle(reply.sha256, home);
      return reply;
    },
    async close() {
      await Promise.all(lanes.map((each) => each.close()));
      await networks.close();
    },
  };
}

interface Networks {
  /** Starts the thread where there is none, and has `worker` told of a port to it. */
  connect(worker: Worker): void;
  close(): Promise<void>;
}

function createNetworks(): Networks {
  let thread: Worker | undefined;
  let connected: Worker[] = [];
  const start = (): Worker => {
    const started = startNetworkThread();
    const fail = () => {
      if (thread !== started) return;
      thread = undefined;
      // What they had opened there is gone: they end, and the next job starts anew.
      for (const worker of connected) void worker.terminate();
      connected = [];
    };
    started.on('error', fail);
    started.on('exit', fail);
    started.unref();
    return started;
  };
  return {
    connect(worker) {
      thread ??= start();
      const { port1, port2 } = new MessageChannel();
      connected.push(worker);
      thread.postMessage(port1, [port1]);
      worker.postMessage({ type: 'networks', port: port2 } satisfies ToWorker, [port2]);
    },
    async close() {
      const ending = thread;
      thread = undefined;
      if (ending) await endNetworkThread(ending);
    },
  };
}

interface Lane {
  /** Jobs that are not done. */
  waiting(): number;
  run<N extends ImageJobName>(name: N, request: ImageJobs[N]['request'], task: Task): Promise<ImageJobs[N]['reply']>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: unknown) => void;
}

function createLane(networks: Networks, lane: ImageLane): Lane {
  let worker: Worker | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const start = (): Worker => {
    const started = new Worker(workerFile(), { workerData: lane });
    networks.connect(started);
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
    else job.reject(message.type === 'evicted' ? new EvictedError(message.what) : received(message.error));
  };

  return {
    waiting: () => waiting.size,
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

/** The worker's file lies beside this one, as TypeScript in the source tree and as JavaScript in the bundle. */
function workerFile(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`./imageWorker${extension}`, import.meta.url));
}
