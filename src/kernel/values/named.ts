/** Results with their names, as verbs take them. */
import { UserError } from '../base/userError.ts';
import { type Value, type ValueKind, wrongKindMessage } from './value.ts';

type OfKind<K extends ValueKind> = Extract<Value, { kind: K }>;

interface NamedValue<V extends Value> {
  readonly name: string;
  readonly value: V;
}

/** A result of one of the kinds, with its name. */
export type Named<K extends ValueKind = ValueKind> = NamedValue<OfKind<K>>;

export function isOfKind<K extends ValueKind>(value: Value, kinds: readonly K[]): value is OfKind<K> {
  return kinds.some((kind) => kind === value.kind);
}

/** The same result, if it is of one of the kinds. Throws a UserError that says what it is instead. */
export function ofKind<K extends ValueKind>({ name, value }: Named, ...kinds: readonly K[]): Named<K> {
  if (!isOfKind(value, kinds)) throw new UserError('wrong-kind', wrongKindMessage(name, [value.kind], kinds));
  return { name, value };
}
