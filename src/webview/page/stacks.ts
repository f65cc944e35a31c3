/**
 * The slices that a page has beside those of its notebook (`lungnb run --html --slices N`): answers what its outputs ask,
 * as a kernel would, from the parts that stand in the page.
 */

import type { PatientSlicesReply, SliceReply, SliceRequest } from '../../protocol/kernelApi.ts';
import { sameLevel } from '../../protocol/levels.ts';
import {
  ctName,
  type LabelPart,
  nearest,
  type PageSlices,
  type PicturePart,
  placeName,
  type SliceStack,
  type StackPlace,
} from '../../protocol/pageSlices.ts';
import type { EncodedSlice, Plane, SingleSliceView, SliceView } from '../../protocol/view.ts';
import type { Messaging, ofFileAlone } from '../messaging.ts';

/** Parts that stay unpacked from their JSON: both of the CTs that are looked at, and of those looked at last. */
const PARTS_KEPT = 8;

const NOT_HERE = {
  problem: 'The slices of this patient are not in this file. They are seen where the notebook is run.',
};

type Answers = Pick<Messaging, 'requestSlice' | 'requestPatient' | 'requestNeighbour' | 'keptSlices' | 'leadsTo'>;

/** What `alone` answers, and from the stacks what it has not; `textOf` gives the JSON of a part. */
export function withStacks(
  alone: ReturnType<typeof ofFileAlone>,
  slices: PageSlices,
  textOf: (part: number) => string,
): Answers {
  const stacks = new Map(slices.stacks);
  const views = new Map(slices.views);
  const leads = new Map(
    slices.cts.map(([handle, { list, cts }]) => [handle, { list, of: new Map(cts.map((ct) => [ctName(ct), ct])) }]),
  );
  /** Where the viewer of a handle that was opened last stands among those who are leafed through from it. */
  const listOf = new Map(slices.listOf);
  const part = createParts(textOf);

  /** Figures and tables that the page makes anew have another handle: then the only viewer of that name is meant. */
  const ctOf = (handle: string, wanted: Parameters<typeof ctName>[0]) => {
    const [own, name] = [leads.get(handle), ctName(wanted)];
    if (own) return { list: own.list, ct: own.of.get(name) };
    const all = [...leads.values()].flatMap(({ list, of }) => (of.has(name) ? [{ list, ct: of.get(name)! }] : []));
    const viewers = new Set(all.map(({ ct }) => ct.viewer));
    return viewers.size === 1 ? all[0] : undefined;
  };
  const opened = (handle: string, place: StackPlace | undefined, list: number | undefined): SliceView | undefined => {
    const view = views.get(handle);
    const stack = stacks.get(handle);
    if (!view || !stack) return undefined;
    const members = list === undefined ? [] : slices.lists[list]!;
    const at = members.indexOf(handle);
    if (list !== undefined && at >= 0) listOf.set(handle, { list, place: at });
    const placed = openedAt(view, place ?? { index: view.index }, (one) => stacks.get(one));
    const withFirst = withFirstSlices(
      placed,
      (one) => stacks.get(one),
      (one, place) => sliceFrom(stacks.get(one), { handle: one, ...place }, part),
    );
    return members.length > 1 && at >= 0 ? { ...withFirst, among: { place: at, of: members.length } } : withFirst;
  };
  return {
    async requestSlice(request): Promise<SliceReply> {
      const reply = sliceFrom(stacks.get(request.handle), request, part);
      // SAFETY: nothing of a file by itself is bytes.
      return reply ?? ((await alone.requestSlice(request)) as SliceReply);
    },
    async requestPatient({ handle, slice, ...wanted }): Promise<PatientSlicesReply> {
      const found = ctOf(handle, wanted);
      if (!found?.ct) return NOT_HERE;
      const { viewer, places } = found.ct;
      const name = placeName(wanted);
      const place = slice === undefined ? places.find(([own]) => own === name)?.[1] : { index: slice - 1 };
      const view = opened(viewer, place, found.list);
      return view ? { view } : NOT_HERE;
    },
    async requestNeighbour({ handle, step }): Promise<PatientSlicesReply> {
      const from = listOf.get(handle);
      const members = from ? slices.lists[from.list]! : [];
      let at = (from?.place ?? 0) + step;
      // One whose CT could not be read is passed over.
      while (members[at] === null) at += step;
      const next = members[at];
      if (!next) return { problem: step > 0 ? 'This is the last patient.' : 'This is the first patient.' };
      const view = opened(next, undefined, from?.list);
      return view ? { view } : NOT_HERE;
    },
    keptSlices(view, plane) {
      const own = alone.keptSlices(view, plane);
      return [...new Set([...own, ...indicesIn(stacks.get(view.handle), plane)])].sort((a, b) => a - b);
    },
    leadsTo: (handle, wanted) => ctOf(handle, wanted)?.ct !== undefined,
  };
}

/** At the slice that is there and nearest to the one that tells most, which is said where it is another. */
function openedAt(view: SliceView, place: StackPlace, stackOf: (handle: string) => SliceStack | undefined): SliceView {
  const near = ({ handle }: SingleSliceView, wanted: number) =>
    nearest(indicesIn(stackOf(handle), 'axial'), wanted) ?? wanted;
  const index = near(view, place.index);
  const other = `It is ${place.index + 1}, and the nearest in this file is ${index + 1}.`;
  const reason = place.reason && (index === place.index ? place.reason : `${place.reason} ${other}`);
  const { beside } = view;
  const at = (one: SingleSliceView, wanted: number) => ({ ...one, plane: 'axial' as const, index: near(one, wanted) });
  const level = beside && sameLevel(beside.levels.axial, index, beside.view.sliceCounts.axial);
  return {
    ...at(view, index),
    ...(reason ? { reason } : {}),
    ...(beside && level !== undefined ? { beside: { ...beside, view: at(beside.view, level) } } : {}),
  };
}

type Place = SliceStack['slices'][number];

/** A viewer begins with a slice of each plane. */
function withFirstSlices(
  view: SliceView,
  stackOf: (handle: string) => SliceStack | undefined,
  sliceAt: (handle: string, place: Place) => Extract<SliceReply, { slice: unknown }> | undefined,
): SliceView {
  const of = ({ handle, index }: SingleSliceView) => {
    const isFirst = (one: Place) => one.plane !== 'axial' || one.index === index;
    const places = stackOf(handle)?.slices.filter(isFirst) ?? [];
    return places.flatMap((place) => sliceAt(handle, place)?.slice ?? []);
  };
  const { beside } = view;
  return {
    ...view,
    slices: of(view),
    ...(beside ? { beside: { ...beside, view: { ...beside.view, slices: of(beside.view) } } } : {}),
  };
}

function indicesIn(stack: SliceStack | undefined, plane: Plane): number[] {
  return (stack?.slices ?? []).flatMap((own) => (own.plane === plane ? [own.index] : []));
}

/** Undefined where the stack lacks the slice that is asked for. */
function sliceFrom(
  stack: SliceStack | undefined,
  { plane, index, slab, further = [] }: SliceRequest,
  part: <T>(number: number) => T,
): Extract<SliceReply, { slice: unknown }> | undefined {
  if (!stack || slab) return undefined;
  const pictures = part<PicturePart>(stack.pictures);
  const labels = stack.labels === undefined ? undefined : part<LabelPart>(stack.labels);
  const sliceAt = (one: number): EncodedSlice[] => {
    const at = stack.slices.findIndex((own) => own.plane === plane && own.index === one);
    const picture = pictures[at];
    return picture ? [{ ...picture, ...labels?.[at] }] : [];
  };
  const [slice] = sliceAt(index);
  const others = further.flatMap(sliceAt);
  return slice && { slice, ...(others.length ? { further: others } : {}) };
}

/** What was read last stays at hand. */
function createParts(textOf: (part: number) => string) {
  const kept = new Map<number, unknown>();
  return <T>(number: number): T => {
    // SAFETY: the command line writes the parts of a page, each as what its stacks say that it is.
    const found = (kept.get(number) ?? JSON.parse(textOf(number))) as T;
    kept.delete(number);
    kept.set(number, found);
    for (const oldest of kept.keys()) {
      if (kept.size <= PARTS_KEPT) break;
      kept.delete(oldest);
    }
    return found;
  };
}
