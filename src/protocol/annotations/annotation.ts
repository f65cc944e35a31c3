/** What a reader draws on slices to measure them: rulers, circles and polygons, kept in the notebook with their slices. */
import type { EncodedSlice, Plane } from '../view.ts';

export const ANNOTATION_SHAPES = ['ruler', 'circle', 'polygon'] as const;
export type AnnotationShape = (typeof ANNOTATION_SHAPES)[number];

/** In pixels from the slice's top left corner: across, then down. The middle of the first pixel is at 0.5, 0.5. */
export type SlicePoint = readonly [x: number, y: number];

/** A CT, by the labels that notebooks know it by. */
export interface LabelledSeries {
  readonly patient: string;
  readonly series: string;
}

export interface Annotation extends LabelledSeries {
  /** Tells it from all others of the notebook. */
  readonly id: string;
  /** What the user calls it. Circles and polygons of one CT that have one name are outlines of one body. */
  readonly name: string;
  readonly shape: AnnotationShape;
  readonly plane: Plane;
  /** Of the slice, from 0. */
  readonly index: number;
  /** Of a ruler both ends, of a circle its centre and a place on its rim, of a polygon its corners. */
  readonly points: readonly SlicePoint[];
}

/** A slice on which something is drawn, without labels of lobes or textures: so that it can be seen without the data. */
export interface AnnotatedSlice extends LabelledSeries {
  readonly slice: EncodedSlice;
}

/** Everything that is drawn in a notebook, in a stable order. */
export interface Annotations {
  readonly drawn: readonly Annotation[];
  readonly slices: readonly AnnotatedSlice[];
}

export const NO_ANNOTATIONS: Annotations = { drawn: [], slices: [] };

/** A slice of a CT. */
export type SlicePlace = LabelledSeries & Pick<Annotation, 'plane' | 'index'>;

export function isOfSeries({ patient, series }: LabelledSeries, other: LabelledSeries): boolean {
  return other.patient === patient && other.series === series;
}

/** By patient, series, plane and slice: two readers who measure different patients change different lines of a file. */
export function inOrder(drawn: readonly Annotation[]): Annotation[] {
  const place = ({ patient, series, plane, index, id }: Annotation) =>
    [patient, series, plane, String(index).padStart(5, '0'), id].join('\n');
  return drawn.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** With one that is new or takes the place of its earlier self; with `slice`, its slice is kept too. */
export function withAnnotation({ drawn, slices }: Annotations, one: Annotation, slice?: EncodedSlice): Annotations {
  const others = drawn.filter(({ id }) => id !== one.id);
  const rounded = { ...one, points: one.points.map(([x, y]): SlicePoint => [toHundredth(x), toHundredth(y)]) };
  const kept = slice ? [...slices.filter((other) => !isSliceOf(other, one)), keptSlice(one, slice)] : slices;
  return onlyNeeded({ drawn: inOrder([...others, rounded]), slices: kept });
}

/** Of a pixel, which is less than a hand can tell. */
function toHundredth(value: number): number {
  return Number(value.toFixed(2));
}

export function withoutAnnotations({ drawn, slices }: Annotations, ids: readonly string[]): Annotations {
  return onlyNeeded({ drawn: drawn.filter(({ id }) => !ids.includes(id)), slices });
}

/** The slice that one is drawn on, where it is kept. */
export function sliceOf({ slices }: Annotations, one: SlicePlace): EncodedSlice | undefined {
  return slices.find((kept) => isSliceOf(kept, one))?.slice;
}

function isSliceOf({ slice, ...series }: AnnotatedSlice, one: SlicePlace): boolean {
  return isOfSeries(series, one) && slice.plane === one.plane && slice.index === one.index;
}

function keptSlice(
  { patient, series }: Annotation,
  { lobes: _, textures: __, ...slice }: EncodedSlice,
): AnnotatedSlice {
  return { patient, series, slice };
}

/** Slices in the order of what is drawn on them, each once, and none on which nothing is drawn any more. */
function onlyNeeded({ drawn, slices }: Annotations): Annotations {
  const needed = new Set(drawn.flatMap((one) => slices.find((kept) => isSliceOf(kept, one)) ?? []));
  return { drawn, slices: [...needed] };
}
