/**
 * Measures CTs by jobs that share the cache: submits what the cache lacks, watches, submits anew what was lost with a
 * computer, and tells why the rest was not measured. A job that an earlier kernel has left running is taken up.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { concurrently } from '../base/concurrently.ts';
import { counted } from '../base/counted.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Measuring } from '../lungs/means.ts';
import type { CtToMeasure, Engine } from '../values/engine.ts';
import { isMeasured } from '../values/measuredSeries.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';

import type { ActiveState, BatchSystem, Ended } from './batchSystem.ts';
import { type CtResult, forgetResults, resultsOf } from './ctResult.ts';
import { partOf } from './shard.ts';
import { finalReason } from './verdict.ts';
import { openWork, type Work } from './work.ts';

export interface JobEngineOptions {
  readonly system: BatchSystem;
  readonly cacheFolder: string;
  readonly cacheFrom: readonly string[];
  readonly modelFolders: readonly string[];
  readonly measurements: MeasurementStore;
  /** At most so many tasks in one job. */
  readonly tasksAtMost: number;
  /** Ends the cell as soon as the job is submitted. */
  readonly noWait: boolean;
}

/** Between two looks: soon at first, and never so often that the system's controller would feel it. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A look at a large cohort, or through a busy controller, takes long itself, and the next one waits the longer. */
const PAUSE_PER_LOOK = 20;
/** Share of the CTs under way. */
const STEP_WORTH_LOOKING = 0.05;
/** Of each, the time of change of all its files is asked for. */
const CTS_AT_ONCE = 8;
const CTS_PER_MESSAGE = 200;
/** A network file system may show a file so much later to another computer. */
const SEEN_LATE_MS = 3_000;

export function createJobEngine(options: JobEngineOptions): Engine {
  const { system, measurements, cacheFolder, cacheFrom, modelFolders } = options;
  return {
    async measureAhead(all, meansOf, task) {
      const cts = all.filter((ct) => hasMeans(ct, meansOf));
      const there = await concurrently(cts, CTS_AT_ONCE, task.signal, async (ct, n) => {
        if (n % CTS_PER_MESSAGE === 0)
          task.progress(0, `looking which of ${counted(cts.length, 'CT')} are measured: ${n}`);
        return isMeasured(ct.series, meansOf(ct), measurements);
      });
      const lacking = there.flatMap((isThere, place) => (isThere ? [] : [place]));
      if (lacking.length === 0) return new Map();
      const tasks = Math.min(cts.length, options.tasksAtMost, (await system.mostTasks()) ?? options.tasksAtMost);
      const work = await openWork({ cts, meansOf, modelFolders, cacheFolder, cacheFrom, tasks });
      const state = createState(lacking, cts, work.files.tasks);
      try {
        const run = { work, state, system, task };
        await begin(run);
        if (options.noWait) throw submitted(system, work, lacking.length);
        await untilSettled(run);
      } catch (error) {
        // Who stops the cell stops its jobs; a kernel that ends leaves them to the next one.
        if (task.signal.aborted) await Promise.all(work.jobs().map((job) => system.cancel(job)));
        throw error;
      }
      return reasons(state, cts, meansOf, measurements);
    },
  };
}

/** Who asks tells why a CT has nothing that could measure it. */
function hasMeans(ct: CtToMeasure, meansOf: (ct: CtToMeasure) => Measuring): boolean {
  try {
    meansOf(ct);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

interface Run {
  readonly work: Work;
  readonly state: State;
  readonly system: BatchSystem;
  readonly task: Task;
}

/** What is known of the CTs that the cache lacked, by their places in the list. */
interface State {
  readonly lacking: readonly number[];
  readonly parts: number;
  readonly results: Map<number, CtResult>;
  readonly failed: Map<number, UserError>;
  /** Of each part, how often it was submitted by this kernel. */
  readonly attempts: Map<number, number>;
  /** CTs that are neither measured nor given up. */
  open(): number[];
  nameOf(place: number): string;
}

function createState(lacking: readonly number[], cts: readonly CtToMeasure[], parts: number): State {
  const results = new Map<number, CtResult>();
  const failed = new Map<number, UserError>();
  return {
    lacking,
    parts,
    results,
    failed,
    attempts: new Map(),
    open: () =>
      lacking.filter((place) => {
        const state = results.get(place)?.state;
        return state !== 'measured' && state !== 'kept' && !failed.has(place);
      }),
    nameOf: (place) => cts[place]!.patient,
  };
}

/** Submits what no earlier job is at work on. */
async function begin(run: Run): Promise<void> {
  const active = (await activeTasks(run)) ?? new Map();
  await submit(
    run,
    partsOf(run.state.open(), run.state).filter((part) => !active.has(part)),
  );
}

async function submit(
  { work, state, system }: Run,
  parts: readonly number[],
  avoid: readonly string[] = [],
): Promise<void> {
  if (parts.length === 0) return;
  const asked = new Set(parts);
  const again = state.open().filter((place) => asked.has(partOf(place, state.parts)));
  await forgetResults(work.files.results, again);
  for (const place of again) state.results.delete(place);
  await work.add(await system.submit(work.files, parts, avoid));
  for (const part of parts) state.attempts.set(part, (state.attempts.get(part) ?? 0) + 1);
}

async function untilSettled(run: Run): Promise<void> {
  const { state, task } = run;
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    const start = performance.now();
    const active = await activeTasks(run);
    const before = state.open().length;
    await takeResults(run);
    // The look alone: what is submitted again waits for other reasons.
    const least = (performance.now() - start) * PAUSE_PER_LOOK;
    if (active) await judge(run, active);
    if (state.open().length === 0) return;
    tell(run, active);
    pause = nextPause(pause, (before - state.open().length) / before);
    await wait(Math.max(pause, Math.min(least, LONGEST_PAUSE_MS)), undefined, { signal: task.signal });
  }
}

/** After a step that is worth looking for, the next may be near; of many CTs one is always just done. */
export function nextPause(pauseMs: number, done: number): number {
  return done >= STEP_WORTH_LOOKING ? FIRST_PAUSE_MS : Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
}

async function takeResults({ work, state }: Run): Promise<void> {
  const unknown = state.lacking.filter((place) => !state.results.has(place));
  for (const [place, result] of await resultsOf(work.files.results, unknown)) {
    state.results.set(place, result);
    if (result.state === 'failed')
      state.failed.set(place, new UserError(result.code ?? 'job-failed', result.message ?? ''));
  }
}

/** Of parts that nobody works on any more: tries again, or gives up with the reason. */
async function judge(run: Run, active: ReadonlyMap<number, ActiveState>): Promise<void> {
  const { work, state, system, task } = run;
  const isGone = (part: number) => !active.has(part);
  if (!partsOf(state.open(), state).some(isGone)) return;
  await wait(SEEN_LATE_MS, undefined, { signal: task.signal });
  await takeResults(run);
  const open = byPart(state.open(), state);
  const all = byPart(state.lacking, state);
  const gone = [...open.keys()].filter(isGone).sort((one, other) => one - other);
  const ended = new Map<number, Ended>();
  for (const job of work.jobs()) for (const [part, how] of await system.ended(job, gone)) ended.set(part, how);
  const again: number[] = [];
  for (const part of gone) {
    const left = open.get(part)!;
    const attempt = { attempt: state.attempts.get(part) ?? 1, gotOn: left.length < all.get(part)!.length };
    const reason = finalReason(ended.get(part) ?? { state: 'unknown to the system', how: '', node: '' }, attempt);
    if (reason === undefined) again.push(part);
    else for (const place of left) state.failed.set(place, lost(state.results.get(place)?.message ?? reason));
  }
  await submit(run, again, [...new Set(again.map((part) => ended.get(part)?.node ?? '').filter(Boolean))]);
}

function lost(reason: string): UserError {
  return new UserError('job-failed', reason);
}

function tell({ work, state, system, task }: Run, active: ReadonlyMap<number, ActiveState> | undefined): void {
  const { lacking, failed } = state;
  const open = state.open().length;
  const running = [...(active?.values() ?? [])].filter((now) => now === 'running').length;
  const where = system.name === 'Slurm' ? `Slurm job ${work.jobs().at(-1)}` : system.name;
  const now = active ? `${running} running, ${active.size - running} waiting` : 'Slurm does not answer, asking again';
  const measured = `${lacking.length - open - failed.size} of ${counted(lacking.length, 'CT')} measured`;
  const lostOnes = failed.size ? `, ${failed.size} failed` : '';
  task.progress((lacking.length - open) / lacking.length, `${where}: ${measured}, ${now}${lostOnes}`);
}

/** Tasks of all jobs that wait or run; undefined where the system does not answer. */
async function activeTasks({ work, system }: Run): Promise<Map<number, ActiveState> | undefined> {
  const all = new Map<number, ActiveState>();
  for (const job of work.jobs()) {
    const active = await system.active(job);
    if (!active) return undefined;
    for (const [part, state] of active) all.set(part, state);
  }
  return all;
}

function partsOf(places: readonly number[], state: State): number[] {
  return [...byPart(places, state).keys()].sort((one, other) => one - other);
}

/** The places of each part that has any. */
function byPart(places: readonly number[], { parts }: State): Map<number, number[]> {
  return Map.groupBy(places, (place) => partOf(place, parts));
}

/** Of the CTs that are not in the cache now, why. */
async function reasons(
  { results, failed }: State,
  cts: readonly CtToMeasure[],
  meansOf: (ct: CtToMeasure) => Measuring,
  measurements: MeasurementStore,
): Promise<Map<Series, UserError>> {
  const found = new Map<Series, UserError>();
  for (const [place, error] of failed) found.set(cts[place]!.series, error);
  for (const place of results.keys()) {
    const ct = cts[place]!;
    const isThere = () => isMeasured(ct.series, meansOf(ct), measurements);
    if (failed.has(place) || (await isThere())) continue;
    await wait(SEEN_LATE_MS);
    if (await isThere()) continue;
    found.set(
      ct.series,
      lost(
        'it was measured by a job, but its results are not in the cache here. All computers must see the cache’s folder and the CTs under the same paths.',
      ),
    );
  }
  return found;
}

function submitted(system: BatchSystem, work: Work, lacking: number): UserError {
  return new UserError(
    'jobs-submitted',
    `${system.name} has ${counted(lacking, 'CT')} to measure (job ${work.jobs().join(', ')}). Run again to see how far they are, and to go on when they are done.`,
  );
}
