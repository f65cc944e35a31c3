/** Where and how a DICOM file stores pixels that are not compressed, so that they can be read without parsing it again. */
import type { Tags } from './dicomTags.ts';
import type { Rescale } from './hounsfieldTable.ts';
import { type PixelFormat, pixelFormatOf, rescaleOf } from './pixelFormat.ts';
import type { TransferSyntax } from './transferSyntax.ts';

export interface StoredPixels {
  /** Number of the first pixel's byte in the file. */
  readonly at: number;
  readonly form: PixelFormat;
  readonly rescale: Rescale;
}

/** The tag PixelData, little endian. */
const PIXEL_DATA = Buffer.from([0xe0, 0x7f, 0x10, 0x00]);
/** Of an element with explicit value representation OB or OW; of one with implicit representation. */
const VALUE_AFTER = { explicit: 12, implicit: 8 } as const;
const UNDEFINED_LENGTH = 0xffffffff;

/**
 * The one frame of 16 bits in a file that begins with `start`, whose `tags` were read up to PixelData; undefined where
 * its pixels are stored in another way, or where the bytes leave any doubt.
 */
export function storedPixelsIn(start: Buffer, tags: Tags, syntax: TransferSyntax): StoredPixels | undefined {
  const { codec, byteOrder, deflated } = syntax;
  if (tags.PixelData === undefined || codec || byteOrder || deflated) return undefined;
  if (Number(tags.NumberOfFrames ?? 1) !== 1) return undefined;
  const tag = start.indexOf(PIXEL_DATA);
  // Read, so it is there; more than once, and one of them is only bytes that look alike.
  if (start.indexOf(PIXEL_DATA, tag + 1) !== -1) return undefined;
  const isExplicit = ['OB', 'OW'].includes(start.toString('latin1', tag + 4, tag + 6));
  const at = tag + VALUE_AFTER[isExplicit ? 'explicit' : 'implicit'];
  if (tag === -1 || at > start.length) return undefined;
  const form = formOrNone(tags);
  const length = start.readUInt32LE(at - 4);
  if (form?.form.bitsAllocated !== 16 || length === UNDEFINED_LENGTH) return undefined;
  return length < form.form.rows * form.form.columns * 2 ? undefined : { at, ...form };
}

/** What cannot be read is said where it is read. */
function formOrNone(tags: Tags): Pick<StoredPixels, 'form' | 'rescale'> | undefined {
  try {
    return { form: pixelFormatOf(tags), rescale: rescaleOf(tags) };
  } catch {
    return undefined;
  }
}
