/** What is drawn on the slices of a viewer: what the notebook keeps of it, what is being drawn, and what is chosen. */
import { computed, type Signal, signal } from '@preact/signals';
import { type Annotation, isOfSeries } from '../../../protocol/annotations/annotation.ts';
import { isOutline } from '../../../protocol/annotations/measures.ts';
import type { SingleSliceView } from '../../../protocol/view.ts';
import type { Messaging } from '../../messaging.ts';
import type { Slice } from '../decode.ts';
import { createDrawnSlices } from './drawnSlices.ts';
import { createHistory } from './history.ts';

/** Being drawn or changed, and not kept yet. */
export interface Draft {
  readonly annotation: Annotation;
  /** A polygon whose corners are still being set, one press each. */
  readonly isOpen?: boolean;
}

/** Outlines of one name in one plane, or a ruler. */
export interface DrawnBody {
  readonly key: string;
  readonly name: string;
  readonly parts: readonly [Annotation, ...Annotation[]];
}

export interface Drawings {
  /** On the series of the view, the draft in the place of what it changes. */
  on(view: SingleSliceView): readonly Annotation[];
  readonly draft: Signal<Draft | undefined>;
  /** The id of the one that is chosen. */
  readonly selected: Signal<string | undefined>;
  /** The body to which outlines on further slices are added. */
  readonly continued: Signal<string | undefined>;
  /** The slice that something is drawn on, exactly and without a slab, as soon as it is there. */
  sliceOf(view: SingleSliceView, one: Annotation): Slice | undefined;
  /** Keeps what was drawn, or changed, on the view's series; undone together. */
  put(annotations: readonly [Annotation, ...Annotation[]], view: SingleSliceView): void;
  erase(ids: readonly string[]): void;
  eraseSelected(): void;
  /** Takes back what was drawn, changed or erased last in this viewer; false where there is nothing. */
  undo(): boolean;
  redo(): boolean;
  /** Whether the notebook keeps what is drawn; a page by itself does not. */
  readonly areKept: boolean;
}

export type DrawingMessaging = Pick<Messaging, 'annotations' | 'draw' | 'erase' | 'keepsDrawings' | 'requestSlice'>;

/** Of a viewer that shows these series. */
export function createDrawings(messaging: DrawingMessaging, views: readonly SingleSliceView[]): Drawings {
  const { annotations, draw, keepsDrawings } = messaging;
  const draft = signal<Draft>();
  const selected = signal<string>();
  const continued = signal<string>();
  const slices = createDrawnSlices(messaging);
  const kept = computed(() => annotations.value.drawn);
  const history = createHistory();
  const keptOf = (id: string) => kept.peek().find((one) => one.id === id);
  const set = (id: string, one: Annotation | undefined) => {
    // Only what lies on one of these series was remembered.
    const view = one && views.find((shown) => isOfSeries(one, shown));
    if (!one) messaging.erase([id]);
    else if (view) draw(one, view.handle);
    selected.value = one?.id;
  };
  const erase = (ids: readonly string[]) => {
    history.remember(ids.map((id) => ({ id, before: keptOf(id), after: undefined })));
    messaging.erase(ids);
    if (ids.includes(selected.peek() ?? '')) selected.value = undefined;
  };
  return {
    on(view) {
      const now = draft.value?.annotation;
      const own = kept.value.filter((one) => isOfSeries(one, view) && one.id !== now?.id);
      return now && isOfSeries(now, view) ? [...own, now] : own;
    },
    draft,
    selected,
    continued,
    sliceOf: (view, one) => slices.get(view, one),
    put(changed, { handle }) {
      history.remember(changed.map((one) => ({ id: one.id, before: keptOf(one.id), after: one })));
      for (const one of changed) draw(one, handle);
      selected.value = changed[0].id;
    },
    erase,
    eraseSelected() {
      const id = selected.peek();
      if (id !== undefined) erase([id]);
    },
    undo() {
      const steps = history.undo();
      for (const { id, before } of steps || []) set(id, before);
      return steps !== false;
    },
    redo() {
      const steps = history.redo();
      for (const { id, after } of steps || []) set(id, after);
      return steps !== false;
    },
    areKept: keepsDrawings,
  };
}

/** In the order in which they were named. */
export function bodiesOf(drawn: readonly Annotation[]): DrawnBody[] {
  const groups = Map.groupBy(drawn, keyOf);
  const order = new Intl.Collator('en', { numeric: true }).compare;
  return [...groups]
    .map(([key, [first, ...others]]) => ({ key, name: first!.name, parts: [first!, ...others] as const }))
    .sort((a, b) => order(a.name, b.name));
}

export function keyOf({ id, shape, plane, name }: Annotation): string {
  return isOutline(shape) ? `${plane} ${name}` : id;
}

/** The lowest number that nothing on the series is called. */
export function freeName(drawn: readonly Annotation[]): string {
  const taken = new Set(drawn.map(({ name }) => name));
  let number = 1;
  while (taken.has(String(number))) number++;
  return String(number);
}

/** Told apart from all others, in this notebook and in one that it is merged with. */
export function freshId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}
