/** Any kind, with its values made into others. */
import type { ClauseKind } from './clause.ts';

export function mapped<T, U>(type: ClauseKind<T>, make: (value: T) => U): ClauseKind<U> {
  const { fromParameter: _, ...rest } = type;
  return {
    ...rest,
    parse(reader) {
      const node = type.parse(reader);
      return { ...node, resolve: (scope) => make(node.resolve(scope)) };
    },
  };
}
