/** Labels of slices as they were edited: those that the kernel told, with the strokes that it has not heard of yet. */
import { signal } from '@preact/signals';
import {
  type Brush,
  forEachPixelNear,
  labelAfter,
  linesOf,
  NOTHING,
  type Stroke,
} from '../../../protocol/painting/brush.ts';
import type { EditedBox, EncodedLabels, SlicePlaceAsked } from '../../../protocol/painting/editing.ts';
import { inflate, type Slice } from '../decode.ts';

/** At 512 × 512 half a megabyte each. */
const KEPT = 80;

interface Labels {
  readonly place: SlicePlaceAsked;
  readonly lobes: Uint8Array;
  readonly textures: Uint8Array;
  /** Something was edited there since. */
  isOld: boolean;
}

/** A stroke of which the kernel has not told yet what it made of it. */
export interface PendingStroke {
  readonly brush: Brush;
  readonly stroke: Stroke;
}

export interface EditedLabels {
  /** The slice as it was edited. Whoever reads it in a signal's function hears of changes. */
  on(slice: Slice): Slice;
  /** Paints a piece of a stroke onto the slice, to be seen at once. */
  paint(slice: Slice, { brush, stroke }: PendingStroke): void;
  /** Takes what the kernel tells of slices; strokes that it has not heard of are painted again onto those. */
  take(labels: readonly EncodedLabels[], unheard: readonly PendingStroke[]): Promise<void>;
  /** What was told before of the slices that the box meets is no more so. */
  outdate(box: EditedBox | undefined): void;
  /** What is known of the slice is as it was before something was painted that is not to be. */
  putBack(slice: SlicePlaceAsked, labels: Pick<Slice, 'lobes' | 'textures'>): void;
}

/** `ask` is called for slices whose labels may differ from those of the pictures, `box` says where they may. */
export function createEditedLabels(
  ask: (places: readonly SlicePlaceAsked[]) => Promise<unknown>,
  box: () => EditedBox | undefined,
): EditedLabels {
  const known = new Map<string, Labels>();
  const version = signal(0);
  const asked = new Set<string>();
  let waiting: SlicePlaceAsked[] = [];

  const want = (place: SlicePlaceAsked) => {
    if (asked.has(nameOf(place))) return;
    asked.add(nameOf(place));
    if (waiting.length === 0)
      queueMicrotask(() => {
        const places = waiting;
        waiting = [];
        // What was refused may be asked for again.
        void ask(places).then(() => {
          for (const one of places) asked.delete(nameOf(one));
        });
      });
    waiting.push(place);
  };
  const keep = (place: SlicePlaceAsked, labels: Labels) => {
    known.delete(nameOf(place));
    known.set(nameOf(place), labels);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(oldest);
    }
  };
  const paintOnto = (labels: Labels, slice: Slice, pending: PendingStroke) => {
    for (const line of linesOf(pending.stroke.path))
      forEachPixelNear(line, pending.stroke.radiusMm, slice, (pixel) => {
        const [lobe, texture] = [labels.lobes[pixel]!, labels.textures[pixel]!];
        const label = labelAfter(pending.brush, { lobe, texture, hu: slice.hu[pixel]! });
        labels[pending.brush.layer][pixel] = label;
        if (pending.brush.layer === 'lobes' && label === NOTHING) labels.textures[pixel] = NOTHING;
      });
  };
  /** Of slices that are shown: their Hounsfield units, for strokes that are painted again. */
  const shown = new Map<string, Slice>();

  return {
    on(slice) {
      version.value;
      const { plane, index } = slice;
      const labels = known.get(nameOf(slice));
      if (labels?.isOld) want({ plane, index });
      else if (!labels)
        for (const near of [0, 1, -1, 2, -2]) {
          const place = { plane, index: index + near };
          if (!known.has(nameOf(place)) && meets(box(), place)) want(place);
        }
      return labels ? { ...slice, lobes: labels.lobes, textures: labels.textures } : slice;
    },
    paint(slice, pending) {
      const labels = known.get(nameOf(slice)) ?? copyOf(slice);
      keep(slice, labels);
      shown.set(nameOf(slice), slice);
      paintOnto(labels, slice, pending);
      version.value++;
    },
    async take(all, unheard) {
      const decoded = await Promise.all(
        all.map(async ({ plane, index, lobes, textures }) => {
          const [own, other] = await Promise.all([inflate(lobes), inflate(textures)]);
          const place = { plane, index };
          return { place, labels: { place, lobes: own, textures: other, isOld: false } };
        }),
      );
      for (const { place, labels } of decoded) {
        const slice = shown.get(nameOf(place));
        for (const one of unheard) if (slice && nameOf(one.stroke) === nameOf(place)) paintOnto(labels, slice, one);
        keep(place, labels);
      }
      if (decoded.length) version.value++;
    },
    outdate(changed) {
      if (!changed) return;
      for (const labels of known.values()) if (meets(changed, labels.place)) labels.isOld = true;
      version.value++;
    },
    putBack(slice, { lobes, textures }) {
      if (lobes && textures) keep(slice, { place: placeOf(slice), lobes, textures, isOld: false });
      version.value++;
    },
  };
}

function copyOf(slice: Slice): Labels {
  const { hu, lobes, textures } = slice;
  return {
    place: placeOf(slice),
    lobes: lobes?.slice() ?? new Uint8Array(hu.length),
    textures: textures?.slice() ?? new Uint8Array(hu.length),
    isOld: false,
  };
}

const placeOf = ({ plane, index }: SlicePlaceAsked): SlicePlaceAsked => ({ plane, index });
const nameOf = ({ plane, index }: SlicePlaceAsked) => `${plane} ${index}`;

function meets(box: EditedBox | undefined, { plane, index }: SlicePlaceAsked): boolean {
  return box !== undefined && box.low[plane] <= index && index <= box.high[plane];
}
