/** Headers of NIfTI-1 and -2 files and of their .hdr/.img pairs (nifti.nimh.nih.gov), with the affine turned from RAS to LPS. */
import { basename } from 'node:path';
import * as nifti from 'nifti-reader-js';
import { affineFrom, type Refusal, refusalOf, sizeFrom, type VolumeHeader } from './volumeHeader.ts';
import type { VoxelType } from './voxelStream.ts';

/** NIfTI's datatype codes. */
const TYPES: Readonly<Record<number, VoxelType>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};
/** Millimetres in the units of xyzt_units & 7; unknown units are taken for millimetres, as by all readers. */
const MILLIMETRES: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };
const NIFTI1_BYTES = 348;
const NIFTI2_BYTES = 540;
/** Where the three rows of the sform begin. */
const SFORM_AT = { [NIFTI1_BYTES]: 280, [NIFTI2_BYTES]: 400 } as const;

/** Besides the magic word, its size has to be right: the word alone may stand anywhere. */
export function isNifti(start: Buffer): boolean {
  return start.length >= NIFTI2_BYTES && headerBytes(start) !== undefined && nifti.isNIFTI(exactBuffer(start), true);
}

function headerBytes(start: Buffer): typeof NIFTI1_BYTES | typeof NIFTI2_BYTES | undefined {
  const sizes = [start.readInt32LE(), start.readInt32BE()];
  return ([NIFTI1_BYTES, NIFTI2_BYTES] as const).find((size) => sizes.includes(size));
}

/** The header that `start` begins with; `file` is the name that a pair's .img shares. Throws a UserError where it makes no sense. */
export function parseNifti(start: Buffer, name: string, file: string): VolumeHeader {
  const refuse = refusalOf('NIfTI', name);
  const header = nifti.readHeader(exactBuffer(start), true);
  const [dimensions = 0, ...sizes] = header.dims;
  if (dimensions < 1 || dimensions > 7) throw refuse(`it says ${dimensions} dimensions`);
  const size = sizeFrom(sizes.slice(0, dimensions), refuse);
  const type = TYPES[header.datatypeCode];
  if (!type)
    throw refuse(`its data type ${header.datatypeCode} is none of whole or floating-point numbers of 8 to 64 bits`);
  const paired = start.toString('latin1', 0, start.length).slice(magicAt(start)).startsWith('ni');
  const offset = Math.round(header.vox_offset);
  if (!(offset >= 0)) throw refuse(`its voxels begin at ${header.vox_offset}, which cannot be`);
  // A slope of 0 stands for "not scaled", whatever the intercept says.
  const scaled = header.scl_slope !== 0 && Number.isFinite(header.scl_slope) && Number.isFinite(header.scl_inter);
  return {
    size,
    affine: lpsAffine(start, header, refuse),
    oriented: header.qform_code > 0 || header.sform_code > 0,
    layout: {
      type,
      littleEndian: header.littleEndian,
      encoding: 'raw',
      skippedBytes: offset,
      skippedLines: 0,
      skippedUnpackedBytes: 0,
    },
    slope: scaled ? header.scl_slope : 1,
    intercept: scaled ? header.scl_inter : 0,
    files: paired
      ? [basename(file).replace(/\.hdr(\.gz)?$/i, (ending) => (ending[1] === 'H' ? '.IMG' : '.img') + ending.slice(4))]
      : [],
  };
}

function magicAt(start: Buffer): number {
  return headerBytes(start) === NIFTI2_BYTES ? 4 : 344;
}

/** The sform counts where there is one, then the qform, as in nibabel. */
function lpsAffine(start: Buffer, header: ReturnType<typeof nifti.readHeader>, refuse: Refusal) {
  const scale = MILLIMETRES[header.xyzt_units & 7] ?? 1;
  const rows = header.sform_code > 0 ? sformRows(start, header.littleEndian) : header.affine;
  // NIfTI's x runs to the right and y to the front of the world: LPS is the negative of both.
  const signs = [-scale, -scale, scale];
  const column = (c: number) => signs.map((sign, row) => sign * (rows[row]?.[c] ?? Number.NaN));
  return affineFrom([column(0), column(1), column(2)], column(3), refuse);
}

function sformRows(start: Buffer, littleEndian: boolean): number[][] {
  const bytes = headerBytes(start) ?? NIFTI1_BYTES;
  const view = new DataView(exactBuffer(start), SFORM_AT[bytes]);
  const value = (n: number) =>
    bytes === NIFTI2_BYTES ? view.getFloat64(n * 8, littleEndian) : view.getFloat32(n * 4, littleEndian);
  return [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => value(row * 4 + column)));
}

function exactBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
