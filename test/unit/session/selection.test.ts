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

  const note = async (source: string, cellId?: string) => {
    const views = await notebook.shown(source, cellId);
    return views.map((view) => (view.type === 'messages' ? view.messages : view.type));
  };
  const says = (text: string) => [[{ severity: 'info', text: expect.stringContaining(text) }]];

  it('leaves nothing and is no error where nobody is selected, nor is what follows from it', async () => {
    start({});
    await notebook.run(CELLS[0]!.source, '0');
    expect(await note(`${CELLS[1]!.source}\ndescribe some`, '1')).toEqual(says('--set selected=P01,P02'));
    expect(await note('filter some where score > 1 as most', '2')).toEqual(says('`some` is empty until'));
    expect(await note('export most to "most.csv"', '3')).toEqual(says('`most` is empty until'));
    expect([...session.names().keys()]).toEqual(['scores']);
    session.select({ patients: ['04'] });
    const cells = [...CELLS.slice(0, 1), { cellId: '1', source: `${CELLS[1]!.source}\ndescribe some` }];
    expect((await session.staleCells({ cells })).map(({ cellId }) => cellId)).toEqual(['1']);
    expect(await note(CELLS[1]!.source, '1')).toEqual(['table']);
    // What was there goes with the selection, too.
    session.select({ patients: [] });
    await note(CELLS[1]!.source, '1');
    expect([...session.names().keys()]).toEqual(['scores']);
  });

  it('leaves nothing and is no error where nobody of those selected has a row', async () => {
    start({ selected: '03, 07' });
    await notebook.run(CELLS[0]!.source, '0');
    expect(await note(CELLS[1]!.source, '1')).toEqual(
      says('None of 2 selected patients has a row in `scores` with selected && score > 1.'),
    );
  });

  it('holds for nobody where nobody is selected, so that its opposite holds for all', async () => {
    start({});
    await notebook.run(CELLS[0]!.source, '0');
    expect(await notebook.rows('filter scores where !selected as others')).toHaveLength(4);
    expect(await notebook.rows('derive scores chosen = selected as marked')).toMatchObject([
      { chosen: false },
      { chosen: false },
      { chosen: false },
      { chosen: false },
    ]);
  });
});
