/** Where a slice viewer stands: the plane, the slice in each plane, and the picture of it as soon as it is there. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Plane, SliceView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Slice } from './decode.ts';
import { createSliceStore } from './sliceStore.ts';

export interface Slices {
  readonly plane: Plane;
  setPlane(plane: Plane): void;
  /** Of the shown plane, from 0. */
  readonly index: number;
  /** Slices of the shown plane. */
  readonly count: number;
  /** The shown slice, or the one before it in the plane while that is on its way. */
  readonly slice: Slice | undefined;
  /** The shown slice is on its way. */
  readonly isPending: boolean;
  /** Why further slices cannot be had, once that is known. */
  readonly problem: string | undefined;
  /** Whoever points at the viewer or comes to it by keyboard is about to scroll. */
  prepare(): void;
  /** Shows another slice, in the shown plane unless another is named; beyond the ends the last one. */
  goTo(index: number, inPlane?: Plane): void;
}

export function useSlices(view: SliceView, messaging: Messaging): Slices {
  const [plane, setPlane] = useState<Plane>(view.plane);
  const [indices, setIndices] = useState<Readonly<Record<Plane, number>>>(() => startingIndices(view));
  const [, redraw] = useState(0);
  const store = useMemo(() => createSliceStore(view, messaging, () => redraw((n) => n + 1)), [view, messaging]);
  const index = indices[plane];
  const here = store.get(plane, index);
  useEffect(() => {
    if (!here) store.want(plane, index);
  }, [here, plane, index, store]);
  // While a slice is on its way the one before it stays, so that scrolling does not flicker.
  const last = useRef<Slice>(undefined);
  if (here) last.current = here;
  const goTo = useCallback(
    (target: number, inPlane: Plane = plane) => {
      const next = Math.min(view.sliceCounts[inPlane] - 1, Math.max(0, target));
      setPlane(inPlane);
      setIndices((all) => ({ ...all, [inPlane]: next }));
      store.want(inPlane, next);
    },
    [plane, store, view],
  );
  return {
    plane,
    setPlane,
    index,
    count: view.sliceCounts[plane],
    slice: last.current?.plane === plane ? last.current : undefined,
    isPending: !here,
    problem: store.problem(),
    prepare: () => store.want(plane, index),
    goTo,
  };
}

/** The shown slice in its plane, and in the others the one that travels with the notebook, or the middle. */
function startingIndices(view: SliceView): Record<Plane, number> {
  const start = (plane: Plane) =>
    view.slices.find((s) => s.plane === plane)?.index ?? Math.floor(view.sliceCounts[plane] / 2);
  return { axial: start('axial'), coronal: start('coronal'), sagittal: start('sagittal'), [view.plane]: view.index };
}
