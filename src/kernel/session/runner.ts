/** Runs cells one after another; the one that runs can be interrupted. */
import type { CellText, RunCellParameters, RunCellResult } from '../../protocol/kernelApi.ts';
import { isInterrupted } from '../base/interruptible.ts';
import type { Task } from '../base/task.ts';
import { stackOf } from '../base/thrown.ts';
import { type CellEnd, createCellEnd } from './cellEnd.ts';
import { problemOf } from './cellProblems.ts';
import type { Inputs } from './inputs.ts';
import { followRenames } from './renames.ts';
import type { Results } from './results.ts';
import { cellsWith, runStatements, type StatementsParts } from './runStatements.ts';
import { tellNames } from './screen.ts';
import type { CellRun } from './staleness.ts';
import { textsOf } from './textsByPlace.ts';

export type Runner = ReturnType<typeof createRunner>;

export interface RunnerParts extends StatementsParts {
  readonly inputs: Inputs;
  /** A cell starts anew. */
  readonly beginsCell?: (cellId: string) => void;
}

export function createRunner(parts: RunnerParts) {
  const { results, inputs, events } = parts;
  const runs = new Map<string, CellRun>();
  let runCount = 0;
  let running: CellEnd | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function begin(cell: RunCellParameters): number {
    const { cellId } = cell;
    results.beginCell(cellId);
    parts.beginsCell?.(cellId);
    const cells = cellsWith(cell);
    followRenames(cells, runs, results);
    const run = ++runCount;
    runs.set(cellId, { ...textsOf(cells).get(cellId)!, run, status: undefined, used: usedNow(results) });
    inputs.forget(cellId);
    return run;
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
      const hints = await end.before(runStatements(cell, begin(cell), task, parts));
      return ended({ status: 'done', ...(hints.length ? { hints } : {}) });
    } catch (error) {
      if (isInterrupted(error)) end.interrupt();
      if (end.interrupted) return ended({ status: 'cancelled' });
      const problem = problemOf(error, cell, { lastRun: (other) => runs.get(other), verbs: parts.verbs });
      tellNames([problem.message], events);
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

function usedNow(results: Results): CellRun['used'] {
  return new Map([...results.runs()].map(([name, { made }]) => [name, made] as const));
}
