/** Runs cells of a page as the kernel runs them, with nothing of a computer behind them. */
import '../base/plainKeys.ts';
import type { CellText, KernelOptions } from '../../protocol/kernelApi.ts';
import type { NotebookOutput } from '../../protocol/notebook.ts';
import { problemOf } from '../session/cellProblems.ts';
import type { createLongTables } from '../session/longTables.ts';
import type { Results } from '../session/results.ts';
import { runStatements } from '../session/runStatements.ts';
import { VERBS_OF_TABLES } from '../verbs/ofTables.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { absent } from './absent.ts';
import { type PageCell, saidBefore } from './pageCells.ts';

export interface RunnerParts {
  readonly results: Results;
  /** Values of parameters that hold, whatever their cells say. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly longTables: ReturnType<typeof createLongTables>;
  readonly cells: readonly PageCell[];
}

/** Cells as problems name them. */
export function textsOf(cells: readonly PageCell[]): CellText[] {
  return cells.map(({ id, runs, place }) => ({ cellId: id, source: runs, number: place + 1 }));
}

export function createCellRunner({ results, parameters, longTables, cells }: RunnerParts) {
  let runs = 0;
  const options = (): KernelOptions => ({ notebookFolder: '', cacheFolder: '', modelFolders: [], parameters });

  /** What the cell shows is then in it, and why it failed. Rejects where it was aborted. */
  async function run(cell: PageCell, signal: AbortSignal): Promise<void> {
    results.beginCell(cell.id);
    const shown = new Map<number, NotebookOutput[]>();
    let begun = -1;
    let current: NotebookOutput[] | undefined;
    const text = { cellId: cell.id, source: cell.runs, cells: textsOf(cells) };
    let problem: PageCell['problem'];
    try {
      await runStatements(
        text,
        ++runs,
        { signal, progress: () => {} },
        {
          verbs: VERBS_OF_TABLES,
          compute: (work) => work(),
          results,
          contextOf: (task, _, { resultName }) => contextIn({ task, resultName, options: options() }),
          cacheRemarks: () => [],
          shortened: longTables.shortened,
          goesOn: () => cell.statements.at(-1)?.fixed !== undefined,
          begins(_, statement, said) {
            current = undefined;
            if (!statement) return;
            const place = cell.computed[++begun]!;
            for (const key of saidBefore(cell, place)) said.add(key);
            current = [];
            shown.set(place, current);
          },
          events: { output: ({ view, text: written }) => current?.push({ view, text: written }) },
        },
      );
    } catch (error) {
      signal.throwIfAborted();
      problem = problemOf(error, text, {
        lastRun: (id) => ({ status: cells.find((one) => one.id === id)?.problem ? 'failed' : 'done' }),
        verbs: VERBS_OF_TABLES,
      });
    }
    cell.problem = problem;
    for (const place of cell.computed) cell.shown.set(place, shown.get(place) ?? []);
  }

  return { run };
}

function contextIn({ task, resultName, options }: Pick<VerbContext, 'task' | 'resultName' | 'options'>): VerbContext {
  return {
    task,
    resultName,
    options,
    get images() {
      return absent();
    },
    get measurements() {
      return absent();
    },
    engine: undefined,
    annotations: [],
    inputs: { add: absent },
    resolvePath: absent,
    writeFile: async () => absent(),
    // Slices are asked for by other ways in a page.
    keepViewer: () => {},
    keepMeasurements: () => {},
    keepPairs: () => {},
    keepReading: () => {},
    now: Date.now,
  };
}
