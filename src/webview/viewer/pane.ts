/** One picture's place in a series: its plane, its slice, and how it is enlarged. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { nearest } from '../../protocol/pageSlices.ts';
import type { Plane, SingleSliceView } from '../../protocol/view.ts';
import type { Slice } from './decode.ts';
import type { Series } from './series.ts';
import { type BoxSize, FITTED, type Frame, type Point, type ViewTransform } from './viewTransform.ts';

export interface Pane {
  readonly series: Series;
  readonly plane: ReadonlySignal<Plane>;
  /** The slice that the user asked for, from 0. */
  readonly wanted: ReadonlySignal<number>;
  /** Slices of the plane. */
  readonly count: ReadonlySignal<number>;
  /** Those of the plane that can be had, in order; undefined where all can. */
  readonly kept: ReadonlySignal<readonly number[] | undefined>;
  /**
   * The slice that is shown: the wanted one, or the one before it in the plane while that is on its way. A number that is
   * shown beside the picture is this one's.
   */
  readonly slice: ReadonlySignal<Slice | undefined>;
  /** The wanted slice is on its way. */
  readonly isPending: ReadonlySignal<boolean>;
  /** Why further slices cannot be had, once that is known. */
  readonly problem: ReadonlySignal<string | undefined>;
  readonly transform: Signal<ViewTransform>;
  /** The size of the box that the picture is drawn in; nothing before it is on screen. */
  readonly box: Signal<BoxSize | undefined>;
  /** The shown slice in its box, once both are there. */
  readonly frame: ReadonlySignal<Frame | undefined>;
  /** What is pointed at, in pixels of the slice. */
  readonly point: Signal<Point | undefined>;
  /** The wanted slice of each plane. */
  readonly indices: ReadonlySignal<Readonly<Record<Plane, number>>>;
  /** Shows another slice, or the nearest that can be had, in the shown plane unless another is named. */
  goTo(index: number, plane?: Plane): void;
  /** By so many slices, or by so many of those that can be had. */
  scroll(steps: number): void;
  /** Shows the slice after this one, and after the last one the first. */
  cycle(): void;
  setPlane(plane: Plane): void;
  /** The picture is on screen. */
  warm(): void;
  /** Whoever points at the picture or comes to it by keyboard is about to scroll. */
  prepare(): void;
  dispose(): void;
}

/** Where a pane begins. */
export interface PlaneAndIndices {
  readonly plane: Plane;
  readonly indices: Readonly<Record<Plane, number>>;
}

export function createPane(series: Series, start: PlaneAndIndices = startOf(series.view)): Pane {
  const { view, store, version } = series;
  const plane = signal(start.plane);
  const indices = signal(start.indices);
  const transform = signal(FITTED);
  const box = signal<BoxSize>();
  const point = signal<Point>();
  const wanted = computed(() => indices.value[plane.value]);
  const here = computed(() => {
    version.value;
    return store.get(plane.value, wanted.value);
  });
  const lastShown: Partial<Record<Plane, Slice>> = {};
  const slice = computed(() => {
    // While a slice is on its way the one before it stays, so that scrolling does not flicker.
    if (here.value) lastShown[plane.value] = here.value;
    const shown = here.value ?? lastShown[plane.value];
    return shown && series.edited(shown);
  });
  const frame = computed(() => slice.value && box.value && { slice: slice.value, box: box.value });
  const isAwaited = computed(() => {
    version.value;
    return store.isAwaited(plane.value, wanted.value);
  });
  const problem = computed(() => {
    version.value;
    return isAwaited.value ? undefined : store.problem();
  });
  /** What could not be had was never shown, and no number may say that it was. */
  const stopFollowing = effect(() => {
    const shown = slice.value ?? view.slices.find((kept) => kept.plane === plane.value);
    if (problem.value && shown && !here.value) indices.value = { ...indices.peek(), [shown.plane]: shown.index };
  });
  const goTo = (target: number, inPlane: Plane = plane.peek()): void => {
    const there = series.kept(inPlane);
    const index = there
      ? nearest(there, target)
      : Math.min(view.sliceCounts[inPlane] - 1, Math.max(0, Math.round(target)));
    if (index === undefined) return;
    batch(() => {
      if (inPlane !== plane.peek()) transform.value = FITTED;
      plane.value = inPlane;
      indices.value = { ...indices.peek(), [inPlane]: index };
    });
    store.want(inPlane, index);
  };
  const kept = computed(() => {
    // What is drawn on, or gone on to, may have come meanwhile.
    version.value;
    return series.kept(plane.value);
  });
  /** Of the slices that can be had, the one so many further; undefined beyond the last. */
  const further = (steps: number): number | undefined => {
    const there = kept.peek();
    const at = there?.indexOf(nearest(there, wanted.peek())!);
    const next = there ? there[at! + steps] : wanted.peek() + steps;
    return next !== undefined && next >= 0 && next < view.sliceCounts[plane.peek()] ? next : undefined;
  };
  return {
    series,
    plane,
    kept,
    wanted,
    count: computed(() => view.sliceCounts[plane.value]),
    slice,
    isPending: computed(() => !here.value && !problem.value),
    problem,
    transform,
    box,
    frame,
    point,
    indices,
    goTo,
    scroll: (steps) => goTo(further(steps) ?? (steps > 0 ? view.sliceCounts[plane.peek()] - 1 : 0)),
    cycle: () => goTo(further(1) ?? 0),
    setPlane: (next) => goTo(indices.peek()[next], next),
    warm: () => store.warm(plane.peek(), wanted.peek()),
    prepare: () => {
      if (!store.problem()) store.want(plane.peek(), wanted.peek());
    },
    dispose: stopFollowing,
  };
}

/** The shown slice in its plane, and in the others the one that travels with the notebook, or the middle. */
function startOf(view: SingleSliceView): PlaneAndIndices {
  const start = (plane: Plane) =>
    view.slices.find((s) => s.plane === plane)?.index ?? Math.floor(view.sliceCounts[plane] / 2);
  const indices = { axial: start('axial'), coronal: start('coronal'), sagittal: start('sagittal') };
  return { plane: view.plane, indices: { ...indices, [view.plane]: view.index } };
}
