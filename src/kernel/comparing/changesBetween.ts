/** What differs between two notebooks: cells, their results, and what they were made with. */
import { diffArrays } from 'diff';
import type { Notebook, NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import type { CellChange, LineChange, NotebookChanges, ResultChange } from './changes.ts';
import { movedTexts, NO_DIFFERENCES } from './changes.ts';
import { type CellPair, pairCells } from './pairCells.ts';
import { madeWithChanges } from './provenanceChanges.ts';
import { viewChanges, viewTitle } from './viewChanges.ts';

/** In the order of the second notebook. Cells of which nothing differs are left out. */
export function changesBetween(before: Notebook, after: Notebook): NotebookChanges {
  return {
    cells: pairCells(before.cells, after.cells).flatMap((pair) => cellChange(pair, before.cells, after.cells)),
    madeWith: madeWithChanges(before.provenance, after.provenance),
  };
}

function cellChange(
  { before, after }: CellPair,
  firsts: readonly NotebookCell[],
  seconds: readonly NotebookCell[],
): CellChange[] {
  const [was, is] = [firsts[before ?? -1], seconds[after ?? -1]];
  const lines = lineChanges(was?.source ?? [], is?.source ?? []);
  const results = was && is ? resultChanges(was.outputs ?? [], is.outputs ?? []) : [];
  if (was && is && lines.length + results.length === 0) return [];
  return [
    {
      state: was && is ? 'changed' : is ? 'new' : 'gone',
      kind: (is ?? was)!.kind,
      ...(before !== undefined && { before: before + 1 }),
      ...(after !== undefined && { after: after + 1 }),
      lines,
      results,
    },
  ];
}

/** All lines where any differs. */
function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  const runs = diffArrays([...before], [...after]);
  if (runs.every(({ added, removed }) => !added && !removed)) return [];
  return runs.flatMap(({ added, removed, value }) =>
    value.map((text): LineChange => ({ state: added ? 'new' : removed ? 'gone' : 'same', text })),
  );
}

/** Results of the same kind and title are the same one; of those left, the first of a kind is the first of the other's. */
function resultChanges(before: readonly NotebookOutput[], after: readonly NotebookOutput[]): ResultChange[] {
  const left = [...before];
  const take = (isIt: (one: NotebookOutput) => boolean) => {
    const at = left.findIndex(isIt);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const partners = after.map((output) =>
    take((one) => titleOf(one) === titleOf(output) && kindOf(one) === kindOf(output)),
  );
  const all = after.map((output, n) => [partners[n] ?? take((one) => kindOf(one) === kindOf(output)), output] as const);
  return [...all.flatMap(([was, is]) => resultChange(was, is)), ...left.flatMap((was) => resultChange(was, undefined))];
}

function resultChange(was: NotebookOutput | undefined, is: NotebookOutput | undefined): ResultChange[] {
  const title = titleOf((is ?? was)!);
  if (!was || !is) return [{ title, state: is ? 'new' : 'gone', ...NO_DIFFERENCES }];
  const own = was.view && is.view ? viewChanges(was.view, is.view) : NO_DIFFERENCES;
  const moved = [
    ...movedTexts('Title', titleOf(was), title),
    ...movedTexts('What went wrong', was.problem?.message, is.problem?.message),
    ...(was.view || is.view ? [] : movedTexts('Text', was.text, is.text)),
    ...own.moved,
  ];
  return moved.length + own.notes.length === 0 ? [] : [{ title, state: 'changed', moved, notes: own.notes }];
}

function kindOf({ view, problem }: NotebookOutput): string {
  return view?.type ?? (problem ? 'problem' : 'text');
}

function titleOf({ view, problem }: NotebookOutput): string {
  return view ? viewTitle(view) : problem ? 'Error' : 'Text';
}
