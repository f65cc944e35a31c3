/** The slices of one viewer: those that came with the notebook, those asked for, the next ones fetched ahead. */
import type { EncodedSlice, Plane } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { decodeSlice, type Slice } from './decode.ts';

const KEPT = 160;
const AT_ONCE = 3;
const AHEAD = 4;

export interface SliceStore {
  /** The slice if it is here. */
  get(plane: Plane, index: number): Slice | undefined;
  /** Fetches a slice and, after it, its neighbours; calls `onChange` as they arrive. Earlier wishes are dropped. */
  want(plane: Plane, index: number): void;
  /** Why further slices cannot be had, once that is known. */
  problem(): string | undefined;
}

export function createSliceStore(
  first: readonly EncodedSlice[],
  counts: Readonly<Record<Plane, number>>,
  handle: string,
  messaging: Messaging,
  onChange: () => void,
): SliceStore {
  const slices = new Map<string, Slice>();
  const asked = new Set<string>();
  let wishes: { plane: Plane; index: number }[] = [];
  let problem: string | undefined;
  const key = (plane: Plane, index: number) => `${plane} ${index}`;

  const keep = (slice: Slice) => {
    slices.set(key(slice.plane, slice.index), slice);
    for (const oldest of slices.keys()) {
      if (slices.size <= KEPT) break;
      slices.delete(oldest);
    }
    onChange();
  };
  const fail = (reason: string) => {
    problem = reason;
    onChange();
  };
  const decode = (encoded: EncodedSlice) =>
    decodeSlice(encoded).then(keep, () => fail('This slice is damaged. Run the cell again.'));
  for (const encoded of first) void decode(encoded);

  const next = (): void => {
    while (asked.size < AT_ONCE && wishes.length && !problem) {
      const { plane, index } = wishes.shift()!;
      const name = key(plane, index);
      if (slices.has(name) || asked.has(name)) continue;
      asked.add(name);
      void messaging.requestSlice({ handle, plane, index }).then(async (reply) => {
        asked.delete(name);
        if ('slice' in reply) await decode(reply.slice);
        else fail(reply.problem);
        next();
      });
    }
  };

  return {
    get(plane, index) {
      return slices.get(key(plane, index));
    },
    want(plane, index) {
      const near = Array.from({ length: AHEAD }, (_, n) => [index + n + 1, index - n - 1]).flat();
      wishes = [index, ...near].filter((i) => i >= 0 && i < counts[plane]).map((i) => ({ plane, index: i }));
      next();
    },
    problem: () => problem,
  };
}
