/** Another file in the place of one that a table of the page was loaded from, and that file again. */
import type { LoadedTable } from '../../protocol/page/computing.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { loadedTable } from '../verbs/load/loadedTable.ts';
import { kept, messagesView } from '../views/messagesView.ts';
import type { OpenedPage } from './openPage.ts';
import type { PageCell } from './pageCells.ts';
import { readDropped } from './readDropped.ts';

/** What stands there stays where the file cannot be read; then it is told why. */
export async function putFile(page: OpenedPage, name: string, file: string, bytes: Uint8Array): Promise<void> {
  const { results, longTables, moves, tell, tellMoves, tellCell, follower } = page;
  const { cell, place, table } = loadOf(page, name);
  try {
    const { value, view, remarks = [] } = loadedTable({ ...readDropped(bytes, file, table), name: file });
    const said = messagesView(remarks.map(kept), []);
    const shown = place === cell.statements.length - 1 ? await view?.() : undefined;
    const views = [said, shown].flatMap((one) => (one ? [{ view: longTables.shortened(one) }] : []));
    results.define(name, { value, cellId: cell.id, run: 0 });
    cell.shown.set(place, views);
    moves.set(name, { kind: 'file', name, from: table.file, to: file });
  } catch (error) {
    tell({ type: 'file', name, problem: wordsOf(error, file) });
    return;
  }
  tell({ type: 'file', name, file });
  tellMoves();
  tellCell(cell);
  follower.changed([name], []);
}

export function putBack(page: OpenedPage, name: string): void {
  const { moves, tell, takeUp, tellMoves, tellCell, follower } = page;
  const { cell, place } = loadOf(page, name);
  takeUp(name, cell.id);
  cell.shown.delete(place);
  moves.delete(name);
  tell({ type: 'file', name });
  tellMoves();
  tellCell(cell);
  follower.changed([name], []);
}

interface Load {
  readonly cell: PageCell;
  /** Of the statement, in its cell. */
  readonly place: number;
  readonly table: LoadedTable;
}

function loadOf({ cells }: OpenedPage, name: string): Load {
  for (const cell of cells)
    for (const [place, { fixed }] of cell.statements.entries())
      if (fixed?.name === name && fixed.table) return { cell, place, table: fixed.table };
  throw new Error(`no statement of the page loads ${name}`);
}

function wordsOf(error: unknown, file: string): string {
  if (error instanceof UserError) return error.message;
  return `${file} cannot be read as a table: ${reasonOf(error)}. It is probably damaged: copy or save it again, or save it as csv.`;
}
