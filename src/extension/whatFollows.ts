/** Decides which cells of a notebook run by themselves after a change, and which are only marked as out of date. */
import type { StaleCause, StaleCell } from '../protocol/kernelApi.ts';
import type { CellFromFile } from './outdatedFromFile.ts';

export interface Change {
  /** Out of date, of those that have run in this kernel. */
  readonly stale: readonly StaleCell[];
  /** Cells with problems; they wait until they are mended. */
  readonly broken: ReadonlySet<string>;
  /** None runs twice for one change. */
  readonly ran: ReadonlySet<string>;
  /** What the settings let run by itself. */
  readonly settings: { readonly parameters: boolean; readonly edits: boolean };
}

/** The stale cells that run by themselves. */
export function runsByItself({ stale, broken, ran, settings }: Change): readonly StaleCell[] {
  return stale.filter(
    ({ cellId, causes }) => !ran.has(cellId) && !broken.has(cellId) && causes.some((cause) => letsRun(cause, settings)),
  );
}

function letsRun(cause: StaleCause, { parameters, edits }: Change['settings']): boolean {
  switch (cause) {
    case 'parameter':
      return parameters;
    case 'failed':
      return false;
    default:
      return edits;
  }
}

export interface WhatFollows {
  readonly running: readonly Pick<StaleCell, 'cellId'>[];
  readonly marked: readonly Pick<StaleCell, 'cellId' | 'reason'>[];
}

/** Cells whose outputs are from the file run after all `next` ones have; those that run now are marked only if they are still out of date then. */
export function whatFollows(
  { stale, broken, settings }: Change,
  next: readonly StaleCell[],
  fromFile: readonly CellFromFile[],
): WhatFollows {
  const fromFileNow = settings.parameters ? fromFile.filter(({ cellId }) => !broken.has(cellId)) : [];
  const running = next.length ? next : fromFileNow;
  const waiting = settings.parameters ? [] : fromFile.filter(({ isOutOfDate }) => isOutOfDate);
  const begun = new Set(running.map(({ cellId }) => cellId));
  return { running, marked: [...stale, ...waiting].filter(({ cellId }) => !begun.has(cellId)) };
}
