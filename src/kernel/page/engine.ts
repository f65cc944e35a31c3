/**
 * Computes what follows from tables in an HTML page: moves of parameters, other patients selected, other files in the
 * place of loaded ones. It follows the same dependencies as the kernel, and runs its verbs; a cell that nothing has moved
 * is run for its names alone, when another asks for one.
 */
import type { NotebookCell } from '../../protocol/notebook.ts';
import type { ComputingStatement, PageComputing } from '../../protocol/page/computing.ts';
import type { FromEngine, PageMove, ToEngine } from '../../protocol/page/engineMessages.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { UserError } from '../base/userError.ts';
import { parameterChange } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import { createLongTables } from '../session/longTables.ts';
import { createResults } from '../session/results.ts';
import type { Scalar } from '../values/value.ts';
import { loadedTable } from '../verbs/load/loadedTable.ts';
import { VERBS_OF_TABLES } from '../verbs/ofTables.ts';
import { kept, messagesView } from '../views/messagesView.ts';
import { takenUp } from './carried.ts';
import { createCellRunner, textsOf } from './cellRunner.ts';
import { createFollower, namesBehind } from './follower.ts';
import { outputsOf, pageCells } from './pageCells.ts';
import { readDropped } from './readDropped.ts';

export interface PageEngine {
  /** Never rejects: what goes wrong is told. */
  answer(message: Exclude<ToEngine, { type: 'begin' }>): Promise<void>;
  /** Resolves when everything that follows from what was asked has been told. */
  done(): Promise<void>;
}

/** What a page holds. */
export interface PageContents {
  readonly cells: readonly NotebookCell[];
  readonly computing: PageComputing;
}

/** The cells as they were saved, with the values that they need; `tell` hears what they show once something has moved. */
export function openPage({ cells: all, computing }: PageContents, tell: (message: FromEngine) => void) {
  const results = createResults(computing.selected, Date.now);
  const longTables = createLongTables();
  const parameters = { ...computing.parameters };
  const cells = pageCells(all, computing.cells, {
    verbs: VERBS_OF_TABLES,
    parameters: new Set(Object.keys(computing.controls)),
  });
  const makers = new Map(cells.flatMap((cell) => cell.makes.map((name) => [name, cell] as const)));
  const runner = createCellRunner({ results, parameters, longTables, cells });
  const takeUp = (name: string, cellId: string) => {
    const value = Object.hasOwn(computing.values, name) ? computing.values[name] : undefined;
    if (value) results.define(name, { value: takenUp(value), cellId, run: 0 });
  };
  for (const { id, statements, makes } of cells)
    for (const name of [...statements.flatMap(({ fixed }) => fixed?.name ?? []), ...makes]) takeUp(name, id);
  const follower = createFollower({ cells, makers, runner }, tell);
  return { cells, makers, results, longTables, parameters, follower, takeUp };
}

/** `tell` hears of everything that changes. */
export function createPageEngine(
  { cells: all, computing }: PageContents,
  tell: (message: FromEngine) => void,
): PageEngine {
  const { cells, makers, results, longTables, parameters, follower, takeUp } = openPage(
    { cells: all, computing },
    tell,
  );
  const moves = new Map<string, PageMove>();

  /** What is other than in the saved run, and what uses it and stands still. */
  function tellMoves(): void {
    tell({ type: 'moved', moves: [...moves.values()] });
    const changed = namesBehind([...moves.keys()], cells);
    tell({
      type: 'fixed',
      cells: cells.map(({ place, statements }) => ({ place, names: standing(statements, changed, moves) })),
    });
  }

  function move(name: string, value: Scalar): void {
    const change = parameterChange({ cells: textsOf(cells), name, value }, VERBS_OF_TABLES);
    const cell = makers.get(name);
    if ('problem' in change || !cell) return;
    const { span, text } = change.edit;
    cell.source = edited(cell.source, span, text);
    cell.runs = edited(cell.runs, span, text);
    Reflect.deleteProperty(parameters, name);
    const saved = computing.values[name];
    const before = saved?.kind === 'parameter' ? saved.value : undefined;
    if (before === value) moves.delete(name);
    else moves.set(name, { kind: 'parameter', name, from: JSON.stringify(before), to: JSON.stringify(value) });
    tellMoves();
    follower.changed([name], [cell]);
  }

  function select(patients: readonly string[]): void {
    results.select(patients);
    const isSaved =
      patients.length === computing.selected.length && computing.selected.every((p) => patients.includes(p));
    if (isSaved) moves.delete(SELECTED);
    else moves.set(SELECTED, { kind: 'selection' });
    tellMoves();
    follower.changed([SELECTED], []);
  }

  function loadedBy(name: string) {
    for (const cell of cells)
      for (const [place, { fixed }] of cell.statements.entries())
        if (fixed?.name === name && fixed.table) return { cell, place, table: fixed.table };
    throw new Error(`no statement of the page loads ${name}`);
  }

  async function putFile(name: string, file: string, bytes: Uint8Array): Promise<void> {
    const { cell, place, table } = loadedBy(name);
    try {
      const { value, view, remarks = [] } = loadedTable({ ...readDropped(bytes, file, table), name: file });
      const said = messagesView(remarks.map(kept), []);
      const shown = place === cell.statements.length - 1 ? await view?.() : undefined;
      cell.shown.set(
        place,
        [said, shown].flatMap((one) => (one ? [{ view: longTables.shortened(one) }] : [])),
      );
      results.define(name, { value, cellId: cell.id, run: 0 });
      moves.set(name, { kind: 'file', name, from: table.file, to: file });
      tell({ type: 'file', name, file });
    } catch (error) {
      tell({ type: 'file', name, problem: wordsOf(error, file) });
      return;
    }
    tellMoves();
    tell({ type: 'cell', place: cell.place, source: cell.source.split('\n'), outputs: outputsOf(cell) });
    follower.changed([name], []);
  }

  function putBack(name: string): void {
    const { cell, place } = loadedBy(name);
    takeUp(name, cell.id);
    cell.shown.delete(place);
    moves.delete(name);
    tell({ type: 'file', name });
    tellMoves();
    tell({ type: 'cell', place: cell.place, source: cell.source.split('\n'), outputs: outputsOf(cell) });
    follower.changed([name], []);
  }

  async function rows({ requestId, handle, place }: Extract<ToEngine, { type: 'rows' }>): Promise<void> {
    const cell = cells.find((one) => one.place === place);
    if (cell && 'problem' in longTables.rows({ handle })) await follower.bringUp(cell);
    const reply = longTables.rows({ handle });
    const none = { problem: 'The other rows are not kept in the file. Run the notebook to see them.' };
    tell({ type: 'rows', requestId, reply: 'rows' in reply ? reply : none });
  }

  return {
    done: follower.done,
    async answer(message) {
      try {
        switch (message.type) {
          case 'move':
            return move(message.name, message.value);
          case 'select':
            return select(message.patients);
          case 'file':
            return await putFile(message.name, message.file, message.bytes);
          case 'ownFile':
            return putBack(message.name);
          case 'rows':
            return await rows(message);
        }
      } catch (error) {
        tell({ type: 'failed', message: reasonOf(error) });
      }
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

/** Zero-based lines and columns of the span. */
function edited(
  source: string,
  span: { startLine: number; startColumn: number; endLine: number; endColumn: number },
  text: string,
) {
  const lines = source.split('\n');
  const offset = (line: number, column: number) => lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + column;
  return (
    source.slice(0, offset(span.startLine, span.startColumn)) +
    text +
    source.slice(offset(span.endLine, span.endColumn))
  );
}

function wordsOf(error: unknown, file: string): string {
  if (error instanceof UserError) return error.message;
  return `${file} cannot be read as a table: ${reasonOf(error)}. It is probably damaged: copy or save it again, or save it as csv.`;
}
