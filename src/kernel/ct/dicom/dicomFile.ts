/** One DICOM file: its header as typed values, and its pixels as Hounsfield units (PS3.3 C.7.6, C.8.2; PS3.5). */
import { createHash } from 'node:crypto';
import type { DicomElements } from 'dcmjs';
import { remembering } from '../../base/remembering.ts';
import { type Breathing, breathingIn } from './breathing.ts';
import { decodeFrame, loadCodec } from './codecs/codecs.ts';
import {
  hasDecimalComma,
  namedTags,
  sequenceItems,
  type TagName,
  type Tags,
  tagNumbers,
  tagsOfFrame,
  tagText,
  tagValues,
} from './dicomTags.ts';
import { type FrameHeader, frameHeaderOf } from './frameHeader.ts';
import { compressedFrame, storedFrame } from './frames.ts';
import { hounsfieldTable, toHounsfield, wideToHounsfield } from './hounsfieldTable.ts';
import { type ImageKind, imageKindOf } from './imageKind.ts';
import { isPaddingTissue, type PixelFormat, pixelFormatOf, rescaleOf } from './pixelFormat.ts';
import { readElements } from './readElements.ts';
import { type StoredPixels, storedPixelsIn } from './storedPixels.ts';
import { type TransferSyntax, transferSyntaxOf } from './transferSyntax.ts';

const PIXEL_DATA = '7FE00010';
/** The class of screenshots and of what was converted from other formats (PS3.4 B.5), and of its multi-frame kinds. */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

export interface DicomHeader {
  readonly transferSyntax: string;
  readonly modality: string | undefined;
  readonly imageType: readonly string[];
  /** What the pixels are beside a plain CT, as far as the header says. */
  readonly kind: ImageKind | undefined;
  /** It calls itself a secondary capture: a screenshot, a report, or a CT that was converted. */
  readonly isCapture: boolean;
  readonly patientId: string | undefined;
  /** What else tells persons apart where the PatientID does not: name, birth date and sex, as a digest. */
  readonly person: string | undefined;
  /** Each by itself, as digests. */
  readonly patientName: string | undefined;
  readonly birthDate: string | undefined;
  readonly studyDate: string | undefined;
  readonly studyTime: string | undefined;
  readonly sopInstanceUid: string | undefined;
  readonly studyInstanceUid: string | undefined;
  readonly seriesInstanceUid: string | undefined;
  readonly seriesNumber: number | undefined;
  readonly position: readonly [number, number, number] | undefined;
  readonly orientation: readonly number[] | undefined;
  readonly frameOfReferenceUid: string | undefined;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  /** [row spacing (down), column spacing (across)] in mm. */
  readonly pixelSpacing: readonly [number, number] | undefined;
  readonly numberOfFrames: number;
  /** What was stored is not what was scanned, as far as the header says; the frames have the last word. */
  readonly lossy: boolean;
  readonly bitsAllocated: number | undefined;
  /** [slope, intercept], where the header has either. */
  readonly rescale: readonly [number | undefined, number | undefined] | undefined;
  readonly sliceThicknessMm: number | undefined;
  readonly convolutionKernel: string | undefined;
  readonly manufacturer: string | undefined;
  readonly scannerModel: string | undefined;
  readonly patientPosition: string | undefined;
  readonly acquisitionNumber: number | undefined;
  readonly instanceNumber: number | undefined;
  /** When and at which phase of a cycle the image was taken. */
  readonly timing: Timing;
  /** A digest of the texts that call a series, which may name persons and are not kept. */
  readonly description: string | undefined;
  /** As far as series description and protocol say. */
  readonly breathing: Breathing | undefined;
  /** What the file says against the standard or against itself, and is not obeyed. */
  readonly faults: readonly HeaderFault[];
  /** Where the pixels are, if the header's own bytes tell it. */
  readonly stored: StoredPixels | undefined;
}

/** Texts as they are written, since equal images have equal ones; undefined where the tag is missing or empty. */
export interface Timing {
  readonly temporalPosition: string | undefined;
  /** Percent of a cycle: by a tag of its own, or as image comments and descriptions have it. */
  readonly phasePercent: string | undefined;
  readonly triggerTime: string | undefined;
  readonly acquisitionTime: string | undefined;
  readonly contentTime: string | undefined;
}

export type HeaderFault = 'decimal-comma' | 'padding-tissue';

export function isDicom(start: Buffer): boolean {
  return start.length >= 132 && start.toString('latin1', 128, 132) === 'DICM';
}

/**
 * The headers in `bytes`, which may end anywhere after the tags before PixelData: one, or one for each frame of a
 * multi-frame file that says where its frames lie. Throws where the bytes are no DICOM.
 */
export function parseHeaders(bytes: Buffer): DicomHeader[] {
  const { meta, elements, isMoved } = readElements(bytes, { untilTag: PIXEL_DATA, includeUntilTagValue: false });
  const tags = namedTags(elements);
  const comma: HeaderFault[] = hasDecimalComma(elements) ? ['decimal-comma'] : [];
  const frames = sequenceItems(tags.PerFrameFunctionalGroupsSequence).length;
  if (frames > 0)
    return Array.from({ length: frames }, (_, frame) => headerFrom(meta, tagsOfFrame(tags, frame), comma));
  const syntax = isMoved ? undefined : transferSyntaxOf(syntaxUid(meta));
  return [{ ...headerFrom(meta, tags, comma), stored: syntax && storedPixelsIn(bytes, tags, syntax) }];
}

function headerFrom(meta: DicomElements, tags: Tags, faults: readonly HeaderFault[] = []): DicomHeader {
  const numbers = (name: TagName) => tagNumbers(tags[name]);
  const position = numbers('ImagePositionPatient');
  const orientation = numbers('ImageOrientationPatient');
  const spacing = numbers('PixelSpacing');
  const transferSyntax = syntaxUid(meta);
  const said = tagText(tags.LossyImageCompression);
  const [slope, intercept] = [numbers('RescaleSlope')[0], numbers('RescaleIntercept')[0]];
  return {
    transferSyntax,
    modality: tagText(tags.Modality)?.toUpperCase(),
    imageType: tagValues(tags.ImageType).map(String),
    kind: imageKindOf(tags),
    isCapture: (tagText(tags.SOPClassUID) ?? '').startsWith(SECONDARY_CAPTURE),
    patientId: tagText(tags.PatientID),
    person: digestOf([tags.PatientName, tags.PatientBirthDate, tags.PatientSex].map(tagValues)),
    patientName: digestOf([tags.PatientName].map(tagValues)),
    birthDate: digestOf([tags.PatientBirthDate].map(tagValues)),
    studyDate: tagText(tags.StudyDate) ?? tagText(tags.AcquisitionDate),
    studyTime: tagText(tags.StudyTime) ?? tagText(tags.AcquisitionTime),
    sopInstanceUid: tagText(tags.SOPInstanceUID),
    studyInstanceUid: tagText(tags.StudyInstanceUID),
    seriesInstanceUid: tagText(tags.SeriesInstanceUID),
    seriesNumber: numbers('SeriesNumber')[0],
    position: isTriple(position) ? position : undefined,
    orientation: isOrientation(orientation) ? orientation : undefined,
    frameOfReferenceUid: tagText(tags.FrameOfReferenceUID),
    rows: numbers('Rows')[0],
    columns: numbers('Columns')[0],
    pixelSpacing: isPair(spacing) && spacing.every((mm) => mm > 0) ? spacing : undefined,
    numberOfFrames: numbers('NumberOfFrames')[0] ?? 1,
    lossy: said === undefined ? transferSyntaxOf(transferSyntax)?.lossy === true : said !== '00',
    bitsAllocated: numbers('BitsAllocated')[0],
    rescale: slope === undefined && intercept === undefined ? undefined : [slope, intercept],
    sliceThicknessMm: numbers('SliceThickness').find((mm) => mm > 0),
    convolutionKernel: tagValues(tags.ConvolutionKernel).map(String).join(' ') || undefined,
    manufacturer: tagText(tags.Manufacturer),
    scannerModel: tagText(tags.ManufacturerModelName),
    patientPosition: tagText(tags.PatientPosition),
    acquisitionNumber: numbers('AcquisitionNumber')[0],
    instanceNumber: numbers('InstanceNumber')[0],
    timing: timingOf(tags),
    description: digestOf([tags.SeriesDescription].map(tagValues)),
    breathing: breathingIn([tags.SeriesDescription, tags.ImageComments, tags.ProtocolName].map(tagText)),
    faults: isPaddingTissue(tags) ? [...faults, 'padding-tissue'] : faults,
    stored: undefined,
  };
}

function isTriple(numbers: readonly number[]): numbers is readonly [number, number, number] {
  return numbers.length === 3;
}

function isPair(numbers: readonly number[]): numbers is readonly [number, number] {
  return numbers.length === 2;
}

/** Two unit vectors at right angles, as far as texts of few digits say. */
function isOrientation([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, ...rest]: readonly number[]): boolean {
  const isUnit = (length: number) => Math.abs(length - 1) < 0.02;
  return (
    rest.length === 0 &&
    isUnit(Math.hypot(a, b, c)) &&
    isUnit(Math.hypot(d, e, f)) &&
    Math.abs(a * d + b * e + c * f) < 0.02
  );
}

/** Undefined where nothing is written. */
function digestOf(parts: readonly (readonly unknown[])[]): string | undefined {
  return parts.flat().some(isWritten) ? sha256(JSON.stringify(parts)) : undefined;
}

const sha256 = remembering((text) => createHash('sha256').update(text).digest('hex'));

/** Names of persons come as objects of their parts. */
function isWritten(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isWritten);
  return value !== undefined && value !== null && String(value).trim() !== '';
}

function timingOf(tags: Tags): Timing {
  const percent = [tags.ImageComments, tags.SeriesDescription].map(
    (tag) => /(\d+(?:\.\d+)?) ?%/.exec(tagText(tag) ?? '')?.[1],
  );
  const dated = (date: unknown, time: unknown) => [tagText(date), tagText(time)].filter(Boolean).join(' ') || undefined;
  return {
    temporalPosition: tagText(tags.TemporalPositionIdentifier) ?? tagText(tags.TemporalPositionIndex),
    phasePercent: tagText(tags.NominalPercentageOfCardiacPhase) ?? percent[0] ?? percent[1],
    triggerTime: tagText(tags.TriggerTime),
    acquisitionTime: tagText(tags.AcquisitionDateTime) ?? dated(tags.AcquisitionDate, tags.AcquisitionTime),
    contentTime: dated(tags.ContentDate, tags.ContentTime),
  };
}

/** How many bytes a whole file has at the least, by what its header says of its pixels; 0 where they may be packed. */
export function fewestBytes(header: DicomHeader): number {
  const { transferSyntax, rows = 0, columns = 0, numberOfFrames, bitsAllocated = 0 } = header;
  const syntax = transferSyntaxOf(transferSyntax);
  if (!syntax || syntax.codec || syntax.deflated) return 0;
  return rows * columns * numberOfFrames * (bitsAllocated / 8);
}

/** Why a file's pixels cannot be decoded, or undefined where they can. */
export function undecodable({ transferSyntax }: DicomHeader): string | undefined {
  if (transferSyntaxOf(transferSyntax)) return undefined;
  return transferSyntax
    ? `it is compressed or coded in a way that LungNB cannot decode (transfer syntax ${transferSyntax}); export it uncompressed, or convert it with \`gdcmconv --raw\``
    : 'it does not say how its pixels are coded (no transfer syntax); export it again';
}

/** One frame's header, and its pixels in Hounsfield units, row by row; padding and anything below −1024 becomes −1024. */
export interface DecodedFrame {
  readonly header: DicomHeader;
  /** What the compressed frame says of itself. */
  readonly frame: FrameHeader | undefined;
  readonly hu: Int16Array;
}

/** Where the n-th of the asked frames is to be written: as many values as it has pixels. */
export type FramePlace = (n: number, form: PixelFormat) => Int16Array;

/** Frames of a file by their numbers from 0. Throws an Error that says why one cannot be decoded. */
export async function decodeFrames(
  bytes: Buffer,
  frames: readonly number[],
  place: FramePlace = (_, { rows, columns }) => new Int16Array(rows * columns),
): Promise<DecodedFrame[]> {
  const { meta, elements } = readElements(bytes, {
    untilTag: PIXEL_DATA,
    includeUntilTagValue: true,
    noCopy: true,
  });
  const tags = namedTags(elements);
  const uid = syntaxUid(meta);
  const syntax = transferSyntaxOf(uid);
  if (!syntax) throw new Error(`its transfer syntax is ${uid || 'missing'}`);
  const isWords = elements[PIXEL_DATA]?.vr === 'OW';
  const decoded: DecodedFrame[] = [];
  for (const [n, frame] of frames.entries()) {
    const own = tagsOfFrame(tags, frame);
    const form = pixelFormatOf(own);
    const hu = place(n, form);
    const said = await decodeHu({ tags: own, form, frame, isWords }, syntax, hu);
    decoded.push({ header: headerFrom(meta, own), frame: said, hu });
  }
  return decoded;
}

function syntaxUid(meta: DicomElements): string {
  return String(meta['00020010']?.Value?.[0] ?? '').replace(/\0+$/, '');
}

/** A frame of a file by its number from 0, with its own tags. */
interface StoredFrame {
  readonly tags: Tags;
  readonly form: PixelFormat;
  readonly frame: number;
  /** Pixels of one byte were written two at a time. */
  readonly isWords: boolean;
}

async function decodeHu(
  { tags, form, frame, isWords }: StoredFrame,
  { name, codec, byteOrder }: TransferSyntax,
  hu: Int16Array,
): Promise<FrameHeader | undefined> {
  const { rows, columns, bitsAllocated: bits } = form;
  const data = tagValues(tags.PixelData).flatMap((part) => bytesOf(part) ?? []);
  if (data.length === 0) throw new Error('it has no pixel data');
  const frames = Number(tags.NumberOfFrames ?? 1) || 1;
  let said: FrameHeader | undefined;
  let pixels: Uint8Array;
  if (codec) {
    if (bits === 32) throw new Error(`it stores 32 bits per pixel, compressed (${name}), which LungNB does not unpack`);
    const packed = compressedFrame(data, frame, frames);
    said = frameHeaderOf(packed);
    if (!said) throw new Error(`its pixels are damaged, or not compressed as its header says (${name})`);
    await loadCodec(said.codec);
    pixels = decodeFrame(said.codec, packed, form);
  } else {
    // Frames of an odd number of bytes share a word.
    const whole = byteOrder && bits === 8 && isWords ? inLittleEndian(data[0]!, 16) : data[0]!;
    const stored = storedFrame(whole, frame, rows * columns * (bits / 8));
    pixels = byteOrder ? inLittleEndian(stored, bits) : stored;
  }
  const values = valuesOf(pixels, rows * columns, bits);
  if (values instanceof Uint32Array) wideToHounsfield(values, form, rescaleOf(tags), hu);
  else {
    const table = hounsfieldTable(form, rescaleOf(tags));
    if (values instanceof Uint16Array) {
      hu.set(new Int16Array(values.buffer, values.byteOffset, values.length));
      toHounsfield(hu, table);
      return said;
    }
    for (let p = 0; p < hu.length; p++) hu[p] = table[values[p]!]!;
  }
  return said;
}

/** What dcmjs gives of pixel data, as bytes. */
function bytesOf(part: unknown): Uint8Array | undefined {
  if (part instanceof ArrayBuffer) return new Uint8Array(part);
  return ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength) : undefined;
}

/** A copy of big-endian words in little endian. */
function inLittleEndian(pixels: Uint8Array, bits: number): Uint8Array {
  if (bits === 8) return pixels;
  const bytes = bits / 8;
  const whole = Buffer.from(pixels.subarray(0, pixels.length - (pixels.length % bytes)));
  return new Uint8Array(bits === 32 ? whole.swap32() : whole.swap16());
}

/** The stored values, unsigned whatever they mean. */
function valuesOf(
  { buffer, byteOffset }: Uint8Array,
  length: number,
  bits: number,
): Uint8Array | Uint16Array | Uint32Array {
  if (bits === 8) return new Uint8Array(buffer, byteOffset, length);
  const width = bits / 8;
  const aligned = byteOffset % width === 0 ? byteOffset : undefined;
  const own = aligned === undefined ? buffer.slice(byteOffset, byteOffset + length * width) : buffer;
  return bits === 16 ? new Uint16Array(own, aligned ?? 0, length) : new Uint32Array(own, aligned ?? 0, length);
}
