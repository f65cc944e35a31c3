/** Values of one kind one behind another, without signs between, where commas separate what they belong to. */
import { nextOf } from '../completion.ts';
import type { ClauseKind } from './clause.ts';

export function several<T>(of: ClauseKind<T>): ClauseKind<readonly T[]> {
  return {
    expected: `${of.expected}, or several one behind another`,
    parts: [of],
    fits: of.fits,
    parse(reader) {
      const first = reader.peek();
      const items = [reader.read(of)];
      while (of.isSurely?.(reader.peek())) items.push(reader.read(of));
      return {
        kind: 'several',
        items,
        parts: items,
        resolve: (scope) => items.map((item) => item.resolve(scope)),
        ...reader.since(first),
      };
    },
    format(value) {
      const items = Array.isArray(value) ? value.map(of.format) : [undefined];
      return items.includes(undefined) ? undefined : items.join(' ');
    },
    continues: true,
    complete: (place, around) => nextOf(of, { ...place, value: [] }, around),
  };
}
