/** The slices that are measured on: exactly, and without a slab, whatever the pictures show. */
import { signal } from '@preact/signals';
import { type Annotation, sliceOf } from '../../../protocol/annotations/annotation.ts';
import type { SliceReply, SliceRequest } from '../../../protocol/kernelApi.ts';
import type { SingleSliceView } from '../../../protocol/view.ts';
import type { Messaging, Packed } from '../../messaging.ts';
import { decodeSlice, type Slice } from '../decode.ts';

export interface DrawnSlices {
  /** Asks for the slice where it is not there yet; whoever reads it is drawn again when it comes. */
  get(view: SingleSliceView, one: Annotation): Slice | undefined;
}

export function createDrawnSlices(messaging: Pick<Messaging, 'annotations' | 'requestSlice'>): DrawnSlices {
  const slices = new Map<string, Slice | undefined>();
  const version = signal(0);
  const askFor = async (view: SingleSliceView, { plane, index }: Annotation, key: string) => {
    const reply = await withKeptSlices(messaging, view)({ handle: view.handle, plane, index });
    if (!('slice' in reply)) return;
    slices.set(key, await decodeSlice(reply.slice).catch(() => undefined));
    version.value++;
  };
  return {
    get(view, one) {
      version.value;
      const key = `${view.handle} ${one.plane} ${one.index}`;
      if (!slices.has(key)) {
        slices.set(key, undefined);
        void askFor(view, one, key);
      }
      return slices.get(key);
    },
  };
}

/** Where a slice cannot be had from a kernel, or in steps alone, the one that the notebook keeps, if it does. */
export function withKeptSlices(
  { annotations, requestSlice }: Pick<Messaging, 'annotations' | 'requestSlice'>,
  view: SingleSliceView,
): (request: SliceRequest) => Promise<SliceReply<Packed>> {
  return async (request) => {
    const reply = await requestSlice(request);
    const isEnough = 'slice' in reply && (request.coarse || !reply.slice.coarse);
    if (isEnough || request.slab) return reply;
    const { plane, index } = request;
    const own = view.slices.find((slice) => slice.plane === plane && slice.index === index);
    const kept = own ?? sliceOf(annotations.peek(), { patient: view.patient, series: view.series, plane, index });
    return kept ? { slice: kept } : reply;
  };
}
