/** Values separated by commas. */
import { nextOf } from '../completion.ts';
import type { ClauseKind } from './clause.ts';

export function list<T>(of: ClauseKind<T>): ClauseKind<readonly T[]> {
  return {
    expected: `${of.expected}, or several with commas between`,
    parts: [of],
    fits: of.fits,
    parse(reader) {
      const first = reader.peek();
      const items = [reader.read(of)];
      while (reader.peek().value === ',' && reader.peek().kind === 'symbol') {
        reader.take();
        items.push(reader.read(of));
      }
      return {
        kind: 'list',
        items,
        parts: items,
        resolve: (scope) => items.map((item) => item.resolve(scope)),
        ...reader.since(first),
      };
    },
    leftOver(reader) {
      const token = reader.peek();
      if (!of.isSurely?.(token)) return of.leftOver?.(reader);
      return reader.fail(
        'missing-comma',
        `${reader.where} takes several values with commas between: one is missing here.`,
        token,
      );
    },
    format(value) {
      const items = Array.isArray(value) ? value.map(of.format) : [undefined];
      return items.includes(undefined) ? undefined : items.join(', ');
    },
    continues: true,
    complete(place, around) {
      const comma = place.value.findLastIndex(({ kind, value }) => kind === 'symbol' && value === ',');
      return nextOf(of, { ...place, value: place.value.slice(comma + 1) }, around);
    },
  };
}
