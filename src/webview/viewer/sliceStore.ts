/** The slices of one viewer: those that came with the notebook, those asked for, the next ones fetched ahead. */
import type { EncodedSlice, Plane, SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { decodeSlice, type Slice } from './decode.ts';

const KEPT = 160;
/** Slices on their way at once, so that none waits for the way of another. */
const AT_ONCE = 8;
/** Slices fetched beyond the wanted one: both ways alike before the user scrolls, then in the direction of travel and against it. */
const AROUND = 40;
const AHEAD = 100;
const BEHIND = 4;
/** Slices come in steps of HU; the one that is looked at for this long comes exactly. */
const REST_MS = 150;

export interface SliceStore {
  /** The slice if it is here. */
  get(plane: Plane, index: number): Slice | undefined;
  /**
   * Fetches a slice and, after it, its neighbours, those first that scrolling on would show; calls `onChange` when it
   * arrives, and again when it is there exactly. Earlier wishes are dropped.
   */
  want(plane: Plane, index: number): void;
  /** Why further slices cannot be had, once that is known. */
  problem(): string | undefined;
}

/** Of a view, whose own slices are there from the start. */
export function createSliceStore(
  { slices: first, sliceCounts: counts, handle }: Pick<SliceView, 'slices' | 'sliceCounts' | 'handle'>,
  { requestSlice }: Pick<Messaging, 'requestSlice'>,
  onChange: () => void,
): SliceStore {
  const slices = new Map<string, Slice>();
  const asked = new Set<string>();
  let wishes: { plane: Plane; index: number; coarse: boolean }[] = [];
  let last: { plane: Plane; index: number } | undefined;
  /** The way in which the user scrolls, 0 before that is known. */
  let travel = 0;
  let problem: string | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const key = (plane: Plane, index: number) => `${plane} ${index}`;

  /** Whether the slice is here as well as it is wanted. */
  const has = (name: string, coarse: boolean) => slices.has(name) && (coarse || !slices.get(name)!.coarse);

  const keep = (slice: Slice) => {
    if (has(key(slice.plane, slice.index), slice.coarse ?? false)) return;
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
      const { plane, index, coarse } = wishes.shift()!;
      const name = key(plane, index);
      const request = `${name} ${coarse}`;
      if (has(name, coarse) || asked.has(request) || unpacked.has(name)) continue;
      asked.add(request);
      void requestSlice({ handle, plane, index, coarse }).then(async (reply) => {
        if ('slice' in reply) await decode(reply.slice);
        else fail(reply.problem);
        asked.delete(request);
        next();
      });
    }
  };

  return {
    get(plane, index) {
      return slices.get(key(plane, index));
    },
    want(plane, index) {
      // One that is wanted again, because it is still on its way, is no turn.
      if (last?.plane !== plane) travel = 0;
      else if (index !== last.index) travel = Math.sign(index - last.index);
      last = { plane, index };
      wishes = outwards(index, travel)
        .filter((i) => i >= 0 && i < counts[plane])
        .map((i) => ({ plane, index: i, coarse: true }));
      next();
      clearTimeout(rest);
      rest = setTimeout(() => {
        wishes.unshift({ plane, index, coarse: false });
        next();
      }, REST_MS);
    },
    problem: () => (last && unpacked.has(key(last.plane, last.index)) ? undefined : problem),
  };
}

/** A slice and its neighbours, the nearest first, as far each way as scrolling on would show them. */
function outwards(index: number, travel: number): number[] {
  const reach = (way: number) => (travel === 0 ? AROUND : travel === way ? AHEAD : BEHIND);
  const [up, down] = [reach(1), reach(-1)];
  const near = Array.from({ length: AHEAD }, (_, n) => [
    ...(n < up ? [index + n + 1] : []),
    ...(n < down ? [index - n - 1] : []),
  ]);
  return [index, ...near.flat()];
}
