/** Which cells of a page follow what has moved, and running them in the order in which they need each other. */
import type { FromEngine } from '../../protocol/page/engineMessages.ts';
import { reasonOf } from '../base/plainErrors.ts';
import type { createCellRunner } from './cellRunner.ts';
import { namesBehind } from './namesBehind.ts';
import { cellShown, type PageCell } from './pageCells.ts';

interface FollowerParts {
  readonly cells: readonly PageCell[];
  /** The cell that gives a name. */
  readonly makers: ReadonlyMap<string, PageCell>;
  readonly runner: ReturnType<typeof createCellRunner>;
}

/** Brings cells up to what has moved, one after another. */
export function createFollower({ cells, makers, runner }: FollowerParts, tell: (message: FromEngine) => void) {
  /** Cells whose outputs are to be shown anew. */
  const waiting = new Set<PageCell>();
  let running: { readonly cell: PageCell; readonly end: AbortController } | undefined;
  let turn: Promise<void> = Promise.resolve();

  /** Of a cell that others need first, those come first. */
  async function bring(cell: PageCell, needing: ReadonlySet<PageCell>): Promise<void> {
    for (const name of cell.uses) {
      const maker = makers.get(name);
      if (!maker || maker === cell || needing.has(maker)) continue;
      if (!maker.isCurrent) await bring(maker, new Set(needing).add(cell));
      if (maker.problem) {
        cell.isCurrent = true;
        cell.problem = failedBefore(name, maker);
        for (const place of cell.computed) cell.shown.set(place, []);
        return;
      }
    }
    await messagesIn();
    const end = new AbortController();
    running = { cell, end };
    cell.isCurrent = true;
    try {
      await runner.run(cell, end.signal);
    } catch (error) {
      if (!end.signal.aborted) throw error;
    } finally {
      running = undefined;
    }
  }

  async function follow(): Promise<void> {
    for (;;) {
      const [cell] = [...waiting].sort((a, b) => a.place - b.place);
      if (!cell) return;
      if (!cell.isCurrent) await bring(cell, new Set());
      // Moved again meanwhile: what it would show is not asked for any more.
      if (!cell.isCurrent) continue;
      waiting.delete(cell);
      tell(cellShown(cell));
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work).catch((error: unknown) => tell({ type: 'failed', message: reasonOf(error) }));
    return turn;
  }

  return {
    /** Names stand for something else, and cells have another text. */
    changed(names: readonly string[], edited: readonly PageCell[]): void {
      const changed = namesBehind([...names, ...edited.flatMap(({ makes }) => makes)], cells);
      const affected = cells.filter(
        (cell) => edited.includes(cell) || [...cell.uses].some((name) => changed.has(name)),
      );
      for (const cell of affected) {
        cell.isCurrent = false;
        waiting.add(cell);
        if (running?.cell === cell) running.end.abort();
      }
      tell({ type: 'waiting', places: affected.map(({ place }) => place) });
      void inTurn(follow);
    },
    /** Resolves when everything that follows has been shown. */
    done: (): Promise<void> => turn,
    /** Runs a cell for what it makes. */
    bringUp: (cell: PageCell): Promise<void> => inTurn(() => bring(cell, new Set())),
  };
}

function failedBefore(name: string, { place }: PageCell): PageCell['problem'] {
  return {
    code: 'missing-result',
    message: `\`${name}\` is missing because cell ${place + 1} failed.`,
  };
}

/** Lets what was asked meanwhile come in. */
function messagesIn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
