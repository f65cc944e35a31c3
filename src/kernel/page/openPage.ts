/** A page as its thread holds it: cells as they were saved, the values that they need, and what is other than in the saved run. */
import type { NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import type { ComputingStatement, PageComputing } from '../../protocol/page/computing.ts';
import type { FromEngine, PageMove } from '../../protocol/page/engineMessages.ts';
import { createLongTables } from '../session/longTables.ts';
import { createResults } from '../session/results.ts';
import { VERBS_OF_TABLES } from '../verbs/ofTables.ts';
import { takenUp } from './carried.ts';
import { createCellRunner } from './cellRunner.ts';
import { createFollower } from './follower.ts';
import { namesBehind } from './namesBehind.ts';
import { cellShown, type PageCell, pageCells } from './pageCells.ts';

/** What a page holds. */
export interface PageContents {
  readonly cells: readonly NotebookCell[];
  readonly computing: PageComputing;
}

export type OpenedPage = ReturnType<typeof openPage>;

/** `tell` hears of everything that changes. */
export function openPage({ cells: all, computing }: PageContents, tell: (message: FromEngine) => void) {
  const results = createResults(computing.selected, Date.now);
  const longTables = createLongTables();
  const parameters = { ...computing.parameters };
  const cells = pageCells(all, computing.cells, {
    verbs: VERBS_OF_TABLES,
    parameters: new Set(Object.keys(computing.controls)),
  });
  // The first of those that give a name has it.
  const makers = new Map(cells.toReversed().flatMap((cell) => cell.makes.map((name) => [name, cell] as const)));
  const runner = createCellRunner({ results, parameters, longTables, cells });
  const follower = createFollower({ cells, makers, runner }, tell);
  /** What is other than in the saved run, by name. */
  const moves = new Map<string, PageMove>();
  const takeUp = (name: string, cellId: string) => {
    const value = Object.hasOwn(computing.values, name) ? computing.values[name] : undefined;
    if (value) results.define(name, { value: takenUp(value), cellId, run: 0 });
  };
  for (const { id, statements, makes } of cells)
    for (const name of [...statements.flatMap(({ fixed }) => fixed?.name ?? []), ...makes]) takeUp(name, id);
  return {
    computing,
    results,
    longTables,
    /** Those that were set from outside and have not moved since. */
    parameters,
    cells,
    makers,
    follower,
    moves,
    tell,
    /** Gives a name the value that it had in the saved run. */
    takeUp,
    /** Tells what is other than in the saved run, and what uses it and stands still. */
    tellMoves(): void {
      tell({ type: 'moved', moves: [...moves.values()] });
      const changed = namesBehind([...moves.keys()], cells);
      const standingIn = ({ place, statements }: PageCell) => ({ place, names: standing(statements, changed, moves) });
      tell({ type: 'fixed', cells: cells.map(standingIn) });
    },
    /** Tells what a cell shows, and `more` of what was asked of it. */
    tellCell(cell: PageCell, more: readonly NotebookOutput[] = []): void {
      tell(cellShown(cell, more));
    },
  };
}

/** Fixed statements that use one of the names; not those in whose place another file stands. */
function standing(
  statements: readonly ComputingStatement[],
  changed: ReadonlySet<string>,
  moves: ReadonlyMap<string, PageMove>,
): string[] {
  const names = statements.flatMap(({ fixed }) =>
    fixed?.uses.some((name) => changed.has(name)) && !moves.has(fixed.name ?? '') ? [fixed.name ?? fixed.verb] : [],
  );
  return [...new Set(names)];
}
