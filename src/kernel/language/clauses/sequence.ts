/** Values one after another. */
import { UserError } from '../../base/userError.ts';
import { type CompletionContext, nextOf } from '../completion.ts';
import { Cursor } from '../cursor.ts';
import type { PlaceInStatement } from '../statementAt.ts';
import type { Token } from '../tokens.ts';
import { valueReader } from '../valueReader.ts';
import type { ClauseKind, Reader, ValueNode } from './clause.ts';

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
    complete: (place, around) =>
      openParts(parts, place, around).flatMap(({ part, value }) => nextOf(part, { ...place, value }, around)),
  };
}

interface OpenPart {
  readonly part: ClauseKind;
  /** What is written of it already. */
  readonly value: readonly Token[];
}

/** The parts that may be written next: the one that is not finished, or may go on, and those that may follow it. */
function openParts(
  parts: readonly ClauseKind[],
  { value, source }: PlaceInStatement,
  { names }: CompletionContext,
): OpenPart[] {
  const cursor = new Cursor(source.slice(value[0]?.start ?? source.length, value.at(-1)?.end ?? source.length));
  const isParameter = (word: string) => names.some(({ name, kinds }) => name === word && kinds.includes('parameter'));
  const reader = valueReader(cursor, { keywords: new Set(), verbs: new Set(), isParameter }, '');
  const open: OpenPart[] = [];
  let taken = 0;
  for (const part of parts) {
    const own = value.slice(taken);
    if (own.length === 0) {
      open.push({ part, value: own });
      if (!part.isOptional) break;
    } else if (!part.isOptional || part.fits(own[0]!)) {
      if (!reads(reader, part)) return [{ part, value: own }];
      taken = value.length - cursor.left();
      if (taken === value.length && part.continues) open.push({ part, value: own });
    }
  }
  return open;
}

function reads(reader: Reader, part: ClauseKind): boolean {
  try {
    reader.read(part);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** A part of a sequence that need not be written. */
export function maybe<T>(type: ClauseKind<T>): ClauseKind<T | undefined> {
  return { ...type, isOptional: true };
}
