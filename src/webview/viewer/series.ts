/** One series as panes draw it: what the kernel said of it, and its slices. */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Plane, SingleSliceView, Slab } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Slice } from './decode.ts';
import { createSliceStore, type SliceStore } from './sliceStore.ts';

export interface Series {
  readonly view: SingleSliceView;
  readonly store: SliceStore;
  /** Another number after each change of the store that is looked at. */
  readonly version: ReadonlySignal<number>;
  /** The slices of a plane that can be had, in order; undefined where all can. */
  kept(plane: Plane): readonly number[] | undefined;
  /** A slice as it was edited by hand; read in functions of signals, which hear of its changes. */
  edited(slice: Slice): Slice;
  dispose(): void;
}

/** With slabs in place of slices where `slab` has one, until it turns out that none can be had. */
export function createSeries(
  view: SingleSliceView,
  messaging: Pick<Messaging, 'requestSlice' | 'keptSlices'>,
  slab: Signal<Slab | undefined>,
  edited: Series['edited'] = (slice) => slice,
): Series {
  const version = signal(0);
  const kept = (plane: Plane) => messaging.keptSlices?.(view, plane);
  const store = createSliceStore(
    view,
    messaging,
    () => {
      version.value++;
    },
    kept,
  );
  const stop = effect(() => {
    store.setSlab(slab.value);
    version.value = version.peek() + 1;
  });
  return { view, store, version, kept, edited, dispose: stop };
}
