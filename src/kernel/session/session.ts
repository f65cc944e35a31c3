/** Answers what a kernel is asked about one notebook: runs its cells, keeps their results, and helps to write them. */
import '../base/plainKeys.ts';
import { isAbsolute, join } from 'node:path';
import {
  type CellText,
  type KernelOptions,
  MEASUREMENTS_FOLDER,
  type WriteAnswer,
  type WriteQuestion,
} from '../../protocol/kernelApi.ts';
import type { KernelHandlers, KernelListeners } from '../../protocol/kernelMethods.ts';
import { type Task, unattended } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { checkCells } from '../language/checker.ts';
import { parameterChange } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import { formatSource } from '../language/format.ts';
import { outlineOf } from '../language/outline.ts';
import { signatureAt } from '../language/signature.ts';
import { createImageService } from '../lungs/imageService.ts';
import type { Value } from '../values/value.ts';
import { VERBS } from '../verbs/index.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { type Here, notebookLoads } from '../writing/notebookLoads.ts';
import { createResultWriter, type Result } from '../writing/resultWriter.ts';
import { createWrittenFiles } from '../writing/writtenFiles.ts';
import { createInputs } from './inputs.ts';
import { cellSource, complete, hover, variableOf } from './languageHelp.ts';
import { createMeasurementCache } from './measurementCache.ts';
import { dependenciesOf, staleAmong } from './notebookState.ts';
import { createPatientSlices } from './patientSlices.ts';
import { createResults } from './results.ts';
import { createRunner } from './runner.ts';
import { createViewers } from './viewers.ts';

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
export interface Session extends Omit<KernelHandlers, 'initialize'> {
  /** Results by name, for the command line's --json. */
  names(): ReadonlyMap<string, Value>;
  /** Ends the running cell with an error that nothing caught; false where none runs. Earlier results stay. */
  fail(error: unknown): boolean;
  /** For what the command line writes of the notebook with these cells: whether it may be written, and its writing. */
  checkResult(result: Omit<Result, 'loads'>, cells: readonly CellText[]): Promise<void>;
  writeResult(result: Omit<Result, 'loads'>, content: string, cells: readonly CellText[]): Promise<void>;
  close(): Promise<void>;
}

/** Some 300 to 1000 CTs. */
const CACHE_LIMIT_BYTES = 20e9;

/** `now` is a clock in milliseconds. */
export function createSession(options: KernelOptions, events: SessionEvents, now: () => number = Date.now): Session {
  const selected = options.parameters[SELECTED]?.split(',').map((label) => label.trim());
  const results = createResults(selected ?? [], now);
  const inputs = createInputs(() => events.inputChanged?.(null));
  const images = createImageService();
  const measurements = createMeasurementCache(
    join(options.cacheFolder, MEASUREMENTS_FOLDER),
    options.cacheLimitBytes ?? CACHE_LIMIT_BYTES,
  );
  const viewers = createViewers({ images, measurements });
  const patientSlices = createPatientSlices({ images, measurements, keepViewer: viewers.keep });
  const resolve = (path: string) => resolvePath(path, options.notebookFolder);
  const reading = { verbs: VERBS, set: options.parameters, resolvePath: resolve };
  const loadsFrom = (here: Here) => notebookLoads(here, inputs.all(), reading);
  const writer = createResultWriter({
    notebookFolder: options.notebookFolder,
    modelFolders: options.modelFolders,
    written: createWrittenFiles(options.cacheFolder, options.notebookFile),
    ask: events.mayWrite,
  });
  const contextOf = (task: Task, here: Required<Here>, resultName: string | undefined): VerbContext => ({
    task,
    resultName,
    annotations: results.drawn(),
    options,
    images,
    measurements,
    inputs: { add: (path) => inputs.read(here.cellId, path) },
    resolvePath: resolve,
    writeFile: (name, content) =>
      writer.write(
        { writer: 'export', path: resolve(name), name, loads: loadsFrom(here), cellId: here.cellId },
        content,
        task,
      ),
    keepViewer: viewers.keep,
    keepMeasurements: patientSlices.keep,
  });
  const runner = createRunner({ results, inputs, contextOf, cacheRemarks: measurements.remarks, events });
  return {
    runCell: runner.runCell,
    interrupt: () => {
      runner.interrupt();
      return null;
    },
    slice: viewers.slice,
    patientSlices: patientSlices.open,
    neighbourSlices: viewers.neighbour,
    select: ({ patients }) => {
      results.select(patients);
      return null;
    },
    annotate: ({ drawn }) => {
      results.draw(drawn);
      return null;
    },
    changeParameter: (request) => parameterChange(request, VERBS),
    staleCells: ({ cells }) =>
      staleAmong(cells, { runs: runner.runs(), names: results.runs(), changedInputs: inputs.changed }),
    dependencies: ({ cells }) => dependenciesOf(cells, (cellId) => runner.runs().has(cellId)),
    variables: () => results.all().map(([name, { value, cellId }]) => variableOf(name, value, cellId)),
    complete: (place) => complete(place, results.values(), options),
    hover: (place) => hover(place, results.values(), results.ageMs) ?? null,
    signature: (place) => signatureAt(cellSource(place), place.offset, VERBS) ?? null,
    outline: ({ cells }) => outlineOf(cells, VERBS),
    format: (source) => formatSource(source, VERBS),
    check: ({ cells }) => ({ problems: checkCells(cells, VERBS) }),
    names: results.values,
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

/** An absolute path; relative ones start at `folder`. Throws a UserError where no file can have such a name. */
function resolvePath(path: string, folder: string): string {
  if (path.includes('\0'))
    throw new UserError('bad-path', 'This path holds a null character, which no file name has. Write it anew.');
  // Of the shell alone; a folder that is called so is a trap for whoever wants to remove it.
  if (/^~(?:$|[\\/])/.test(path))
    throw new UserError(
      'bad-path',
      `"${path}" begins with ~, which only a shell knows as your own folder. Write a path that starts at the notebook’s folder, or a whole one.`,
    );
  return isAbsolute(path) ? path : join(folder, path);
}
