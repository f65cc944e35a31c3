/** The slices of one series: those that came with the notebook, those asked for, the next ones fetched ahead. */
import type { SliceRequest } from '../../protocol/kernelApi.ts';
import type { EncodedSlice, Plane, Slab, SliceView } from '../../protocol/view.ts';
import type { Messaging, Packed } from '../messaging.ts';
import { decodeSlice, type Slice } from './decode.ts';

const KEPT = 160;
/** Messages on their way at once, so that none waits for the way of another. */
const AT_ONCE = 4;
/** Slices that are fetched ahead come so many to a message, which costs a quarter of what a slice does. */
const TOGETHER = 4;
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
   * Fetches a slice and, after it, its neighbours, those first that scrolling on would show; `onChange` is called when it
   * arrives, and again when it is there exactly. Each plane has one wanted slice, so that several planes can be looked at;
   * the neighbours are those of the plane that was asked for last.
   */
  want(plane: Plane, index: number): void;
  /** Has the kernel bring what further slices are made of, before the user scrolls: a single one is asked for, and none of a file. */
  warm(plane: Plane, index: number): void;
  /** Why further slices cannot be had, once that is known; what is wanted later is asked for all the same. */
  problem(): string | undefined;
  /** From now on slabs are meant in the place of slices, or slices again, where they are wanted anew. */
  setSlab(slab: Slab | undefined): void;
  /** Whether the wanted slice of the plane is on its way. */
  isAwaited(plane: Plane, index: number): boolean;
}

interface Wish {
  readonly plane: Plane;
  readonly index: number;
  readonly coarse: boolean;
  readonly slab?: Slab;
}

function wishOf(
  plane: Plane,
  index: number,
  { coarse, slab }: { readonly coarse: boolean; readonly slab: Slab | undefined },
): Wish {
  return { plane, index, coarse, ...(slab ? { slab } : {}) };
}

/** Of a view, whose own slices are there from the start; `kept` says of which slices of a plane there are no others. */
export function createSliceStore(
  { slices: first, sliceCounts: counts, handle }: Pick<SliceView, 'slices' | 'sliceCounts' | 'handle'>,
  { requestSlice }: Pick<Messaging, 'requestSlice'>,
  onChange: () => void,
  kept: (plane: Plane) => readonly number[] | undefined = () => undefined,
): SliceStore {
  /** The slice that is looked at in each plane. */
  const wanted = new Map<Plane, number>();
  let slab: Slab | undefined;
  const isWanted = (place: Place) => wanted.get(place.plane) === place.index && isSameSlab(place.slab, slab);
  const came = new Set(first.map(nameOf));
  // Each plane begins with the one that came, at once, however much was scrolled meanwhile.
  const slices = createKept((slice) => isWanted(slice) || came.has(nameOf(slice)));
  const underway = createUnderway();
  /** Those that are looked at, then those that are fetched ahead. */
  let wishes: Wish[] = [];
  const travelTo = createTravel();
  let problem: string | undefined;
  /** The last one that was asked for could not be had, so that nothing is fetched ahead. */
  let isRefused = false;

  const fail = (place: Place, reason: string) => {
    isRefused = true;
    wishes = wishes.filter(isWanted);
    // Nobody has to hear that what was fetched ahead is not to be had.
    if (!isWanted(place) && !came.has(nameOf(place))) return;
    problem = reason;
    onChange();
  };
  const decode = async (encoded: EncodedSlice<Packed>) => {
    const slice = await decodeSlice(encoded).catch(() => undefined);
    if (!slice) fail(encoded, 'This slice is damaged. Run the cell again.');
    // Those that are fetched ahead are not looked at yet.
    else if (slices.keep(slice) && (wanted.size === 0 || isWanted(slice))) onChange();
  };
  /** Slices that came with the notebook and are being unpacked: they need not be asked for, and nothing is wrong. */
  const unpacked = new Set(came);
  for (const encoded of first) void decode(encoded).then(() => unpacked.delete(nameOf(encoded)));

  const ask = async (together: Together): Promise<void> => {
    underway.begin(together);
    const reply = await requestSlice(messageFor(handle, together));
    if ('slice' in reply) {
      isRefused = false;
      problem = undefined;
      await Promise.all([reply.slice, ...(reply.further ?? [])].map(decode));
    }
    underway.end(together);
    if ('problem' in reply) for (const one of together) fail(one, reply.problem);
    // What did not come with the others is asked for again, and by itself at the latest when it is the last of them.
    else wishes.unshift(...together.slice(1).filter(isMissing));
    next();
  };
  const isMissing = (wish: Wish) => !slices.has(wish) && !underway.has(wish) && !unpacked.has(nameOf(wish));
  const next = (): void => {
    wishes = wishes.filter(isMissing);
    while (!underway.isFull() && isNotEmpty(wishes)) {
      const together = firstTogether(wishes, isWanted);
      wishes = wishes.slice(together.length);
      void ask(together);
    }
  };
  const restAt = atRest((plane, index) => {
    if (!isRefused) wishes.unshift(wishOf(plane, index, { coarse: false, slab }));
    next();
  });

  return {
    get: (plane, index) => slices.get({ plane, index, slab }),
    want(plane, index) {
      const travel = travelTo(plane, index);
      wanted.delete(plane);
      wanted.set(plane, index);
      // Where nothing can be had, no more is asked for than what somebody wants to see.
      const ahead = isRefused ? [] : neighbours(index, travel).filter(isAmong(kept(plane), counts[plane]));
      const places = [...[...wanted].reverse(), ...ahead.map((i) => [plane, i] as const)];
      wishes = places.map(([p, i]) => wishOf(p, i, { coarse: true, slab }));
      next();
      restAt(plane, index);
    },
    warm(plane, index) {
      if (wanted.size > 0 || kept(plane)) return;
      wishes = [{ plane, index: index + 1 < counts[plane] ? index + 1 : Math.max(0, index - 1), coarse: true }];
      next();
    },
    problem: () => problem,
    setSlab(next) {
      slab = next;
      wishes = [];
      problem = undefined;
    },
    isAwaited(plane, index) {
      const wish = wishOf(plane, index, { coarse: true, slab });
      const isAsked = underway.has(wish) || underway.has({ ...wish, coarse: false });
      const isOnItsWay = isAsked || unpacked.has(nameOf(wish)) || wishes.some((one) => nameOf(one) === nameOf(wish));
      return isOnItsWay && !slices.get(wish);
    },
  };
}

/** Calls give the way in which the user scrolls the plane that was asked for last, 0 before that is known. */
function createTravel(): (plane: Plane, index: number) => number {
  let last: { readonly plane: Plane; readonly index: number } | undefined;
  let travel = 0;
  return (plane, index) => {
    if (last?.plane !== plane) travel = 0;
    // One that is wanted again, because it is still on its way, is no turn.
    else if (last.index !== index) travel = Math.sign(index - last.index);
    last = { plane, index };
    return travel;
  };
}

/** Asked for in one message; all of one plane. */
type Together = readonly [Wish, ...Wish[]];

function messageFor(handle: string, [first, ...others]: Together): SliceRequest {
  return { handle, ...first, ...(others.length ? { further: others.map(({ index }) => index) } : {}) };
}

/** Messages that are not answered yet, and what they ask for. */
function createUnderway() {
  const asked = new Set<string>();
  let messages = 0;
  return {
    begin(together: Together): void {
      messages++;
      for (const one of together) asked.add(requestOf(one));
    },
    end(together: Together): void {
      messages--;
      for (const one of together) asked.delete(requestOf(one));
    },
    has: (wish: Wish) => asked.has(requestOf(wish)),
    isFull: () => messages === AT_ONCE,
  };
}

function isNotEmpty(wishes: readonly Wish[]): wishes is Together {
  return wishes.length > 0;
}

/** Those of the first wishes that one message asks for: what somebody looks at alone, what is fetched ahead together. */
function firstTogether([first, ...others]: Together, isWanted: (wish: Wish) => boolean): Together {
  if (isWanted(first)) return [first];
  const isOther = (one: Wish) => isWanted(one) || one.plane !== first.plane || one.coarse !== first.coarse;
  const end = others.findIndex(isOther);
  return [first, ...others.slice(0, Math.min(TOGETHER - 1, end < 0 ? others.length : end))];
}

/** Calls back for the place of each plane where nobody has gone on from it for a while. */
function atRest(rested: (plane: Plane, index: number) => void): (plane: Plane, index: number) => void {
  const rests = new Map<Plane, ReturnType<typeof setTimeout>>();
  return (plane, index) => {
    clearTimeout(rests.get(plane));
    rests.set(plane, setTimeout(rested, REST_MS, plane, index));
  };
}

type Place = Pick<Slice, 'plane' | 'index'> & { readonly slab?: Slab | undefined };

function isSameSlab(a: Slab | undefined, b: Slab | undefined): boolean {
  return a?.kind === b?.kind && a?.mm === b?.mm;
}

const nameOf = ({ plane, index, slab }: Place) => `${plane} ${index}${slab ? ` ${slab.kind} ${slab.mm}` : ''}`;
const requestOf = (wish: Wish) => `${nameOf(wish)} ${wish.coarse}`;

/** The slices that are here; what came longest ago goes when there are too many, but for those that are looked at. */
function createKept(isLookedAt: (slice: Slice) => boolean) {
  const slices = new Map<string, Slice>();
  /** Whether the slice is here as well as it is wanted. */
  const has = (place: Place & { readonly coarse?: boolean }) => {
    const here = slices.get(nameOf(place));
    return here !== undefined && (place.coarse || !here.coarse);
  };
  return {
    get: (place: Place) => slices.get(nameOf(place)),
    has,
    /** Whether it is better than what was here. */
    keep(slice: Slice): boolean {
      if (has(slice)) return false;
      slices.delete(nameOf(slice));
      slices.set(nameOf(slice), slice);
      for (const [oldest, kept] of slices) {
        if (slices.size <= KEPT) break;
        if (!isLookedAt(kept)) slices.delete(oldest);
      }
      return true;
    },
  };
}

function isAmong(kept: readonly number[] | undefined, count: number): (index: number) => boolean {
  return kept ? (index) => kept.includes(index) : (index) => index >= 0 && index < count;
}

/** The neighbours of a slice, the nearest first, as far each way as scrolling on would show them. */
function neighbours(index: number, travel: number): number[] {
  const reach = (way: number) => (travel === 0 ? AROUND : travel === way ? AHEAD : BEHIND);
  const [up, down] = [reach(1), reach(-1)];
  return Array.from({ length: AHEAD }, (_, n) => [
    ...(n < up ? [index + n + 1] : []),
    ...(n < down ? [index - n - 1] : []),
  ]).flat();
}
