/** Runs the cells of one notebook: keeps the names, shows results, reports progress, and can be interrupted. */
import { isAbsolute, join } from 'node:path';
import {
  type CellDependencies,
  type CellOutline,
  type CellProblem,
  type ChangeParameter,
  type Completions,
  type Hover,
  type KernelOptions,
  MEASUREMENTS_FOLDER,
  type OutputNotice,
  type ParameterChange,
  type PatientSlicesReply,
  type PatientSlicesRequest,
  type PlaceInCell,
  type ProgressNotice,
  type RunCellParameters,
  type RunCellResult,
  type SelectPatients,
  type Signature,
  type SliceReply,
  type SliceRequest,
  type StaleCell,
  type Variable,
} from '../../protocol/kernelApi.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { checkCells, type FoundProblem, numberOf, twiceDefinedMessage } from '../language/checker.ts';
import { namesOf, parameterChange } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import { formatCell } from '../language/format.ts';
import type { Statement } from '../language/nodes.ts';
import { outlineOf } from '../language/outline.ts';
import { parse, type SourceCell } from '../language/parser.ts';
import { signatureAt } from '../language/signature.ts';
import { type Extent, toSourceSpan } from '../language/spans.ts';
import { createImageService } from '../lungs/imageService.ts';
import type { Scalar, Value } from '../values/value.ts';
import { VERBS } from '../verbs/index.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { plainText } from '../views/plainText.ts';
import { createInputs } from './inputs.ts';
import { complete, hover, sourceOf, variableOf } from './languageHelp.ts';
import { createMeasurementCache } from './measurementCache.ts';
import { createPatientSlices } from './patientSlices.ts';
import { type CellRun, staleCells, textOf } from './staleness.ts';
import { createViewers } from './viewers.ts';

export interface SessionEvents {
  readonly progress: (notice: ProgressNotice) => void;
  readonly output: (notice: OutputNotice) => void;
  /** A file or folder that a cell read has changed. */
  readonly inputChanged?: () => void;
}

export interface Session {
  runCell(cell: RunCellParameters): Promise<RunCellResult>;
  /** Cancels the running cell, if any. */
  interrupt(): void;
  slice(request: SliceRequest): Promise<SliceReply>;
  /** The slices of a patient of a figure. */
  patientSlices(request: PatientSlicesRequest): Promise<PatientSlicesReply>;
  /** Says which patients are selected in the notebook's outputs. */
  select(selection: SelectPatients): void;
  /** How a parameter's new value is written into its cell. */
  changeParameter(request: ChangeParameter): ParameterChange;
  /** Cells whose results are out of date, in the order in which they are to run. */
  staleCells(cells: readonly SourceCell[]): StaleCell[];
  /** Which cell uses which result of which other. */
  dependencies(cells: readonly SourceCell[]): CellDependencies[];
  /** What the names stand for now. */
  variables(): Variable[];
  complete(place: PlaceInCell): Completions;
  hover(place: PlaceInCell): Hover | undefined;
  signature(place: PlaceInCell): Signature | undefined;
  /** What the cells' texts consist of. */
  outline(cells: readonly SourceCell[]): CellOutline[];
  /** A cell's text in the usual layout. */
  format(source: string): string;
  check(cells: readonly SourceCell[]): FoundProblem[];
  /** Results by name, for the command line's --json. */
  names(): ReadonlyMap<string, Value>;
  close(): Promise<void>;
}

/** Some 300 to 1000 CTs. */
const CACHE_LIMIT_BYTES = 20e9;

interface NamedResult {
  readonly value: Value;
  readonly cellId: string;
  /** Number of the run that made it. */
  readonly run: number;
  /** When, in milliseconds of the clock. */
  readonly madeAtMs: number;
}

/** `now` is a clock in milliseconds. */
export function createSession(options: KernelOptions, events: SessionEvents, now: () => number = Date.now): Session {
  const results = new Map<string, NamedResult>();
  const images = createImageService();
  const measurements = createMeasurementCache(
    join(options.cacheFolder, MEASUREMENTS_FOLDER),
    options.cacheLimitBytes ?? CACHE_LIMIT_BYTES,
  );
  const viewers = createViewers(images);
  const patientSlices = createPatientSlices({ images, measurements, keepViewer: viewers.keep });
  const inputs = createInputs(() => events.inputChanged?.());
  const runs = new Map<string, CellRun>();
  let runCount = 0;
  let selected: ReadonlySet<string> = new Set(options.parameters[SELECTED]?.split(',').map((label) => label.trim()));
  /** Changes with the selection as a name's run does with its value. */
  let selectionRun = 0;
  let running: AbortController | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const contextOf = (task: Task, cellId: string, resultName: string | undefined): VerbContext => ({
    task,
    resultName,
    options,
    images,
    measurements,
    inputs: { add: (path) => inputs.read(cellId, path), has: inputs.has },
    resolvePath: (path) => resolvePath(path, options.notebookFolder),
    keepViewer: viewers.keep,
    keepMeasurements: patientSlices.keep,
  });

  async function run(cell: RunCellParameters): Promise<RunCellResult> {
    const { cellId, source } = cell;
    const controller = new AbortController();
    running = controller;
    runCount++;
    runs.set(cellId, {
      text: textOf(source),
      used: new Map([...results].map(([name, { run }]) => [name, run] as const)).set(SELECTED, selectionRun),
    });
    inputs.forget(cellId);
    const task: Task = {
      signal: controller.signal,
      progress: (fraction, message) => events.progress({ cellId, fraction, message }),
    };
    try {
      const statements = parse(source, VERBS, new Set(Object.keys(parameters())));
      const said = new Set<string>();
      for (const [n, statement] of statements.entries()) {
        controller.signal.throwIfAborted();
        const part = subtask(task, n / statements.length, (n + 1) / statements.length);
        await runStatement(statement, cell, part, n === statements.length - 1, said);
      }
      return { status: 'done' };
    } catch (error) {
      if (controller.signal.aborted) return { status: 'cancelled' };
      return { status: 'failed', problem: knownToCheck(problemOf(error), cell) };
    } finally {
      running = undefined;
    }
  }

  async function runStatement(
    statement: Statement,
    { cellId, source, cells = [] }: RunCellParameters,
    task: Task,
    isLast: boolean,
    said: Set<string>,
  ): Promise<void> {
    const verb = VERBS.get(statement.verb);
    if (!verb) throw new Error(`the parser let the undeclared verb ${statement.verb} pass`);
    const place = (extent: Extent) => toSourceSpan(source, extent);
    const { name } = statement;
    const owner = name && results.get(name.text);
    if (name && owner && owner.cellId !== cellId && stillDefinedIn.has(owner.cellId, name.text))
      throw new UserError('twice-defined', alreadyNamed(name.text, owner.cellId, cellId, cells), place(name));
    try {
      const scope = { results: values(), parameters: parameters(), selected, place };
      const result = await verb.run(statement, scope, contextOf(task, cellId, name?.text));
      const view = verb.alwaysShown || isLast ? await result.view?.() : undefined;
      if (result.value && name) {
        results.set(name.text, { value: result.value, cellId, run: runCount, madeAtMs: now() });
        stillDefinedIn.set(cellId, name.text);
      }
      const messages = unsaid(result.messages, said);
      const flags = unsaid(result.flags, said);
      if (messages.length || flags.length)
        emit(cellId, { type: 'messages', messages, ...(flags.length ? { flags } : {}) });
      if (view) emit(cellId, view);
    } catch (error) {
      throw error instanceof UserError ? error.at(place(statement)) : error;
    }
  }

  function values(): Map<string, Value> {
    return new Map([...results].map(([name, { value }]) => [name, value]));
  }

  function ranMsAgo(name: string): number | undefined {
    const result = results.get(name);
    return result && now() - result.madeAtMs;
  }

  /** The values of all parameters by name. */
  function parameters(): Record<string, Scalar> {
    return Object.fromEntries(
      [...results].flatMap(([name, { value }]) => (value.kind === 'parameter' ? [[name, value.value]] : [])),
    );
  }

  function stale(cells: readonly SourceCell[]): StaleCell[] {
    const named = namesOf(cells, VERBS).map((names, n) => ({ ...names, source: cells[n]!.source }));
    return staleCells(named, {
      runs,
      names: new Map(
        [...results].map(([name, { run, value }]) => [name, { run, isParameter: value.kind === 'parameter' }] as const),
      ).set(SELECTED, { run: selectionRun, isParameter: true }),
      changedInputs: inputs.changed,
    });
  }

  function dependencies(cells: readonly SourceCell[]): CellDependencies[] {
    const all = namesOf(cells, VERBS);
    const definedBy = new Map(
      all.flatMap(({ cellId, defines }) => [...defines].map((name) => [name, cellId] as const)),
    );
    return all.map(({ cellId, defines, uses }) => ({
      cellId,
      defines: [...defines],
      uses: [...uses].flatMap((name) => {
        const from = definedBy.get(name);
        return from === undefined || from === cellId ? [] : [{ name, from }];
      }),
      hasRun: runs.has(cellId),
    }));
  }

  function emit(cellId: string, view: ViewModel): void {
    events.output({ cellId, view, text: plainText(view) });
  }

  /** Which names each cell defined when it last ran, so that a name may move to another cell. */
  const stillDefinedIn = (() => {
    const names = new Map<string, Set<string>>();
    return {
      has: (cellId: string, name: string) => names.get(cellId)?.has(name) ?? false,
      set: (cellId: string, name: string) => names.set(cellId, (names.get(cellId) ?? new Set()).add(name)),
      clear: (cellId: string) => names.delete(cellId),
    };
  })();

  return {
    runCell(cell) {
      const turn = last.then(() => {
        stillDefinedIn.clear(cell.cellId);
        return run(cell);
      });
      last = turn;
      return turn;
    },
    interrupt: () => running?.abort(),
    slice: viewers.slice,
    patientSlices: patientSlices.open,
    select({ patients }) {
      selected = new Set(patients);
      selectionRun++;
    },
    changeParameter: (request) => parameterChange(request, VERBS),
    staleCells: stale,
    dependencies,
    variables: () => [...results].map(([name, { value, cellId }]) => variableOf(name, value, cellId)),
    complete: (place) => complete(place, values(), options),
    hover: (place) => hover(place, values(), ranMsAgo),
    signature: (place) => signatureAt(sourceOf(place), place.offset, VERBS),
    outline: (cells) => outlineOf(cells, VERBS),
    format: (source) => formatCell(source, VERBS),
    check: (cells) => checkCells(cells, VERBS),
    names: values,
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
  return isAbsolute(path) ? path : join(folder, path);
}

/** Items that the cell has not shown yet: `load` and `describe` of one cohort find the same. */
function unsaid<T>(items: readonly T[] = [], said: Set<string>): T[] {
  return items.filter((item) => {
    const key = JSON.stringify(item);
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}

/** Names both cells where the notebook is known. */
function alreadyNamed(name: string, owner: string, here: string, cells: readonly SourceCell[]): string {
  const [earlier, later] = [owner, here].map((id) => cells.findIndex(({ cellId }) => cellId === id)) as [
    number,
    number,
  ];
  if (earlier < 0 || later < 0)
    return `\`${name}\` is already the name of a result of another cell. Give this one another name.`;
  return twiceDefinedMessage(name, numberOf(cells, earlier), numberOf(cells, later));
}

/** A name that is not there yet is explained by the check, which sees cells below and circles of cells. */
function knownToCheck(problem: CellProblem, { cellId, cells = [] }: RunCellParameters): CellProblem {
  if (problem.code !== 'unknown-name' || !problem.span) return problem;
  const { startLine, startColumn } = problem.span;
  const found = checkCells(cells, VERBS).find(
    (other) =>
      other.cellId === cellId &&
      other.problem.span?.startLine === startLine &&
      other.problem.span.startColumn === startColumn,
  );
  return found && ['circle', 'used-before'].includes(found.problem.code) ? found.problem : problem;
}

function problemOf(error: unknown): CellProblem {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, ...(error.span ? { span: error.span } : {}) };
  const { message, stack } = error as Error;
  return {
    code: 'internal',
    message: `Something went wrong inside LungNB: ${message}. This is a bug; please report it with the details below.`,
    ...(stack === undefined ? {} : { details: stack }),
  };
}
