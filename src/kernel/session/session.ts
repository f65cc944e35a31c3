/** Answers what a kernel is asked about one notebook: runs its cells, keeps their results, and helps to write them. */
import '../base/plainKeys.ts';
import { join } from 'node:path';
import {
  type CellText,
  type KernelOptions,
  MEASUREMENTS_FOLDER,
  type WriteAnswer,
  type WriteQuestion,
} from '../../protocol/kernelApi.ts';
import type { KernelHandlers, KernelListeners } from '../../protocol/kernelMethods.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { interruptible } from '../base/interruptible.ts';
import { type Task, unattended } from '../base/task.ts';
import { engineOf } from '../engine/engineOf.ts';
import { SELECTED } from '../language/expression.ts';
import { createImageService } from '../lungs/imageService.ts';
import type { Value } from '../values/value.ts';
import { VERBS } from '../verbs/index.ts';
import { type Here, notebookLoads } from '../writing/notebookLoads.ts';
import { createResultWriter, type Result } from '../writing/resultWriter.ts';
import { createWrittenFiles } from '../writing/writtenFiles.ts';
import { createInputs } from './inputs.ts';
import { createLongTables } from './longTables.ts';
import { createMaskEditors } from './maskEditing/maskEditors.ts';
import { createMeasurementCache } from './measurementCache.ts';
import { createNotebookAnswers } from './notebookAnswers.ts';
import { createReadings } from './readings.ts';
import { resolvePath } from './resolvePath.ts';
import { createResults } from './results.ts';
import { createRunner } from './runner.ts';
import type { ContextOf } from './runStatements.ts';
import { createShownSlices } from './shownSlices.ts';
import type { StackPlan } from './stacks/sliceStacks.ts';
import { createStatementNotes, type RanNotebook } from './statementNotes.ts';

export interface SessionEvents extends Partial<KernelListeners> {
  /** Asks the user before a file is written; without it the answer is no. */
  readonly mayWrite?: (question: WriteQuestion, signal: AbortSignal) => Promise<WriteAnswer>;
  /**
   * For the eyes of who sits there: the full names of files that a message told by patient and number, and the words of a
   * bug. Never saved, and never sent anywhere.
   */
  readonly screen?: (text: string) => void;
}

/** Everything that a kernel is asked once it has begun, and what its own process asks: it answers each request itself. */
export interface Session extends Omit<KernelHandlers, 'initialize' | 'page'> {
  /** What ran, for a page that computes. */
  ran(): RanNotebook;
  /** Results by name, for the command line's --json. */
  names(): ReadonlyMap<string, Value>;
  /** For the command line's --slices: reduced stacks of what these outputs show and lead to. */
  sliceStacks(shown: readonly ViewModel[], perCt: number, task: Task): Promise<StackPlan>;
  /** Ends the running cell with an error that nothing caught; false where none runs. Earlier results stay. */
  fail(error: unknown): boolean;
  /** For what the command line writes of the notebook with these cells: whether it may be written, and its writing. */
  checkResult(result: Omit<Result, 'loads'>, cells: readonly CellText[]): Promise<void>;
  writeResult(result: Omit<Result, 'loads'>, content: string | Uint8Array, cells: readonly CellText[]): Promise<void>;
  close(): Promise<void>;
}

function cacheOf({ cacheFolder, cacheLimitBytes = CACHE_LIMIT_BYTES, cacheFrom = [] }: KernelOptions) {
  return createMeasurementCache(join(cacheFolder, MEASUREMENTS_FOLDER), {
    limitBytes: cacheLimitBytes,
    readAlso: cacheFrom.map((folder) => join(folder, MEASUREMENTS_FOLDER)),
  });
}

function writerOf({ notebookFolder, notebookFile, modelFolders, cacheFolder }: KernelOptions, events: SessionEvents) {
  return createResultWriter({
    notebookFolder,
    modelFolders,
    written: createWrittenFiles(cacheFolder, notebookFile),
    ask: events.mayWrite,
  });
}

/** Some 300 to 1000 CTs. */
const CACHE_LIMIT_BYTES = 20e9;

/** `now` is a clock in milliseconds. */
export function createSession(options: KernelOptions, events: SessionEvents, now: () => number = Date.now): Session {
  const selected = options.parameters[SELECTED]?.split(',').map((label) => label.trim());
  const results = createResults(selected ?? [], now);
  const inputs = createInputs(() => events.inputChanged?.(null));
  const images = createImageService();
  const measurements = cacheOf(options);
  const engine = engineOf(options, measurements);
  const longTables = createLongTables();
  const { viewers, keepViewer, patientSlices, stacks } = createShownSlices({ images, measurements });
  const resolve = (path: string) => resolvePath(path, options.notebookFolder);
  const reading = { verbs: VERBS, set: options.parameters, resolvePath: resolve };
  const loadsFrom = (here: Here) => notebookLoads(here, inputs.all(), reading);
  const writer = writerOf(options, events);
  const readings = createReadings({ images, measurements, keepViewer: viewers.keep });
  const contextOf: ContextOf = (task, here, own) => ({
    ...own,
    task,
    annotations: results.drawn(),
    options,
    images,
    measurements,
    engine,
    inputs: { add: (path) => inputs.read(here.cellId, path) },
    resolvePath: resolve,
    now,
    writeFile: (name, content, group) =>
      writer.write(
        {
          writer: 'export',
          path: resolve(name),
          name,
          loads: loadsFrom(here),
          cellId: here.cellId,
          ...(group && { group }),
        },
        content,
        task,
      ),
    keepViewer,
    keepMeasurements: patientSlices.keep,
    keepPairs: patientSlices.keepPairs,
    keepReading: readings.keep,
  });
  const notes = createStatementNotes();
  const runner = createRunner(
    notes.noted({
      verbs: VERBS,
      compute: interruptible,
      results,
      inputs,
      contextOf,
      cacheRemarks: measurements.remarks,
      shortened: longTables.shortened,
      events,
    }),
  );
  return {
    ...createNotebookAnswers({ results, inputs, runner, options, resolvePath: resolve }),
    runCell: runner.runCell,
    interrupt: () => {
      runner.interrupt();
      return null;
    },
    slice: viewers.slice,
    patientSlices: patientSlices.open,
    tableRows: longTables.rows,
    neighbourSlices: viewers.neighbour,
    ...createMaskEditors({ images, sourceOf: viewers.source, options, ask: events.mayWrite }),
    reading: readings.prepared,
    readingCase: readings.slices,
    select: ({ patients }) => {
      results.select(patients);
      return null;
    },
    annotate: ({ drawn }) => {
      results.draw(drawn);
      return null;
    },
    ran: () => notes.ran(results, options.parameters),
    names: results.values,
    sliceStacks: stacks.plan,
    fail: runner.fail,
    checkResult: (result, cells) => writer.check({ ...result, loads: loadsFrom({ cells }) }, unattended),
    writeResult: (result, content, cells) =>
      writer.write({ ...result, loads: loadsFrom({ cells }) }, content, unattended),
    async close() {
      inputs.close();
      await images.close();
    },
  };
}
