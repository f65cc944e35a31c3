/** Patients that are selected in figures, as cells use them. */
import { describe, expect, it } from 'vitest';
import type { TableView } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const CELLS = [
  'load "scores.csv" as scores',
  'filter scores where selected && score > 1 as some',
  'describe scores',
].map((source, n) => ({ cellId: String(n), source }));

let notebook: TestSession;
let session: TestSession['session'];

function start(parameters: Record<string, string>): void {
  notebook = startSession({ parameters, files: { 'scores.csv': 'patient,score\n01,3\n02,2\n03,1\n04,4\n' } });
  session = notebook.session;
}
const run = async () => {
  for (const cell of CELLS.slice(0, 2)) {
    const result = await notebook.run(cell.source, cell.cellId);
    if (result.problem) return result.problem.code;
  }
  return (notebook.views.at(-1) as TableView).rows.map(([patient]) => patient);
};

describe('`selected` in an expression', () => {
  it('holds for the rows of selected patients', async () => {
    start({});
    session.select({ patients: ['01', '03', '04'] });
    expect(await run()).toEqual(['01', '04']);
  });

  it('makes the cells that use it follow the selection, and no others', async () => {
    start({});
    session.select({ patients: ['01'] });
    await run();
    await session.runCell(CELLS[2]!);
    expect(await session.staleCells({ cells: CELLS })).toEqual([]);
    session.select({ patients: ['02'] });
    expect(await session.staleCells({ cells: CELLS })).toEqual([
      { cellId: '1', causes: ['parameter'], reason: '`selected` has changed' },
    ]);
  });

  it('can be set on the command line', async () => {
    start({ selected: '02, 04' });
    expect(await run()).toEqual(['02', '04']);
  });

  it('is refused where nobody is selected, with what to do', async () => {
    start({});
    expect(await run()).toBe('nothing-selected');
  });
});
