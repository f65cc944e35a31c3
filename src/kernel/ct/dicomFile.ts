/** One DICOM file: its header as typed values, and its pixels as Hounsfield units (PS3.3 C.7.6, C.8.2; PS3.5). */
import dcmjs from 'dcmjs';

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
dcmjs.log.setLevel('error');
// It prints a line per ambiguous VR of implicit files; what matters of a file is said by our own problems.
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

type DicomElements = InstanceType<typeof dcmjs.data.DicomDict>['meta'];

const PIXEL_DATA = '7FE00010';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const UNCOMPRESSED: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'implicit little endian',
  '1.2.840.10008.1.2.1': 'explicit little endian',
  [DEFLATED]: 'deflated explicit little endian',
};
const COMPRESSED: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.2': 'explicit big endian',
  '1.2.840.10008.1.2.5': 'RLE lossless',
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless, first-order prediction',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS near-lossless',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
};

export interface DicomHeader {
  readonly transferSyntax: string;
  readonly modality: string | undefined;
  readonly imageType: readonly string[];
  readonly patientId: string | undefined;
  readonly sopInstanceUid: string | undefined;
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
  readonly bitsAllocated: number | undefined;
  readonly sliceThicknessMm: number | undefined;
  readonly kernel: string | undefined;
  readonly manufacturer: string | undefined;
  readonly scannerModel: string | undefined;
  readonly patientPosition: string | undefined;
}

export function isDicom(start: Buffer): boolean {
  return start.length >= 132 && start.toString('latin1', 128, 132) === 'DICM';
}

/** The header in `bytes`, which may end anywhere after the tags before PixelData. Throws where the bytes are no DICOM. */
export function parseHeader(bytes: Buffer): DicomHeader {
  const file = DicomMessage.readFile(exactBuffer(bytes), { untilTag: PIXEL_DATA, includeUntilTagValue: false });
  return headerFrom(file.meta, DicomMetaDictionary.naturalizeDataset(file.dict));
}

function headerFrom(meta: DicomElements, tags: Record<string, unknown>): DicomHeader {
  const numbers = (name: string) => list(tags[name]).map(Number).filter(Number.isFinite);
  const position = numbers('ImagePositionPatient');
  const orientation = numbers('ImageOrientationPatient');
  const spacing = numbers('PixelSpacing');
  return {
    transferSyntax: String(meta['00020010']?.Value?.[0] ?? '').replace(/\0+$/, ''),
    modality: text(tags.Modality),
    imageType: list(tags.ImageType).map(String),
    patientId: text(tags.PatientID),
    sopInstanceUid: text(tags.SOPInstanceUID),
    seriesInstanceUid: text(tags.SeriesInstanceUID),
    seriesNumber: numbers('SeriesNumber')[0],
    position: position.length === 3 ? (position as unknown as [number, number, number]) : undefined,
    orientation: orientation.length === 6 ? orientation : undefined,
    frameOfReferenceUid: text(tags.FrameOfReferenceUID),
    rows: numbers('Rows')[0],
    columns: numbers('Columns')[0],
    pixelSpacing: spacing.length === 2 ? (spacing as unknown as [number, number]) : undefined,
    numberOfFrames: numbers('NumberOfFrames')[0] ?? 1,
    bitsAllocated: numbers('BitsAllocated')[0],
    sliceThicknessMm: numbers('SliceThickness')[0],
    kernel: list(tags.ConvolutionKernel).map(String).join(' ') || undefined,
    manufacturer: text(tags.Manufacturer),
    scannerModel: text(tags.ManufacturerModelName),
    patientPosition: text(tags.PatientPosition),
  };
}

/** How many bytes a whole file has at the least, by what its header says of its pixels; 0 where they may be packed. */
export function fewestBytes(header: DicomHeader): number {
  const { transferSyntax, rows = 0, columns = 0, numberOfFrames, bitsAllocated = 0 } = header;
  if (!(transferSyntax in UNCOMPRESSED) || transferSyntax === DEFLATED) return 0;
  return rows * columns * numberOfFrames * (bitsAllocated / 8);
}

/** Why a file's pixels cannot be decoded, or undefined where they can. */
export function undecodable({ transferSyntax }: DicomHeader): string | undefined {
  if (transferSyntax in UNCOMPRESSED) return undefined;
  const name = COMPRESSED[transferSyntax];
  return name
    ? `its pixels are stored as ${name}, which this version of LungNB cannot decode; convert the files to explicit little endian (dcmtk: \`dcmdjpeg\`, \`dcmdjpls\` or \`dcmconv\`)`
    : `its transfer syntax ${transferSyntax || '(none)'} is unknown to LungNB`;
}

/** A single-frame file's header, and its pixels in Hounsfield units, row by row; padding and anything below −1024 becomes −1024. */
export function decodeSlice(bytes: Buffer): { header: DicomHeader; hu: Int16Array } {
  const file = DicomMessage.readFile(exactBuffer(bytes));
  const tags = DicomMetaDictionary.naturalizeDataset(file.dict);
  return { header: headerFrom(file.meta, tags), hu: decodeHu(tags) };
}

function decodeHu(tags: Record<string, unknown>): Int16Array {
  const rows = Number(tags.Rows);
  const columns = Number(tags.Columns);
  const stored = list(tags.PixelData)[0];
  if (!(stored instanceof ArrayBuffer)) throw new Error('it has no pixel data');
  const bits = Number(tags.BitsAllocated);
  if (bits !== 16 && bits !== 8) throw new Error(`it stores ${bits} bits per pixel; 8 or 16 were expected`);
  const expected = rows * columns * (bits / 8);
  if (stored.byteLength < expected)
    throw new Error(
      `it is cut short: ${rows} × ${columns} pixels need ${expected} bytes, and ${stored.byteLength} are there`,
    );
  const signed = Number(tags.PixelRepresentation) === 1;
  const pixels = pixelArray(stored, rows * columns, bits, signed);
  const slope = Number(tags.RescaleSlope ?? 1) || 1;
  const intercept = Number(tags.RescaleIntercept ?? 0);
  const padding = tags.PixelPaddingValue === undefined ? undefined : Number(tags.PixelPaddingValue);
  // Stored bits above BitsStored may hold overlays in old files; the sign sits at the highest stored bit.
  const unused = bits - Number(tags.BitsStored ?? bits);
  const hu = new Int16Array(pixels.length);
  for (let p = 0; p < hu.length; p++) {
    const raw = pixels[p]!;
    const value =
      unused === 0
        ? raw
        : signed
          ? (raw << (32 - bits + unused)) >> (32 - bits + unused)
          : raw & ((1 << (bits - unused)) - 1);
    const scaled = value === padding ? -1024 : Math.round(value * slope + intercept);
    hu[p] = scaled < -1024 ? -1024 : Math.min(scaled, 32767);
  }
  return hu;
}

function pixelArray(buffer: ArrayBuffer, length: number, bits: number, signed: boolean) {
  if (bits === 8) return signed ? new Int8Array(buffer, 0, length) : new Uint8Array(buffer, 0, length);
  return signed ? new Int16Array(buffer, 0, length) : new Uint16Array(buffer, 0, length);
}

function exactBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function text(value: unknown): string | undefined {
  const first = list(value)[0];
  const string = first === undefined ? '' : String(first).trim();
  return string === '' ? undefined : string;
}
