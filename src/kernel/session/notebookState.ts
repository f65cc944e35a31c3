/** How the cells of a notebook stand to each other and to what has run: what is out of date, and which cell uses which. */
import type { CellDependencies, CellText, StaleCell } from '../../protocol/kernelApi.ts';
import { namesOfCells } from '../language/dependencies.ts';
import { VERBS } from '../verbs/index.ts';
import { type Staleness, staleCells } from './staleness.ts';

/** In the order in which they have to run. */
export function staleAmong(cells: readonly CellText[], staleness: Staleness): StaleCell[] {
  const named = namesOfCells(cells, VERBS).map((names, n) => ({ ...names, ...cells[n]! }));
  return staleCells(named, staleness);
}

/** In the order of the notebook. */
export function dependenciesOf(cells: readonly CellText[], runs: Staleness['runs']): CellDependencies[] {
  const all = namesOfCells(cells, VERBS);
  const definedBy = new Map(all.flatMap(({ cellId, defines }) => [...defines].map((name) => [name, cellId] as const)));
  return all.map(({ cellId, defines, uses }) => {
    const ended = runs.get(cellId)?.status;
    return {
      cellId,
      defines: [...defines],
      uses: [...uses].flatMap((name) => {
        const from = definedBy.get(name);
        return from === undefined || from === cellId ? [] : [{ name, from }];
      }),
      hasRun: runs.has(cellId),
      ...(ended && { ended }),
    };
  });
}
