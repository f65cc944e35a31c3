/** The first of several kinds that fits the next word. */
import { nextOf } from '../completion.ts';
import type { ClauseKind } from './clause.ts';

export function either<const T extends readonly unknown[]>(
  ...kinds: { readonly [N in keyof T]: ClauseKind<T[N]> }
): ClauseKind<T[number]> {
  const parts: readonly ClauseKind<T[number]>[] = kinds;
  const type: ClauseKind<T[number]> = {
    expected: parts.map(({ expected }) => expected).join(', or '),
    parts,
    continues: true,
    fits: (token) => parts.some((part) => part.fits(token)),
    parse(reader) {
      const fitting = parts.find((part) => part.fits(reader.peek()));
      if (!fitting) throw reader.mismatch(type);
      return reader.read(fitting);
    },
    format(value) {
      for (const part of parts) {
        const written = part.format(value);
        if (written !== undefined) return written;
      }
      return undefined;
    },
    complete(place, around) {
      const [first] = place.value;
      const possible = first ? parts.filter((part) => part.fits(first)).slice(0, 1) : parts;
      return possible.flatMap((part) => nextOf(part, place, around));
    },
  };
  return type;
}
