/**
 * Computes what follows from tables in an HTML page: moves of parameters, other patients selected, other files in the
 * place of loaded ones. It follows the same dependencies as the kernel, and runs its verbs; a cell that nothing has moved
 * is run for its names alone, when another asks for one.
 */
import type { FromEngine, ToEngine } from '../../protocol/page/engineMessages.ts';
import { reasonOf } from '../base/plainErrors.ts';
import { parameterChange } from '../language/dependencies.ts';
import { SELECTED } from '../language/expression.ts';
import { withText } from '../language/spans.ts';
import type { Scalar } from '../values/value.ts';
import { VERBS_OF_TABLES } from '../verbs/ofTables.ts';
import { tableView } from '../views/tableView.ts';
import { textsOf } from './cellRunner.ts';
import { type OpenedPage, openPage, type PageContents } from './openPage.ts';
import { putBack, putFile } from './otherFile.ts';

export interface PageEngine {
  /** Never rejects: what goes wrong is told. */
  answer(message: Exclude<ToEngine, { type: 'begin' }>): Promise<void>;
  /** Resolves when everything that follows from what was asked has been told. */
  done(): Promise<void>;
}

/** `tell` hears of everything that changes. */
export function createPageEngine(contents: PageContents, tell: (message: FromEngine) => void): PageEngine {
  const page = openPage(contents, tell);
  return {
    done: page.follower.done,
    async answer(message) {
      try {
        switch (message.type) {
          case 'move':
            return move(page, message.name, message.value);
          case 'select':
            return select(page, message.patients);
          case 'file':
            return await putFile(page, message.name, message.file, message.bytes);
          case 'ownFile':
            return putBack(page, message.name);
          case 'rows':
            return await tellRows(page, message);
        }
      } catch (error) {
        tell({ type: 'failed', message: reasonOf(error) });
      }
    },
  };
}

function move(page: OpenedPage, name: string, value: Scalar): void {
  const { cells, makers, parameters, computing, moves, tellMoves, tellCell, follower } = page;
  const cell = makers.get(name);
  if (!cell) throw new Error(`no statement of the page makes the parameter ${name}`);
  const change = parameterChange({ cells: textsOf(cells), name, value }, VERBS_OF_TABLES);
  if ('problem' in change) {
    // With its control, which goes back to what holds.
    tellCell(cell, [{ view: { type: 'messages', messages: [{ severity: 'error', text: change.problem }] } }]);
    return;
  }
  const { span, text } = change.edit;
  cell.source = withText(cell.source, span, text);
  cell.runs = withText(cell.runs, span, text);
  Reflect.deleteProperty(parameters, name);
  const saved = computing.values[name];
  const before = saved?.kind === 'parameter' ? saved.value : undefined;
  if (before === value) moves.delete(name);
  else moves.set(name, { kind: 'parameter', name, from: JSON.stringify(before), to: JSON.stringify(value) });
  tellMoves();
  follower.changed([name], [cell]);
}

function select({ results, computing, moves, tellMoves, follower }: OpenedPage, patients: readonly string[]): void {
  results.select(patients);
  const saved = new Set(computing.selected);
  const isSaved = patients.length === saved.size && patients.every((patient) => saved.has(patient));
  if (isSaved) moves.delete(SELECTED);
  else moves.set(SELECTED, { kind: 'selection' });
  tellMoves();
  follower.changed([SELECTED], []);
}

/** Of a table that was saved with its first rows, its cell is run for the others; one that was loaded is at hand whole. */
async function tellRows(
  { cells, results, longTables, follower, tell }: OpenedPage,
  { requestId, handle, place }: Extract<ToEngine, { type: 'rows' }>,
): Promise<void> {
  const cell = cells.find((one) => one.place === place);
  const isKnown = () => 'rows' in longTables.rows({ handle });
  for (const { fixed } of cell?.statements ?? []) {
    const value = fixed?.table && fixed.name !== undefined ? results.get(fixed.name)?.value : undefined;
    if (!isKnown() && value?.kind === 'table')
      longTables.shortened(tableView(value.table, { title: '', researchOnly: false, provenance: value.provenance }));
  }
  if (cell && !isKnown()) await follower.bringUp(cell);
  const reply = longTables.rows({ handle });
  const none = { problem: 'The other rows are not kept in the file. Run the notebook to see them.' };
  tell({ type: 'rows', requestId, reply: 'rows' in reply ? reply : none });
}
