/** Runs cells one after another, statement by statement; the one that runs can be interrupted. */
import type { RunCellParameters, RunCellResult } from '../../protocol/kernelApi.ts';
import type { KernelListeners } from '../../protocol/kernelMethods.ts';
import { subtask, type Task } from '../base/task.ts';
import { parse } from '../language/parser.ts';
import { VERBS } from '../verbs/index.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { plainText } from '../views/plainText.ts';
import { problemOf } from './cellProblems.ts';
import type { Inputs } from './inputs.ts';
import type { Results } from './results.ts';
import { runStatement } from './runStatement.ts';
import { type CellRun, textOf } from './staleness.ts';

export interface RunnerParts {
  readonly results: Results;
  readonly inputs: Inputs;
  /** What a statement of the cell may use of the session. */
  readonly contextOf: (task: Task, cellId: string) => VerbContext;
  readonly events: Partial<KernelListeners>;
}

export function createRunner({ results, inputs, contextOf, events }: RunnerParts) {
  const runs = new Map<string, CellRun>();
  let runCount = 0;
  let running: AbortController | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function begin({ cellId, source }: RunCellParameters): number {
    results.beginCell(cellId);
    const used = new Map([...results.runs()].map(([name, { run }]) => [name, run] as const));
    runs.set(cellId, { text: textOf(source), used });
    inputs.forget(cellId);
    return ++runCount;
  }

  async function runStatements(cell: RunCellParameters, run: number, task: Task): Promise<void> {
    const { cellId, source } = cell;
    const statements = parse(source, VERBS, new Set(Object.keys(results.parameters())));
    const emit: Parameters<typeof runStatement>[2]['emit'] = (view) =>
      events.output?.({ cellId, view, text: plainText(view) });
    const shared = { cell, run, results, said: new Set<string>(), emit };
    for (const [n, statement] of statements.entries()) {
      task.signal.throwIfAborted();
      const part = subtask(task, n / statements.length, (n + 1) / statements.length);
      await runStatement(statement, n === statements.length - 1, shared, contextOf(part, cellId));
    }
  }

  async function run(cell: RunCellParameters): Promise<RunCellResult> {
    const { cellId } = cell;
    const controller = new AbortController();
    running = controller;
    const task: Task = {
      signal: controller.signal,
      progress: (fraction, message) => events.progress?.({ cellId, fraction, message }),
    };
    try {
      await runStatements(cell, begin(cell), task);
      return { status: 'done' };
    } catch (error) {
      if (controller.signal.aborted) return { status: 'cancelled' };
      return { status: 'failed', problem: problemOf(error, cell) };
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
    interrupt: () => running?.abort(),
    /** How each cell was when it last ran. */
    runs: (): ReadonlyMap<string, CellRun> => runs,
  };
}
