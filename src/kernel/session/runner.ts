/** Runs cells one after another, statement by statement; the one that runs can be interrupted. */
import type { CellRemark, CellText, RunCellParameters, RunCellResult } from '../../protocol/kernelApi.ts';
import type { Remark } from '../../protocol/remark.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { plainText, viewKind } from '../../protocol/views/index.ts';
import { isInterrupted } from '../base/interruptible.ts';
import { subtask, type Task } from '../base/task.ts';
import { stackOf } from '../base/thrown.ts';
import type { Statement } from '../language/nodes.ts';
import { parse } from '../language/parser.ts';
import { VERBS } from '../verbs/index.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { messagesView } from '../views/messagesView.ts';
import type { Here } from '../writing/notebookLoads.ts';
import { type CellEnd, createCellEnd } from './cellEnd.ts';
import { problemOf } from './cellProblems.ts';
import { flagsBesideSlices } from './flagsBesideSlices.ts';
import type { Inputs } from './inputs.ts';
import { followRenames } from './renames.ts';
import type { Results } from './results.ts';
import { runStatement, type StatementContext } from './runStatement.ts';
import { namesForScreen } from './screen.ts';
import type { SessionEvents } from './session.ts';
import type { CellRun } from './staleness.ts';
import { textsOf } from './textsByPlace.ts';

export interface RunnerParts {
  readonly results: Results;
  readonly inputs: Inputs;
  /** What a statement of the cell may use of the session. */
  readonly contextOf: (task: Task, here: Required<Here>, resultName: string | undefined) => VerbContext;
  /** What could not be kept since it was last asked. */
  readonly cacheRemarks: () => readonly Remark[];
  /** A view as it travels, and is kept in notebooks. */
  readonly shortened: (view: ViewModel) => ViewModel;
  readonly events: SessionEvents;
}

export function createRunner({ results, inputs, contextOf, cacheRemarks, shortened, events }: RunnerParts) {
  const runs = new Map<string, CellRun>();
  let runCount = 0;
  let running: CellEnd | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function begin(cell: RunCellParameters): number {
    const { cellId } = cell;
    results.beginCell(cellId);
    const cells = cellsWith(cell);
    followRenames(cells, runs, results);
    const run = ++runCount;
    runs.set(cellId, { ...textsOf(cell, cells), run, status: undefined, used: usedNow(results) });
    inputs.forget(cellId);
    return run;
  }

  function tell(texts: readonly string[]): void {
    const names = namesForScreen(texts);
    if (names !== undefined) events.screen?.(names);
  }

  async function runStatements(cell: RunCellParameters, run: number, task: Task): Promise<CellRemark[]> {
    const { cellId, source } = cell;
    const cells = cellsWith(cell);
    const statements = parse(source, VERBS, new Set(Object.keys(results.parameters())));
    const emit: StatementContext['emit'] = (view, text) => {
      events.output?.({ cellId, view, text });
      tell(viewKind(view)?.texts(view) ?? []);
    };
    const hints: CellRemark[] = [];
    const hint = (one: CellRemark) => hints.push(one);
    const flags = flagsBesideSlices();
    const shared = { cell, run, results, said: new Set<string>(), flags, cacheRemarks, shortened, emit, hint };
    const lastViewer = statements.findLastIndex(({ verb }) => verb === 'show');
    const sayRest = () => {
      const rest = messagesView([], flags.rest());
      if (rest) emit(rest, plainText(rest));
    };
    for (const [n, statement] of statements.entries()) {
      task.signal.throwIfAborted();
      const part = named(subtask(task, n / statements.length, (n + 1) / statements.length), statement, statements);
      await runStatement(
        statement,
        { isLast: n === statements.length - 1, isViewerToCome: n < lastViewer },
        shared,
        contextOf(part, { cellId, cells, offset: statement.start }, statement.name?.text),
      ).catch((error: unknown) => {
        sayRest();
        throw error;
      });
    }
    sayRest();
    return hints;
  }

  async function run(cell: RunCellParameters): Promise<RunCellResult> {
    const { cellId } = cell;
    const end = createCellEnd();
    running = end;
    const task: Task = {
      signal: end.signal,
      progress: (fraction, message) => events.progress?.({ cellId, fraction, message }),
    };
    const ended = (result: RunCellResult): RunCellResult => {
      const begun = runs.get(cellId);
      if (begun) runs.set(cellId, { ...begun, status: result.status });
      return result;
    };
    try {
      const hints = await end.before(runStatements(cell, begin(cell), task));
      return ended({ status: 'done', ...(hints.length ? { hints } : {}) });
    } catch (error) {
      if (isInterrupted(error)) end.interrupt();
      if (end.interrupted) return ended({ status: 'cancelled' });
      const problem = problemOf(error, cell, (other) => runs.get(other));
      tell([problem.message]);
      if (problem.code === 'internal') events.screen?.(stackOf(error));
      return ended({ status: 'failed', problem });
    } finally {
      running = undefined;
    }
  }

  return {
    /** Never rejects: what went wrong is the result's problem. */
    runCell(cell: RunCellParameters): Promise<RunCellResult> {
      const turn = last.then(() => run(cell));
      last = turn;
      return turn;
    },
    interrupt: () => running?.interrupt(),
    /** False where no cell runs. */
    fail(error: unknown): boolean {
      running?.fail(error);
      return running !== undefined;
    },
    /** How each cell was when it last ran, with the names that its results have in these cells. */
    runs(cells: readonly CellText[]): ReadonlyMap<string, CellRun> {
      followRenames(cells, runs, results);
      return runs;
    },
  };
}

/** Where a cell does the same several times, progress says for which result, so that nothing seems to be done twice. */
function named(task: Task, { verb, name }: Statement, all: readonly Statement[]): Task {
  if (!name || all.filter((other) => other.verb === verb).length < 2) return task;
  return { ...task, progress: (fraction, message) => task.progress(fraction, `${name.text}, ${message}`) };
}

function usedNow(results: Results): CellRun['used'] {
  return new Map([...results.runs()].map(([name, { made }]) => [name, made] as const));
}

/** The notebook's cells; without the notebook, as in a test, the cell is all that is known of it. */
function cellsWith({ cellId, source, cells = [] }: RunCellParameters): NonNullable<RunCellParameters['cells']> {
  return cells.some((other) => other.cellId === cellId) ? cells : [...cells, { cellId, source }];
}
