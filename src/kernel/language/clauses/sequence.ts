/** Values one after another. */
import type { ClauseKind, ValueNode } from './clause.ts';

/** Values of all the kinds, in this order; those of `maybe` are undefined where they are not written. */
export function sequence<const T extends readonly unknown[]>(
  ...kinds: { readonly [N in keyof T]: ClauseKind<T[N]> }
): ClauseKind<T> {
  const parts: readonly ClauseKind[] = kinds;
  return {
    expected: parts.map(({ expected, isOptional }) => `${expected}${isOptional ? ' (optional)' : ''}`).join(', then '),
    parts,
    continues: true,
    fits: (token) => parts[0]?.fits(token) ?? false,
    parse(reader) {
      const first = reader.peek();
      const isAbsent = (part: ClauseKind) =>
        part.isOptional && (reader.endsValue() || reader.peek().value === ',' || !part.fits(reader.peek()));
      const nodes = parts.map((part): ValueNode | undefined => (isAbsent(part) ? undefined : reader.read(part)));
      return {
        kind: 'sequence',
        parts: nodes.filter((node) => node !== undefined),
        // SAFETY: each node was read by the kind at its own place, and resolves to that kind's values.
        resolve: (scope) => nodes.map((node) => node?.resolve(scope)) as unknown as T,
        ...reader.since(first),
      };
    },
    format(value) {
      if (!Array.isArray(value)) return undefined;
      const written = parts.map((part, n) => (part.isOptional && value[n] === undefined ? '' : part.format(value[n])));
      return written.includes(undefined) ? undefined : written.filter(Boolean).join(' ');
    },
    complete: (place, around) => parts.flatMap((part) => part.complete(place, around)),
  };
}

/** A part of a sequence that need not be written. */
export function maybe<T>(type: ClauseKind<T>): ClauseKind<T | undefined> {
  return { ...type, isOptional: true };
}
