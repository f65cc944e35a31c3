/** Which cells no longer show what they would give now, and why: their text, what they use, or a file has changed. */
import { basename } from 'node:path';
import type { StaleCause, StaleCell } from '../../protocol/kernelApi.ts';
import type { CellNames } from '../language/dependencies.ts';
import { tokenize } from '../language/tokens.ts';

/** How a cell was when it last ran. */
export interface CellRun {
  readonly text: string;
  /** The results that it could use, by name, with the number of the run that made each. */
  readonly used: ReadonlyMap<string, number>;
}

/** What a name stands for now. */
export interface NamedRun {
  /** Number of the run that made it. */
  readonly run: number;
  readonly isParameter: boolean;
}

export interface Staleness {
  /** Cells that ran, by id; others show nothing that could be out of date. */
  readonly runs: ReadonlyMap<string, CellRun>;
  readonly names: ReadonlyMap<string, NamedRun>;
  readonly changedInputs: (cellId: string) => readonly string[];
}

interface Cause {
  readonly kind: StaleCause;
  readonly reason: string;
}

/** A cell's words and signs: spaces, empty lines and comments change nothing. */
export function tokenText(source: string): string {
  return tokenize(source)
    .map(({ kind, value, startsLine }) => `${startsLine ? '\n' : ''}${kind} ${value}`)
    .join('\n');
}

/** Stale cells in the order in which they have to run. Cells that need each other are never stale by each other. */
export function staleCells(
  cells: readonly (CellNames & { readonly source: string })[],
  { runs, names, changedInputs }: Staleness,
): StaleCell[] {
  const definedBy = new Map(cells.flatMap((cell) => [...cell.defines].map((name) => [name, cell] as const)));
  const known = new Map<string, readonly Cause[]>();
  const order: StaleCell[] = [];

  function causesOf(cell: (typeof cells)[number]): readonly Cause[] {
    const earlier = known.get(cell.cellId);
    if (earlier) return earlier;
    known.set(cell.cellId, []);
    const run = runs.get(cell.cellId);
    if (!run) return [];
    const causes: Cause[] = [];
    if (tokenText(cell.source) !== run.text)
      causes.push({ kind: cell.isParameter ? 'parameter' : 'edit', reason: 'its text has changed' });
    for (const path of changedInputs(cell.cellId))
      causes.push({ kind: 'file', reason: `\`${basename(path)}\` has changed on disk` });
    for (const name of cell.uses) {
      const definer = definedBy.get(name);
      const inherited = definer ? causesOf(definer) : [];
      const now = names.get(name);
      if (inherited.length)
        causes.push(...inherited.map(({ kind }) => ({ kind, reason: `\`${name}\` is out of date` })));
      else if (now && run.used.get(name) !== now.run)
        causes.push({ kind: now.isParameter ? 'parameter' : 'edit', reason: `\`${name}\` has changed` });
    }
    known.set(cell.cellId, causes);
    if (causes.length)
      order.push({
        cellId: cell.cellId,
        causes: [...new Set(causes.map(({ kind }) => kind))],
        reason: [...new Set(causes.map(({ reason }) => reason))].join(', '),
      });
    return causes;
  }

  for (const cell of cells) causesOf(cell);
  return order;
}
