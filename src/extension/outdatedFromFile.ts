/** Which cells of a notebook that was opened with its outputs are out of date once parameters were moved. */
import type { CellDependencies } from '../protocol/kernelApi.ts';

export interface CellFromFile {
  readonly cellId: string;
  readonly reason: string;
  /** Otherwise it is only needed by one that is, and shows what it would show again. */
  readonly isOutOfDate: boolean;
}

/**
 * Cells of those `shown` with outputs that follow from `moved` cells and have not run in this kernel, with whatever
 * they need that has not run either, in the order of the notebook.
 */
export function outdatedFromFile(
  moved: ReadonlySet<string>,
  all: readonly CellDependencies[],
  shown: ReadonlySet<string>,
): CellFromFile[] {
  const followers = grown(
    moved,
    all,
    ({ cellId, uses }, found) => shown.has(cellId) && uses.some(({ from }) => found.has(from)),
  );
  const wanted = all.filter(({ cellId, hasRun }) => followers.has(cellId) && !hasRun);
  const needed = grown(
    new Set(wanted.map(({ cellId }) => cellId)),
    all,
    ({ cellId, hasRun }, found) =>
      !hasRun && all.some((other) => found.has(other.cellId) && other.uses.some(({ from }) => from === cellId)),
  );
  return all
    .filter(({ cellId }) => needed.has(cellId))
    .map(({ cellId }) => ({ cellId, reason: 'a parameter has changed', isOutOfDate: followers.has(cellId) }));
}

/** The cells of `from`, and those that are taken because of others that were. */
function grown(
  from: ReadonlySet<string>,
  all: readonly CellDependencies[],
  takes: (cell: CellDependencies, found: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  const found = new Set(from);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const cell of all) if (takes(cell, found)) found.add(cell.cellId);
  }
  return found;
}
