/** Elements of DICOM SEG and RTSTRUCT files by their numbers: few others read them, so they have no names here but in comments. */
import type { DicomElements } from 'dcmjs';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
export const LABELMAP_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';
export const RTSTRUCT_STORAGE = '1.2.840.10008.5.1.4.1.1.481.3';

export function items(elements: DicomElements | undefined, tag: string): DicomElements[] {
  // SAFETY: dcmjs gives the items of a sequence as data sets, and what is no sequence is asked for by `text` and `numbers`.
  return (elements?.[tag]?.Value ?? []).filter(
    (item): item is DicomElements => typeof item === 'object' && item !== null,
  );
}

/** The first item; undefined where there is none. */
export function item(elements: DicomElements | undefined, tag: string): DicomElements | undefined {
  return items(elements, tag)[0];
}

export function text(elements: DicomElements | undefined, tag: string): string | undefined {
  const value = elements?.[tag]?.Value?.[0];
  const written = value === undefined || value === null ? '' : String(value).replaceAll('\0', '').trim();
  return written === '' ? undefined : written;
}

/** All values; none where one of them is no number. */
export function numbers(elements: DicomElements | undefined, tag: string): number[] {
  const values = (elements?.[tag]?.Value ?? []).map(Number);
  return values.every(Number.isFinite) ? values : [];
}

/** UIDs of the series that the file refers to, wherever it does so: ReferencedSeriesSequence at any depth of the frame of reference. */
export function referencedSeries(elements: DicomElements): string[] {
  const direct = items(elements, '00081115');
  const ofFrames = items(elements, '30060010').flatMap((frame) =>
    items(frame, '30060012').flatMap((study) => items(study, '30060014')),
  );
  return [...new Set([...direct, ...ofFrames].flatMap((series) => text(series, '0020000E') ?? []))];
}
