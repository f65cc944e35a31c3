/** The syntax tree of a cell: statements with their clauses; their values are in `clauses/clause.ts`. */
import type { ValueNode } from './clauses/clause.ts';
import type { Extent } from './spans.ts';

export interface Statement extends Extent {
  readonly verb: string;
  readonly verbExtent: Extent;
  readonly subject: ValueNode;
  readonly clauses: ReadonlyMap<string, { readonly keyword: Extent; readonly value: ValueNode }>;
  /** The name of the result: behind `as`, or before the equals sign of a verb that names what it assigns. */
  readonly name: (Extent & { readonly text: string }) | undefined;
}

/** The subject, then the values of the clauses as they are written. */
export function valuesIn({ subject, clauses }: Statement): ValueNode[] {
  return [subject, ...[...clauses.values()].map(({ value }) => value)];
}
