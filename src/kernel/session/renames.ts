/** Follows names that were changed in the notebook's text everywhere: what had run has run under the new names, too. */
import type { CellText } from '../../protocol/kernelApi.ts';
import type { Results } from './results.ts';
import type { CellRun } from './staleness.ts';
import { textsOf } from './textsByPlace.ts';

/** Gives results the names that their cells have now, and each cell that differs in names alone the text that it has now. */
export function followRenames(cells: readonly CellText[], runs: Map<string, CellRun>, results: Results): void {
  const texts = textsOf(cells);
  const renamed = new Map<string, string>();
  for (const { cellId } of cells) {
    const run = runs.get(cellId);
    const here = texts.get(cellId)!;
    if (!run || run.text === here.text || run.byPlace.text !== here.byPlace.text) continue;
    const now = new Map(run.byPlace.names.map((name, n) => [name, here.byPlace.names[n]!]));
    runs.set(cellId, { ...run, ...here, used: withNames(run.used, now) });
    for (const [name, other] of now) if (results.get(name)?.cellId === cellId) renamed.set(name, other);
  }
  if (renamed.size > 0) results.rename(renamed);
}

/** Entries with the names that they have now, where these are others; those come last, and win. */
function withNames(used: ReadonlyMap<string, number>, now: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const moved = [...used].filter(([name]) => now.has(name));
  return new Map([
    ...[...used].filter(([name]) => !now.has(name)),
    ...moved.map(([name, made]) => [now.get(name)!, made] as const),
  ]);
}
