/** Headers of NIfTI-1 and -2 files and of their .hdr/.img pairs (nifti.nimh.nih.gov). */

import { basename } from 'node:path';
import * as reader from 'nifti-reader-js';
import { type NiftiForms, niftiAxes } from './niftiAxes.ts';
import type { VolumeFormat } from './volumeFormat.ts';
import { refusalOf, sizeFrom, type VolumeHeader } from './volumeHeader.ts';
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

export const nifti: VolumeFormat = {
  name: 'NIfTI',
  endings: ['nii', 'hdr'],
  files: '`.nii`, `.nii.gz`, `.hdr` with `.img`',
  unoriented: 'qform and sform codes are 0',
  begins,
  parse,
};

/** Besides the magic word, its size has to be right: the word alone may stand anywhere. */
function begins(start: Buffer): boolean {
  const bytes = headerBytes(start);
  return bytes !== undefined && start.length >= bytes && reader.isNIFTI(exactBuffer(start), true);
}

function headerBytes(start: Buffer): typeof NIFTI1_BYTES | typeof NIFTI2_BYTES | undefined {
  if (start.length < NIFTI1_BYTES) return undefined;
  const sizes = [start.readInt32LE(), start.readInt32BE()];
  return ([NIFTI1_BYTES, NIFTI2_BYTES] as const).find((size) => sizes.includes(size));
}

function parse(start: Buffer, name: string, file: string): VolumeHeader {
  const refuse = refusalOf('NIfTI', name);
  const header = reader.readHeader(exactBuffer(start), true);
  const [dimensions = 0, ...sizes] = header.dims;
  if (dimensions < 1 || dimensions > 7) throw refuse(`it says ${dimensions} dimensions`);
  const size = sizeFrom(sizes.slice(0, dimensions), refuse);
  const type = TYPES[header.datatypeCode];
  if (!type)
    throw refuse(`its data type ${header.datatypeCode} is none of whole or floating-point numbers of 8 to 64 bits`);
  const paired = start.toString('latin1', 0, start.length).slice(magicAt(start)).startsWith('ni');
  const offset = Math.round(header.vox_offset);
  if (!(offset >= 0)) throw refuse(`its voxels begin at ${header.vox_offset}, which cannot be`);
  // A slope of 0 stands for "not scaled", whatever the intercept says; programs write NaN for it too.
  const scaled = header.scl_slope !== 0 && Number.isFinite(header.scl_slope);
  return {
    size,
    ...niftiAxes(formsOf(start, header), size, refuse),
    layout: {
      type,
      littleEndian: header.littleEndian,
      encoding: 'raw',
      skippedBytes: offset,
      skippedLines: 0,
      skippedUnpackedBytes: 0,
    },
    // As TotalSegmentator and Connectome Workbench write it into an extension of the header.
    ...(start.includes('<LabelTable>') && { labelled: true as const }),
    slope: scaled ? header.scl_slope : 1,
    intercept: scaled && Number.isFinite(header.scl_inter) ? header.scl_inter : 0,
    files: paired
      ? [basename(file).replace(/\.hdr(\.gz)?$/i, (ending) => (ending[1] === 'H' ? '.IMG' : '.img') + ending.slice(4))]
      : [],
  };
}

function magicAt(start: Buffer): number {
  return headerBytes(start) === NIFTI2_BYTES ? 4 : 344;
}

type Header = ReturnType<typeof reader.readHeader>;

function formsOf(start: Buffer, header: Header): NiftiForms {
  const [, ...spacings] = header.pixDims;
  return {
    sform: header.sform_code > 0 ? { code: header.sform_code, rows: sformRows(start, header.littleEndian) } : undefined,
    qform: header.qform_code > 0 ? { code: header.qform_code, rows: qformRows(header) } : undefined,
    spacings: spacings.slice(0, 3),
    millimetres: MILLIMETRES[header.xyzt_units & 7] ?? 1,
  };
}

/**
 * The rotation of a unit quaternion, of which the header holds b, c and d, with spacing, offset and the handedness that
 * pixdim[0] gives (nifti1.h, method 2). Our own: nifti-reader-js leaves the handedness out for NIfTI-2.
 */
function qformRows(header: Header): number[][] {
  const [, dx = Number.NaN, dy = Number.NaN, dz = Number.NaN] = header.pixDims;
  const { quatern_b: b, quatern_c: c, quatern_d: d } = header;
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const dk = header.pixDims[0]! < 0 ? -dz : dz;
  return [
    [(a * a + b * b - c * c - d * d) * dx, 2 * (b * c - a * d) * dy, 2 * (b * d + a * c) * dk, header.qoffset_x],
    [2 * (b * c + a * d) * dx, (a * a + c * c - b * b - d * d) * dy, 2 * (c * d - a * b) * dk, header.qoffset_y],
    [2 * (b * d - a * c) * dx, 2 * (c * d + a * b) * dy, (a * a + d * d - b * b - c * c) * dk, header.qoffset_z],
  ];
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
