/** The syntax tree of a cell: statements, their clauses, and the values written in them. */
import type { ValueKind } from '../values/value.ts';
import type { ClauseType } from '../verbs/verb.ts';
import type { Extent } from './spans.ts';

export type ValueNode =
  /** The name of an earlier result, which must be of one of the kinds. */
  | (Extent & {
      readonly kind: 'name';
      readonly name: string;
      readonly of: readonly ValueKind[];
      /** What a parameter's value must be to stand here. */
      readonly as?: ClauseType;
    })
  | (Extent & { readonly kind: 'text'; readonly text: string })
  | (Extent & { readonly kind: 'number'; readonly value: number; readonly unit: string | undefined })
  /** A word of a choice, in its standard spelling. */
  | (Extent & { readonly kind: 'word'; readonly word: string })
  | (Extent & { readonly kind: 'range'; readonly low: number; readonly high: number })
  | (Extent & { readonly kind: 'expression'; readonly source: string })
  | (Extent & { readonly kind: 'assignment'; readonly name: string; readonly value: ValueNode })
  | (Extent & { readonly kind: 'list'; readonly items: readonly ValueNode[] })
  | (Extent & { readonly kind: 'sequence'; readonly parts: readonly (ValueNode | undefined)[] });

/** The values that a value is made of, or itself. */
export function leavesOf(node: ValueNode): ValueNode[] {
  switch (node.kind) {
    case 'list':
      return node.items.flatMap(leavesOf);
    case 'sequence':
      return node.parts.flatMap((part) => (part ? leavesOf(part) : []));
    case 'assignment':
      return leavesOf(node.value);
    default:
      return [node];
  }
}

export interface Statement extends Extent {
  readonly verb: string;
  readonly verbExtent: Extent;
  readonly subject: ValueNode;
  readonly clauses: ReadonlyMap<string, { readonly keyword: Extent; readonly value: ValueNode }>;
  /** The name of the result: behind `as`, or before the equals sign of a verb that names what it assigns. */
  readonly name: (Extent & { readonly text: string }) | undefined;
}
