/** The slices of one viewer: those that came with the notebook, those asked for, the next ones fetched ahead. */
import type { EncodedSlice, Plane } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { decodeSlice, type Slice } from './decode.ts';

const KEPT = 160;
/** Slices on their way at once, so that none waits for the way of another. */
const AT_ONCE = 8;
/** Slices fetched beyond the wanted one, in the direction of travel and against it; at first both ways alike. */
const AHEAD = 40;
const BEHIND = 4;

export interface SliceStore {
  /** The slice if it is here. */
  get(plane: Plane, index: number): Slice | undefined;
  /** Fetches a slice and, after it, its neighbours, those first that scrolling on would show; calls `onChange` when it arrives. Earlier wishes are dropped. */
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
  let last: { plane: Plane; index: number } | undefined;
  let problem: string | undefined;
  const key = (plane: Plane, index: number) => `${plane} ${index}`;

  const keep = (slice: Slice) => {
    slices.set(key(slice.plane, slice.index), slice);
    for (const oldest of slices.keys()) {
      if (slices.size <= KEPT) break;
      slices.delete(oldest);
    }
    // Those that are fetched ahead are not looked at yet.
    if (!last || key(last.plane, last.index) === key(slice.plane, slice.index)) onChange();
  };
  const fail = (reason: string) => {
    problem = reason;
    onChange();
  };
  const decode = (encoded: EncodedSlice) =>
    decodeSlice(encoded).then(keep, () => fail('This slice is damaged. Run the cell again.'));
  /** Slices that came with the notebook and are being unpacked: they need not be asked for, and nothing is wrong. */
  const unpacked = new Set(first.map(({ plane, index }) => key(plane, index)));
  for (const encoded of first) void decode(encoded).then(() => unpacked.delete(key(encoded.plane, encoded.index)));

  const next = (): void => {
    while (asked.size < AT_ONCE && wishes.length && !problem) {
      const { plane, index } = wishes.shift()!;
      const name = key(plane, index);
      if (slices.has(name) || asked.has(name) || unpacked.has(name)) continue;
      asked.add(name);
      void messaging.requestSlice({ handle, plane, index }).then(async (reply) => {
        if ('slice' in reply) await decode(reply.slice);
        else fail(reply.problem);
        asked.delete(name);
        next();
      });
    }
  };

  return {
    get(plane, index) {
      return slices.get(key(plane, index));
    },
    want(plane, index) {
      const travelled = last?.plane === plane ? Math.sign(index - last.index) : 0;
      last = { plane, index };
      const [up, down] = [travelled < 0 ? BEHIND : AHEAD, travelled > 0 ? BEHIND : AHEAD];
      const near = Array.from({ length: AHEAD }, (_, n) => [
        ...(n < up ? [index + n + 1] : []),
        ...(n < down ? [index - n - 1] : []),
      ]);
      wishes = [index, ...near.flat()].filter((i) => i >= 0 && i < counts[plane]).map((i) => ({ plane, index: i }));
      next();
    },
    problem: () => (last && unpacked.has(key(last.plane, last.index)) ? undefined : problem),
  };
}
