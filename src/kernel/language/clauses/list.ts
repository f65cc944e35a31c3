/** Values separated by commas. */
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
    complete: of.complete,
  };
}
