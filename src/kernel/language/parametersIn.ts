/** The parameters of a notebook. Text alone; nothing is run. */
import { definitionsIn } from './checker.ts';
import type { SourceCell, VerbTable } from './parser.ts';

/** Names that stand for parameters, or may do so: what a mistaken statement would have given is of no kind yet. */
export function parametersIn(cells: readonly SourceCell[], verbs: VerbTable): ReadonlySet<string> {
  return new Set(
    [...definitionsIn(cells, verbs)].flatMap(([name, { kinds }]) =>
      kinds.length === 0 || kinds.includes('parameter') ? [name] : [],
    ),
  );
}
