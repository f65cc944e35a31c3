/** What is drawn on the slices of a viewer: what the notebook keeps of it, what is being drawn, and what is chosen. */
import { computed, type Signal, signal } from '@preact/signals';
import { type Annotation, isOfSeries } from '../../../protocol/annotations/annotation.ts';
import { isOutline } from '../../../protocol/annotations/measures.ts';
import type { SingleSliceView } from '../../../protocol/view.ts';
import type { Messaging } from '../../messaging.ts';
import type { Slice } from '../decode.ts';
import { createDrawnSlices } from './drawnSlices.ts';

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
  readonly parts: readonly Annotation[];
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
  /** Keeps what was drawn on the view's series. */
  put(annotation: Annotation, view: SingleSliceView): void;
  erase(ids: readonly string[]): void;
  eraseSelected(): void;
  /** Whether the notebook keeps what is drawn; a page by itself does not. */
  readonly areKept: boolean;
}

export type DrawingMessaging = Pick<Messaging, 'annotations' | 'draw' | 'erase' | 'keepsDrawings' | 'requestSlice'>;

export function createDrawings(messaging: DrawingMessaging): Drawings {
  const { annotations, draw, erase, keepsDrawings } = messaging;
  const draft = signal<Draft>();
  const selected = signal<string>();
  const continued = signal<string>();
  const slices = createDrawnSlices(messaging);
  const kept = computed(() => annotations.value.drawn);
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
    put(annotation, { handle }) {
      draw(annotation, handle);
      selected.value = annotation.id;
    },
    erase(ids) {
      erase(ids);
      if (ids.includes(selected.peek() ?? '')) selected.value = undefined;
    },
    eraseSelected() {
      const id = selected.peek();
      if (id !== undefined) erase([id]);
      selected.value = undefined;
    },
    areKept: keepsDrawings,
  };
}

/** In the order in which they were named. */
export function bodiesOf(drawn: readonly Annotation[]): DrawnBody[] {
  const groups = Map.groupBy(drawn, keyOf);
  const order = new Intl.Collator('en', { numeric: true }).compare;
  return [...groups]
    .map(([key, parts]) => ({ key, name: parts[0]!.name, parts }))
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
