/** A page of cells that a session has run, computed by the page's own code in this process. */
import { computingOf } from '../../src/kernel/page/computingOf.ts';
import { createPageEngine } from '../../src/kernel/page/engine.ts';
import { openPage, type PageContents } from '../../src/kernel/page/openPage.ts';
import type { Session } from '../../src/kernel/session/session.ts';
import type { CellText, OutputNotice } from '../../src/protocol/kernelApi.ts';
import type { NotebookCell, NotebookOutput } from '../../src/protocol/notebook.ts';
import type { FromEngine, ToEngine } from '../../src/protocol/page/engineMessages.ts';

/** What stands in a page of the cells, which know their places by their ids, and have shown `outputs`. */
export function pageContents(
  session: Session,
  cells: readonly CellText[],
  outputs: readonly OutputNotice[],
): PageContents {
  const all = cells.map(
    ({ cellId, source }): NotebookCell => ({
      kind: 'code',
      source: source.split('\n'),
      outputs: outputs.flatMap(({ cellId: id, view, text }) => (id === cellId ? [{ view, text }] : [])),
    }),
  );
  return throughJson({ cells: all, computing: computingOf(cells, session.ran()) });
}

/** As it comes out of a file. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What every cell shows that the page computes anew, by its place. */
export async function recomputed(contents: PageContents): Promise<Map<number, readonly NotebookOutput[]>> {
  const shown = new Map<number, readonly NotebookOutput[]>();
  const page = openPage(contents, (message) => {
    if (message.type === 'cell') shown.set(message.place, throughJson(message.outputs));
    if (message.type === 'failed') throw new Error(message.message);
  });
  const computed = page.cells.filter(({ computed: own }) => own.length > 0);
  page.follower.changed([], computed);
  await page.follower.done();
  return shown;
}

export interface TestPage {
  readonly told: readonly FromEngine[];
  /** Resolves when all that followed is shown. */
  answer(message: Exclude<ToEngine, { type: 'begin' }>): Promise<void>;
  /** What the cell at the place was last told to show. */
  shown(place: number): readonly NotebookOutput[] | undefined;
}

export function testPage(contents: PageContents): TestPage {
  const told: FromEngine[] = [];
  const engine = createPageEngine(contents, (message) => told.push(throughJson(message)));
  return {
    told,
    async answer(message) {
      await engine.answer(message);
      await engine.done();
    },
    shown: (place) =>
      told.flatMap((message) => (message.type === 'cell' && message.place === place ? [message.outputs] : [])).at(-1),
  };
}
