/**
 * The kernel's side of the image worker: starts it when first needed, makes its jobs awaitable and cancellable, and
 * brings again what the worker has put aside to save memory, so that nobody else has to know of it.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../base/plainErrors.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { LabelMap } from '../ct/geometry/volume.ts';
import { switchTelemetryOff } from '../inference/telemetryOff.ts';
import type { Decided } from './decideSeries.ts';
import type { Decisions } from './decisions.ts';
import type { Evicted, FromWorker, ImageJobName, ImageJobs, ToWorker } from './imageWorker.ts';
import type { MeasuredMaps } from './quantification.ts';

/** A volume that was opened before, and the files to open it from once more. */
export interface OpenedVolume {
  readonly series: Series;
  readonly sha256: string;
}

/** What is asked of an opened volume, beside the volume itself. */
type OfVolume<N extends 'quantify' | 'slice' | 'air'> = Omit<ImageJobs[N]['request'], 'sha256'>;

/** How the voxels of a measured CT are to be decided. */
export interface DecideRequest {
  /** Names the voxels. */
  readonly key: string;
  readonly volume: OpenedVolume;
  readonly decisions: Decisions;
  /** Whether textures are wanted on the CT's grid. */
  readonly maps: boolean;
  /** The maps that were measured, asked for where the voxels are not in memory. */
  readonly measured: () => Promise<MeasuredMaps>;
}

/** A volume with the lobes that were found in it. */
export interface LungsOfVolume {
  readonly volume: OpenedVolume;
  readonly lobes: LabelMap;
}

/** Two CTs of one patient. */
export interface LungPair {
  readonly first: LungsOfVolume;
  readonly second: LungsOfVolume;
}

/**
 * Cancelling rejects at once with the signal's reason; the worker itself stops after its current tile. Where an opened
 * volume has been put aside it is opened again, by a UserError where its files have gone or changed.
 */
export interface ImageService {
  open(series: Series, task: Task): Promise<ImageJobs['open']['reply']>;
  quantify(volume: OpenedVolume, request: OfVolume<'quantify'>, task: Task): Promise<ImageJobs['quantify']['reply']>;
  /** These two need no volume. */
  place(request: ImageJobs['place']['request'], task: Task): Promise<ImageJobs['place']['reply']>;
  compare(request: ImageJobs['compare']['request'], task: Task): Promise<ImageJobs['compare']['reply']>;
  slice(volume: OpenedVolume, request: OfVolume<'slice'>, task: Task): Promise<ImageJobs['slice']['reply']>;
  /** Where the lungs of a CT lie that was not measured. */
  profile(volume: OpenedVolume, task: Task): Promise<ImageJobs['profile']['reply']>;
  decide(request: DecideRequest, task: Task): Promise<Decided>;
  register(pair: LungPair, task: Task): Promise<ImageJobs['register']['reply']>;
  transitions(request: ImageJobs['transitions']['request'], task: Task): Promise<ImageJobs['transitions']['reply']>;
  lesions(request: ImageJobs['lesions']['request'], task: Task): Promise<ImageJobs['lesions']['reply']>;
  moveLabels(request: ImageJobs['moveLabels']['request'], task: Task): Promise<ImageJobs['moveLabels']['reply']>;
  air(volume: OpenedVolume, request: OfVolume<'air'>, task: Task): Promise<ImageJobs['air']['reply']>;
  respond(
    pair: LungPair,
    request: Pick<ImageJobs['respond']['request'], 'registration' | 'thresholds'>,
    task: Task,
  ): Promise<ImageJobs['respond']['reply']>;
  close(): Promise<void>;
}

export function createImageService(): ImageService {
  const { run, close } = createWorker();

  /** Does a job on volumes, two at most, that may have been put aside. */
  async function onVolumes<T>(volumes: readonly OpenedVolume[], job: () => Promise<T>, task: Task): Promise<T> {
    return withoutEvicted('volume', job, async () => {
      for (const { series, sha256 } of volumes) {
        const opened = await run('open', { series, sha256 }, task);
        if (opened.sha256 !== sha256)
          throw new UserError(
            'ct-changed',
            `The files of the CT ${series.id} are not those that were loaded. Run the cell with \`load\` again.`,
          );
      }
    });
  }

  const onVolume = <T>(volume: OpenedVolume, job: () => Promise<T>, task: Task) => onVolumes([volume], job, task);
  const onPair = <T>({ first, second }: LungPair, job: () => Promise<T>, task: Task) =>
    onVolumes([first.volume, second.volume], job, task);

  async function gather({ key, volume, decisions, measured }: DecideRequest, task: Task): Promise<void> {
    const { lobes, probabilities } = await measured();
    if (decisions.emphysemaBelowHu === undefined) await run('gather', { key, lobes, probabilities }, task);
    else {
      const request = { key, lobes, probabilities, sha256: volume.sha256 };
      await onVolume(volume, () => run('gather', request, task), task);
    }
  }

  return {
    open: (series, task) => run('open', { series }, task),
    quantify: (volume, request, task) =>
      onVolume(volume, () => run('quantify', { sha256: volume.sha256, ...request }, task), task),
    place: (request, task) => run('place', request, task),
    compare: (request, task) => run('compare', request, task),
    slice: (volume, request, task) =>
      onVolume(volume, () => run('slice', { sha256: volume.sha256, ...request }, task), task),
    profile: (volume, task) => onVolume(volume, () => run('profile', { sha256: volume.sha256 }, task), task),
    decide(request, task) {
      const { key, decisions, maps } = request;
      return withoutEvicted(
        'voxels',
        () => run('decide', { key, decisions, maps }, task),
        () => gather(request, task),
      );
    },
    register: (pair, task) => onPair(pair, () => run('register', named(pair), task), task),
    transitions: (request, task) => run('transitions', request, task),
    lesions: (request, task) => run('lesions', request, task),
    moveLabels: (request, task) => run('moveLabels', request, task),
    air: (volume, request, task) =>
      onVolume(volume, () => run('air', { sha256: volume.sha256, ...request }, task), task),
    respond: (pair, request, task) => onPair(pair, () => run('respond', { ...named(pair), ...request }, task), task),
    close,
  };
}

/** Both by the digests of their volumes. */
function named({ first, second }: LungPair) {
  const of = ({ volume: { sha256 }, lobes }: LungsOfVolume) => ({ sha256, lobes });
  return { first: of(first), second: of(second) };
}

/** What others ask of the worker meanwhile may put the same aside again; this often in a row, it will not. */
const ATTEMPTS = 5;

/** What `job` gives; before it is tried again, `bring` brings what it needed and the worker has put aside. */
async function withoutEvicted<T>(what: Evicted, job: () => Promise<T>, bring: () => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await job();
    } catch (error) {
      if (!(error instanceof EvictedError) || error.what !== what || attempt === ATTEMPTS) throw error;
      await bring();
    }
}

class EvictedError extends Error {
  readonly what: Evicted;

  constructor(what: Evicted) {
    super(`the image worker puts aside what is needed: ${what}`);
    this.what = what;
  }
}

interface ImageWorker {
  run<N extends ImageJobName>(name: N, request: ImageJobs[N]['request'], task: Task): Promise<ImageJobs[N]['reply']>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: unknown) => void;
}

function createWorker(): ImageWorker {
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
    else job.reject(message.type === 'evicted' ? new EvictedError(message.what) : failure(message));
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
