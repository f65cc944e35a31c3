/** How the pixels of a frame are stored, and what their values mean, by the tags of its header (PS3.3 C.7.6.3, C.8.2.1). */
import { sequenceItems, type Tags, tagNumbers } from './dicomTags.ts';
import type { Rescale } from './hounsfieldTable.ts';

/** What the DICOM header says of a frame. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** What single pixels of a chest CT can be: larger images are no CT, and a header that claims them is damaged. */
const MAX_PIXELS = 8192 * 8192;

export function pixelFormatOf(tags: Tags): PixelFormat {
  const [rows, columns, bitsAllocated] = [Number(tags.Rows), Number(tags.Columns), Number(tags.BitsAllocated)];
  if (!(rows > 0 && columns > 0 && rows * columns <= MAX_PIXELS))
    throw new Error(`its header says ${tags.Rows} × ${tags.Columns} pixels`);
  if (Number(tags.SamplesPerPixel ?? 1) !== 1) throw new Error('its pixels are coloured, and a CT is grey');
  if (![8, 16, 32].includes(bitsAllocated))
    throw new Error(`it stores ${tags.BitsAllocated} bits per pixel; 8, 16 or 32 were expected`);
  const bitsStored = Number(tags.BitsStored ?? bitsAllocated);
  if (!(bitsStored >= 1 && bitsStored <= bitsAllocated))
    throw new Error(`it says that ${tags.BitsStored} of ${bitsAllocated} bits are stored`);
  const highBit = Number(tags.HighBit ?? bitsStored - 1);
  if (highBit !== bitsStored - 1)
    throw new Error(`its ${bitsStored} stored bits end at bit ${tags.HighBit}, and those of a CT at ${bitsStored - 1}`);
  return { rows, columns, bitsAllocated, bitsStored, signed: Number(tags.PixelRepresentation) === 1 };
}

/** Hounsfield units that something of a body has: what a scanner pads with lies beyond them. */
const TISSUE_HU = [-900, 2000] as const;

/** Pixel Padding Value, or the range from it to Pixel Padding Range Limit (PS3.3 C.7.5.1.1.2). */
function paddingOf(tags: Tags): Rescale['padding'] {
  const [one] = tagNumbers(tags.PixelPaddingValue);
  if (one === undefined) return undefined;
  const [other = one] = tagNumbers(tags.PixelPaddingRangeLimit);
  return [Math.min(one, other), Math.max(one, other)];
}

/** True where what is called padding are the values of tissue: 0 in signed pixels is water, and many programs write it. */
export function isPaddingTissue(tags: Tags): boolean {
  const padding = paddingOf(tags);
  if (!padding) return false;
  const { slope, intercept } = scaleOf(tags);
  const [low, high] = padding.map((value) => value * slope + intercept).sort((a, b) => a - b);
  return low! < TISSUE_HU[1] && high! > TISSUE_HU[0];
}

function scaleOf(tags: Tags): { slope: number; intercept: number } {
  return { slope: tagNumbers(tags.RescaleSlope)[0] || 1, intercept: tagNumbers(tags.RescaleIntercept)[0] ?? 0 };
}

/** Throws where a table takes the place of slope and intercept, which no CT scanner writes (PS3.3 C.11.1). */
export function rescaleOf(tags: Tags): Rescale {
  const isGiven = tagNumbers(tags.RescaleSlope).length + tagNumbers(tags.RescaleIntercept).length > 0;
  if (!isGiven && sequenceItems(tags.ModalityLUTSequence).length > 0)
    throw new Error('a table (Modality LUT) turns its values into others, which LungNB does not follow');
  return { ...scaleOf(tags), padding: isPaddingTissue(tags) ? undefined : paddingOf(tags) };
}
