/** The name of a column of a table, as it stands at the top of it. */
import type { Completion } from '../../../protocol/kernelApi.ts';
import type { ClauseKind } from './clause.ts';
import { readParameter } from './parameter.ts';

/**
 * A word, or a text in double quotes where the column's name is not one word. `words` stand where a column may, for what
 * the verb knows besides.
 */
export function column(...words: readonly string[]): ClauseKind<string> {
  const type: ClauseKind<string> = {
    expected: 'the name of a column',
    parts: [],
    ...(words.length ? { words } : {}),
    takesVerbs: true,
    fits: ({ kind }) => kind === 'word' || kind === 'text',
    parse(reader) {
      const token = reader.peek();
      if (reader.isParameter(token)) return readParameter(reader, type);
      if (token.kind !== 'word' && token.kind !== 'text') throw reader.mismatch(type);
      reader.take();
      return {
        kind: 'column',
        column: token.value,
        parts: [],
        resolve: () => token.value,
        start: token.start,
        end: token.end,
      };
    },
    format: (value) =>
      typeof value !== 'string' ? undefined : /^[\p{L}_][\p{L}\p{N}_]*$/u.test(value) ? value : JSON.stringify(value),
    fromParameter: (value) => (typeof value === 'string' ? value : undefined),
    complete({ before }, { names }) {
      const used = names.filter(({ name }) => before.some(({ value }) => value === name));
      return [...new Set(used.flatMap(({ columns = [] }) => columns))].map(
        (label): Completion => ({ kind: 'column', label, detail: 'column' }),
      );
    },
  };
  return type;
}
