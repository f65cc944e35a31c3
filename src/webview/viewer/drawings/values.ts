/** What drawings measure, in words: on the picture and in the list. */
import type { Annotation } from '../../../protocol/annotations/annotation.ts';
import {
  type Body,
  type HuSums,
  isOutline,
  lengthMm,
  meanHu,
  measureBody,
  measureOutline,
  sdHu,
} from '../../../protocol/annotations/measures.ts';
import type { Plane, SingleSliceView } from '../../../protocol/view.ts';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import type { Slice } from '../decode.ts';

/** "12.3 mm", or "45.6 mm², −812 ± 45 HU". Of a slice in steps of HU, the mean is near enough and its word says so. */
export function valuesOf({ shape, points }: Annotation, slice: Slice): string {
  if (!isOutline(shape)) return lengthInWords(lengthMm(points, slice));
  const measured = measureOutline({ shape, points }, slice);
  const hu = huInWords(measured);
  return `${areaInWords(measured.areaMm2)}${hu ? `, ${slice.coarse ? 'about ' : ''}${hu}` : ''}`;
}

export function lengthInWords(mm: number): string {
  return `${formatNumber(mm, 1)} mm`;
}

export function areaInWords(mm2: number): string {
  return `${formatNumber(mm2, mm2 < 100 ? 1 : 0)} mm²`;
}

/** Undefined where no pixel lies inside. */
export function huInWords(sums: HuSums): string | undefined {
  const [mean, sd] = [meanHu(sums), sdHu(sums)];
  if (mean === undefined) return undefined;
  return `${formatNumber(mean, 0).replace('-', '−')}${sd === undefined ? '' : ` ± ${formatNumber(sd, 0)}`} HU`;
}

/** What outlines of one body measure together; undefined until all of their slices are there. */
export function bodyValues(
  parts: readonly Annotation[],
  sliceOf: (one: Annotation) => Slice | undefined,
  view: SingleSliceView,
): Body | undefined {
  const slices = parts.map(sliceOf);
  if (slices.some((slice) => slice === undefined)) return undefined;
  const outlines = parts.map((one, n) => ({ index: one.index, ...measureOutline(one, slices[n]!) }));
  return measureBody(outlines, sliceDistanceMm(view, parts[0]!.plane));
}

/** Pixels of the other planes are as high or wide as slices of this one are apart. */
export function sliceDistanceMm({ slices }: SingleSliceView, plane: Plane): number {
  const other = slices.find((slice) => slice.plane === (plane === 'axial' ? 'coronal' : 'axial'));
  if (!other) return 0;
  return plane === 'sagittal' ? other.pixelWidthMm : other.pixelHeightMm;
}
