/** Cells that need each other's results. */
import type { CellNames } from './dependencies.ts';

/** Each cell uses a name that the next one defines, and the last one's is the first cell again. */
export type Circle = readonly { readonly cell: number; readonly name: string; readonly definer: number }[];

/** The shortest circle that begins with a cell's use of a name; undefined where there is none. */
export function circleThrough(cells: readonly CellNames[], cell: number, name: string): Circle | undefined {
  const definerOf = new Map(cells.flatMap(({ defines }, n) => [...defines].map((defined) => [defined, n] as const)));
  const definer = definerOf.get(name);
  if (definer === undefined || definer === cell) return undefined;
  const paths: Circle[] = [[{ cell, name, definer }]];
  const seen = new Set([definer]);
  for (const path of paths) {
    const from = path.at(-1)!.definer;
    for (const used of cells[from]!.uses) {
      const next = definerOf.get(used);
      if (next === undefined) continue;
      const longer = [...path, { cell: from, name: used, definer: next }];
      if (next === cell) return longer;
      if (!seen.has(next)) paths.push(longer);
      seen.add(next);
    }
  }
  return undefined;
}
