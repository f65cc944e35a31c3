/** The name of an earlier result. */
import { suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { isOfKind, type Named } from '../../values/named.ts';
import { kindsInWords, type ValueKind, wrongKindMessage } from '../../values/value.ts';
import { namesOfKinds } from '../completion.ts';
import type { Extent } from '../spans.ts';
import type { ClauseKind, Scope, ValueNode } from './clause.ts';

/** The name of a result of one of the kinds. */
export function name<const K extends ValueKind>(...of: readonly K[]): ClauseKind<Named<K>> {
  const type: ClauseKind<Named<K>> = {
    expected: `the name of ${kindsInWords(of)}`,
    parts: [],
    fits: ({ kind }) => kind === 'word',
    parse(reader) {
      if (reader.peek().kind !== 'word') throw reader.mismatch(type);
      const { value, start, end } = reader.take();
      return nameNode(value, of, { start, end }, (named) => named);
    },
    format: () => undefined,
    complete: (_, around) => namesOfKinds(around, of),
  };
  return type;
}

/** A name in the text, with what is made of its result. */
export function nameNode<K extends ValueKind, T>(
  written: string,
  of: readonly K[],
  extent: Extent,
  make: (named: Named<K>, scope: Scope) => T,
): ValueNode<T> {
  const resolve = (scope: Scope) => make(lookUp(written, of, extent, scope), scope);
  return { kind: 'name', use: { name: written, of }, parts: [], resolve, ...extent };
}

function lookUp<K extends ValueKind>(written: string, of: readonly K[], extent: Extent, scope: Scope): Named<K> {
  const value = scope.results.get(written);
  if (scope.waiting.has(written))
    throw new UserError('nothing-selected', `\`${written}\` is empty until patients are selected in a figure.`);
  if (!value) throw new UserError('unknown-name', notDefined(written, [...scope.results.keys()]), scope.place(extent));
  if (!isOfKind(value, of))
    throw new UserError('wrong-kind', wrongKindMessage(written, [value.kind], of), scope.place(extent));
  return { name: written, value };
}

function notDefined(written: string, known: readonly string[]): string {
  return `\`${written}\` is not defined${known.length ? ` yet: ${suggestionFor(written, known)}` : ': nothing has a name yet.'}`;
}
