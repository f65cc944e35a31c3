/** Which paths the cells of a notebook load, whether they have run or not. Text alone. */
import { leavesOf, type ValueNode, withParts } from './clauses/clause.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';

/** A place in the notebook: the cell's number, from 0, and a UTF-16 offset in it. */
export interface NotebookPlace {
  readonly cell: number;
  readonly offset: number;
}

export interface WrittenLoad extends NotebookPlace {
  /** A path or an address, as written, or as a parameter may have it. */
  readonly path: string;
}

/** Where the path is a parameter, one entry for each text that it is known to take; `set` are texts from outside by name. */
export function loadsIn(
  cells: readonly SourceCell[],
  verbs: VerbTable,
  set: Readonly<Record<string, string>> = {},
): WrittenLoad[] {
  const texts = new Map<string, string[]>();
  return cells.flatMap(({ source }, cell) =>
    parseCell(source, verbs, new Set(texts.keys())).statements.flatMap(({ verb, subject, clauses, name, start }) => {
      const paths = textsIn(subject, texts);
      const declaration = verbs.get(verb);
      const isLoaded = declaration && withParts(declaration.subject.type).some(({ holds }) => holds === 'file');
      if (isLoaded) return paths.map((path) => ({ path, cell, offset: start }));
      if (name && declaration?.gives.includes('parameter')) {
        const choices = [...clauses.values()].flatMap(({ value }) => textsIn(value, texts));
        const outside = set[name.text];
        texts.set(name.text, [...paths, ...choices, ...(outside === undefined ? [] : [outside])]);
      }
      return [];
    }),
  );
}

/** The texts of a value, with those of the parameters that it names. */
function textsIn(node: ValueNode, parameters: ReadonlyMap<string, readonly string[]>): string[] {
  return leavesOf(node).flatMap(({ text, use }) => {
    if (text !== undefined) return [text];
    return use ? (parameters.get(use.name) ?? []) : [];
  });
}

/** True where `a` comes after `b` in the notebook. */
export function isLater(a: NotebookPlace, b: NotebookPlace): boolean {
  return a.cell > b.cell || (a.cell === b.cell && a.offset > b.offset);
}
