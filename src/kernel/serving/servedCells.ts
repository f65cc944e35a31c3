/** The cells of a notebook that a program drives, with what they gave when they last ran. */
import type { CellText, RunCellResult } from '../../protocol/kernelApi.ts';
import type { NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import { UserError } from '../base/userError.ts';
import type { Session } from '../session/session.ts';
import type { CellState } from './methods.ts';

export interface ServiceCell {
  readonly id: string;
  readonly kind: NotebookCell['kind'];
  source: readonly string[];
  readonly outputs: NotebookOutput[];
  last?: RunCellResult;
}

export type ServedCells = ReturnType<typeof createServedCells>;

export function createServedCells(given: readonly NotebookCell[], session: Session) {
  let count = 0;
  const fresh = ({ kind, source }: NotebookCell): ServiceCell => ({ id: String(count++), kind, source, outputs: [] });
  const cells = given.map(fresh);
  const texts = () => cells.flatMap((cell, n) => (cell.kind === 'code' ? [textOf(cell, n)] : []));

  return {
    all: (): readonly ServiceCell[] => cells,
    /** Of the code cells. */
    texts,
    text: (cell: ServiceCell) => textOf(cell, cells.indexOf(cell)),
    /** By its number, from 1. */
    at(number: number): ServiceCell {
      const cell = cells[number - 1];
      if (!cell) throw new UserError('unknown-name', `There is no cell ${number}: the notebook has ${cells.length}.`);
      return cell;
    },
    withId: (cellId: string) => cells.find(({ id }) => id === cellId),
    numberOf: (cellId: string) => cells.findIndex(({ id }) => id === cellId) + 1,
    insert: (before: number, cell: NotebookCell) => void cells.splice(before - 1, 0, fresh(cell)),
    async states(): Promise<ReadonlyMap<string, CellState>> {
      const stale = new Set((await session.staleCells({ cells: texts() })).map(({ cellId }) => cellId));
      return new Map(
        cells.map(({ id, last }) => [id, last === undefined ? 'not-run' : stale.has(id) ? 'out-of-date' : last.status]),
      );
    },
  };
}

function textOf({ id, source }: ServiceCell, place: number): CellText {
  return { cellId: id, source: source.join('\n'), number: place + 1 };
}
