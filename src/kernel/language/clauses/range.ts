/** Two numbers with two dots between: 0..100. */
import type { ClauseKind } from './clause.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

export function range(): ClauseKind<Range> {
  const type: ClauseKind<Range> = {
    expected: 'a range such as 0..100',
    parts: [],
    fits: ({ kind }) => kind === 'number',
    parse(reader) {
      const first = reader.peek();
      const [dots, last] = [reader.peek(1), reader.peek(2)];
      if (first.kind !== 'number' || dots.value !== '..' || last.kind !== 'number') throw reader.mismatch(type);
      for (let n = 0; n < 3; n++) reader.take();
      const value = { low: Number(first.value), high: Number(last.value) };
      return { kind: 'range', ...value, parts: [], resolve: () => value, start: first.start, end: last.end };
    },
    format: () => undefined,
    complete: () => [],
  };
  return type;
}
