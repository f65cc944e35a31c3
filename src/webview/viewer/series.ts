/** One series as panes draw it: what the kernel said of it, and its slices. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import { createSliceStore, type SliceStore } from './sliceStore.ts';

export interface Series {
  readonly view: SliceView;
  readonly store: SliceStore;
  /** Another number after each change of the store that is looked at. */
  readonly version: ReadonlySignal<number>;
}

export function createSeries(view: SliceView, messaging: Pick<Messaging, 'requestSlice'>): Series {
  const version = signal(0);
  const store = createSliceStore(view, messaging, () => {
    version.value++;
  });
  return { view, store, version };
}
