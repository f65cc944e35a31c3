/** Any kind, with the place of its value in the cell, for verbs that have more to say about it. */
import type { SourceSpan } from '../../../protocol/kernelApi.ts';
import type { ClauseKind } from './clause.ts';

export interface Placed<T> {
  readonly value: T;
  /** Undefined where it is not written, but the default. */
  readonly span: SourceSpan | undefined;
}

export function placed<T>(type: ClauseKind<T>): ClauseKind<Placed<T>> {
  const { fromParameter: _, ...rest } = type;
  return {
    ...rest,
    parse(reader) {
      const node = type.parse(reader);
      return { ...node, resolve: (scope) => ({ value: node.resolve(scope), span: scope.place(node) }) };
    },
    format: (value) =>
      type.format(typeof value === 'object' && value !== null && 'value' in value ? value.value : undefined),
  };
}

/** The value of a clause that is left out. */
export function unwritten<const T>(value: T): Placed<T> {
  return { value, span: undefined };
}
