/** One slice in every compressed syntax that LungNB's codecs write, with 12 and 16 bits, signed and unsigned. */
import { readFileSync } from 'node:fs';
import dcmjsCodecs from 'dcmjs-codecs';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { change, writeSeries } from './helpers.ts';

/** Smooth enough for lossy codecs, and nowhere symmetric. */
export const VOLUME: Volume = {
  size: [48, 40, 12],
  affine: axisAlignedAffine([0.7, 0.8, 2.5], [0, 0, 0]),
  hu: Int16Array.from({ length: 48 * 40 * 12 }, (_, n) =>
    Math.round(-900 + (n % 48) * 9 + (Math.floor(n / 48) % 40) * 5 + Math.floor(n / 1920) * 11),
  ),
};
export const SLICE = VOLUME.hu.slice(0, 48 * 40);
export const LOSSLESS = {
  RLE: '1.2.840.10008.1.2.5',
  'JPEG lossless': '1.2.840.10008.1.2.4.70',
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
  HTJ2K: '1.2.840.10008.1.2.4.201',
} as const;
export const LOSSY = {
  'JPEG-LS near-lossless': '1.2.840.10008.1.2.4.81',
  'JPEG 2000 lossy': '1.2.840.10008.1.2.4.91',
} as const;

/** How a pixel is stored. */
export interface Form {
  readonly bits: 12 | 16;
  readonly signed: boolean;
}
export const FORMS: readonly Form[] = [12, 16].flatMap((bits) =>
  // SAFETY: the two numbers of the line above.
  [false, true].map((signed) => ({ bits: bits as Form['bits'], signed })),
);
export const formName = ({ bits, signed }: Form) => `${bits} bits ${signed ? 'signed' : 'unsigned'}`;

/** SLICE as an uncompressed file. */
export function writeSlice(folder: string, { bits, signed }: Form): string {
  const [file] = writeSeries(folder, { ...VOLUME, size: [48, 40, 1], hu: SLICE });
  const intercept = signed ? 0 : -1024;
  change(file!, (tags) => {
    const one = (vr: string, value: unknown) => ({ vr, Value: [value] });
    tags['00280101'] = one('US', bits);
    tags['00280102'] = one('US', bits - 1);
    tags['00280103'] = one('US', signed ? 1 : 0);
    tags['00281052'] = one('DS', intercept);
    tags['7FE00010'] = one('OW', Int16Array.from(SLICE, (hu) => hu - intercept).buffer);
  });
  return file!;
}

export function transcoded(file: string, syntax: string): Buffer {
  const bytes = readFileSync(file);
  const transcoder = new dcmjsCodecs.Transcoder(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  );
  transcoder.transcode(syntax, { allowedLossyError: 2, rate: 4 });
  return Buffer.from(transcoder.getDicomPart10());
}
