/** A new name, an equals sign, and a value. */
import { nextOf } from '../completion.ts';
import type { ClauseKind } from './clause.ts';

export interface Assignment<T> {
  readonly name: string;
  readonly value: T;
}

export function assignment<T>(of: ClauseKind<T>): ClauseKind<Assignment<T>> {
  const type: ClauseKind<Assignment<T>> = {
    expected: 'a name, `=` and a value',
    parts: [of],
    continues: true,
    fits: ({ kind }) => kind === 'word',
    parse(reader) {
      const token = reader.peek();
      if (token.kind !== 'word' || reader.peek(1).value !== '=') throw reader.mismatch(type);
      reader.take();
      reader.take();
      const value = reader.read(of, `\`${token.value} =\``);
      const name = token.value;
      return {
        kind: 'assignment',
        assigned: { name, value, type: of },
        parts: [value],
        resolve: (scope) => ({ name, value: value.resolve(scope) }),
        start: token.start,
        end: value.end,
      };
    },
    format: () => undefined,
    complete(place, around) {
      const equals = place.value.findIndex(({ kind, value }) => kind === 'symbol' && value === '=');
      return equals < 0 ? [] : nextOf(of, { ...place, value: place.value.slice(equals + 1) }, around);
    },
  };
  return type;
}
