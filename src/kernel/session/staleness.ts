/** Which cells no longer show what they would give now, and why: their text, what they use, or a file has changed. */
import { basename } from 'node:path';
import type { CellText, RunCellResult, StaleCause, StaleCell } from '../../protocol/kernelApi.ts';
import { numberOf } from '../language/checker.ts';
import type { CellNames } from '../language/dependencies.ts';
import { tokenize } from '../language/tokens.ts';
import type { TextByPlace } from './textsByPlace.ts';

/** How a cell was when it last ran. */
export interface CellRun {
  /** Its number; results that it made have the same. */
  readonly run: number;
  /** How it ended; undefined while it runs. */
  readonly status: RunCellResult['status'] | undefined;
  readonly text: string;
  /** The same with places in the place of names. */
  readonly byPlace: TextByPlace;
  /** The same of what is written beside its parameters. */
  readonly besideParameters: string;
  /** The results that it could use, by name, with the number of each. */
  readonly used: ReadonlyMap<string, number>;
}

/** What a name stands for now. */
export interface NamedRun {
  /** Another one for each result. */
  readonly made: number;
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
  cells: readonly (CellNames & CellText)[],
  { runs, names, changedInputs }: Staleness,
): StaleCell[] {
  const definedBy = new Map(cells.flatMap((cell) => [...cell.defines].map((name) => [name, cell] as const)));
  const known = new Map<string, readonly Cause[]>();
  const order: StaleCell[] = [];

  /** What a cell that failed was to make is still what it was before, or is not there. */
  function isLost(definer: string, now: NamedRun | undefined): boolean {
    const run = runs.get(definer);
    return run?.status === 'failed' && run.run !== now?.run;
  }

  function causesOf(cell: (typeof cells)[number]): readonly Cause[] {
    const earlier = known.get(cell.cellId);
    if (earlier) return earlier;
    known.set(cell.cellId, []);
    const run = runs.get(cell.cellId);
    if (!run) return [];
    const causes: Cause[] = [];
    if (tokenText(cell.source) !== run.text)
      causes.push({
        kind: tokenText(cell.besideParameters) === run.besideParameters ? 'parameter' : 'edit',
        reason: 'its text has changed',
      });
    for (const path of changedInputs(cell.cellId))
      causes.push({ kind: 'file', reason: `\`${basename(path)}\` has changed on disk` });
    for (const name of cell.uses) {
      const definer = definedBy.get(name);
      const inherited = definer ? causesOf(definer) : [];
      const now = names.get(name);
      if (inherited.length)
        causes.push(...inherited.map(({ kind }) => ({ kind, reason: `\`${name}\` is out of date` })));
      else if (definer && isLost(definer.cellId, now))
        causes.push({
          kind: 'failed',
          reason: `cell ${numberOf(cells, cells.indexOf(definer))}, which makes \`${name}\`, failed`,
        });
      else if (now && run.used.get(name) !== now.made)
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
