/** What a page computes is what the kernel computes, cell by cell, in the sample study; CTs of other samples are measured in test/e2e/page.test.ts. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PageContents } from '../../../src/kernel/page/openPage.ts';
import { parseNotebook } from '../../../src/protocol/notebookFile.ts';
import { pageContents, recomputed, testPage, throughJson } from '../../harness/pageOf.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const samples = join(import.meta.dirname, '../../../samples');
const { cells: all } = parseNotebook(readFileSync(join(samples, 'study.lungnb'), 'utf8'));
const cells = all
  .filter(({ kind }) => kind === 'code')
  .map(({ source }, n) => ({ cellId: String(n), source: source.join('\n'), number: n + 1 }));

const moved = (text: string) => text.replace('param second_cut = 25 in', 'param second_cut = 30 in');

async function ran(texts: typeof cells): Promise<TestSession> {
  const notebook = startSession();
  // It writes beside them.
  cpSync(join(samples, 'study'), join(notebook.folder, 'study'), { recursive: true });
  for (const cell of texts) await notebook.session.runCell({ ...cell, cells: texts });
  return notebook;
}

let notebook: TestSession;
let contents: PageContents;
let other: PageContents;

beforeAll(async () => {
  notebook = await ran(cells);
  contents = pageContents(notebook.session, cells, notebook.outputs);
  const texts = cells.map((cell) => ({ ...cell, source: moved(cell.source) }));
  const again = await ran(texts);
  other = pageContents(again.session, texts, again.outputs);
}, 180_000);

describe('the sample study as a page', () => {
  it('computes every cell but those that load and export, with the same outputs to the last digit', async () => {
    const shown = await recomputed(contents);
    const verbs = contents.computing.cells.flatMap(({ statements }) =>
      statements.flatMap(({ fixed }) => fixed?.verb ?? []),
    );
    expect(new Set(verbs)).toEqual(new Set(['load', 'export']));
    for (const [place, outputs] of shown)
      expect(outputs, cells[place]!.source).toEqual(throughJson(contents.cells[place]!.outputs));
    expect(shown.size).toBeGreaterThan(20);
  }, 60_000);

  it('gives all rows of tables that were saved with their first ones, as the kernel gives them', async () => {
    const page = testPage(contents);
    const long = contents.cells.flatMap(({ outputs = [] }, place) =>
      outputs.flatMap(({ view }) => (view?.type === 'table' && view.handle ? [{ handle: view.handle, place }] : [])),
    );
    expect(long.length).toBeGreaterThan(0);
    for (const [requestId, { handle, place }] of long.entries())
      await page.answer({ type: 'rows', requestId, handle, place });
    for (const [requestId, { handle }] of long.entries())
      expect(page.told).toContainEqual({
        type: 'rows',
        requestId,
        reply: throughJson(await notebook.session.tableRows({ handle })),
      });
  }, 60_000);

  it('shows what the kernel shows once a parameter has moved, and moves nothing else', async () => {
    const page = testPage(contents);
    await page.answer({ type: 'move', name: 'second_cut', value: 30 });
    const changed = other.cells.flatMap(({ outputs }, place) =>
      JSON.stringify(outputs) === JSON.stringify(contents.cells[place]!.outputs) ? [] : [place],
    );
    expect(changed.length).toBeGreaterThan(3);
    for (const place of changed) expect(page.shown(place), cells[place]!.source).toEqual(other.cells[place]!.outputs);
    expect(page.told).toContainEqual({
      type: 'moved',
      moves: [{ kind: 'parameter', name: 'second_cut', from: '25', to: '30' }],
    });
    // What cannot follow says so.
    const fixed = page.told.flatMap((message) => (message.type === 'fixed' ? message.cells : []));
    expect(fixed.flatMap(({ names }) => names)).toContain('export');
  }, 60_000);
});
