/** Patients that are selected in figures, as cells use them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSession, type Session } from '../../../src/kernel/session/session.ts';
import type { TableView, ViewModel } from '../../../src/protocol/view.ts';

const CELLS = [
  'load "scores.csv" as scores',
  'filter scores where selected && score > 1 as some',
  'describe scores',
].map((source, n) => ({ cellId: String(n), source }));

let folder: string;
let session: Session;
let views: ViewModel[];

function start(parameters: Record<string, string>): void {
  views = [];
  session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [], parameters },
    { progress: () => {}, output: ({ view }) => views.push(view) },
  );
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
  writeFileSync(join(folder, 'scores.csv'), 'patient,score\n01,3\n02,2\n03,1\n04,4\n');
});
afterEach(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});
const run = async () => {
  for (const cell of CELLS.slice(0, 2)) {
    const result = await session.runCell(cell);
    if (result.problem) return result.problem.code;
  }
  return (views.at(-1) as TableView).rows.map(([patient]) => patient);
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
