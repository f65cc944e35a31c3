/** NIfTI-1 and -2 files (.nii, .nii.gz): CT in Hounsfield units with its affine turned from RAS to LPS. */
import { gunzipSync } from 'node:zlib';
import * as nifti from 'nifti-reader-js';
import { UserError } from '../base/userError.ts';
import { type Series, type Source, warning } from './cohort.ts';
import { lpsOrder, reorderGrid } from './orientation.ts';
import { seriesChecks } from './seriesChecks.ts';
import { nameOf } from './sources.ts';
import { type Grid, spacingMm } from './volume.ts';

const NO_ORIENTATION = warning(
  'no-orientation',
  'The file does not say how its axes lie in the patient (NIfTI qform and sform codes are 0). Right and left, front and back, or head and feet may be swapped: compare the slices with the original, and convert it again if they are.',
);

export function isNifti(start: Buffer): boolean {
  if (start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b) return true;
  return start.length >= 352 && nifti.isNIFTI(exactBuffer(start), true);
}

/** The series in a NIfTI file's `bytes`. Throws a UserError where the header makes no sense. */
export function describeNifti(source: Source, bytes: Buffer): Series {
  const { grid, oriented } = readNifti(bytes, nameOf(source));
  const turned = reorderGrid(grid, lpsOrder(grid.affine));
  const series = {
    id: 'series',
    format: 'nifti' as const,
    sources: [source],
    size: turned.size,
    spacingMm: spacingMm(turned),
    sliceThicknessMm: undefined,
    kernel: undefined,
    scanner: undefined,
    patientPosition: undefined,
  };
  return { ...series, problems: [...(oriented ? [] : [NO_ORIENTATION]), ...seriesChecks(series)] };
}

/** Grid and Hounsfield units in the file's own axis order, and whether the file says how the axes lie in the patient. `name` is for messages. */
export function readNifti(bytes: Buffer, name: string): { grid: Grid; hu: Int16Array; oriented: boolean } {
  const fail = (reason: string) => new UserError('nifti', `${name} cannot be read as a CT in NIfTI: ${reason}.`);
  const packed = exactBuffer(bytes);
  const buffer = nifti.isCompressed(packed) ? gunzip(bytes, fail) : packed;
  const header = nifti.isNIFTI(buffer) ? nifti.readHeader(buffer) : null;
  if (!header) throw fail('it has no NIfTI header');
  const [, nx = 0, ny = 0, nz = 0] = header.dims;
  const voxels = nx * ny * nz;
  if (header.dims[0]! < 3 || voxels <= 0 || (header.dims[4] ?? 1) > 1)
    throw fail(`its size is ${header.dims.slice(1, 5).join(' × ')}, not one volume`);
  const values = typedValues(header.datatypeCode, buffer.slice(header.vox_offset));
  if (!values)
    throw fail(
      `its data type ${header.datatypeCode} is not one of int16, uint16, int32, uint8, int8, float32, float64`,
    );
  if (values.length < voxels) throw fail(`it is cut short: ${voxels} voxels expected, ${values.length} found`);
  const slope = header.scl_slope || 1;
  const hu = new Int16Array(voxels);
  for (let p = 0; p < voxels; p++)
    hu[p] = Math.min(32767, Math.max(-1024, Math.round(Number(values[p]) * slope + header.scl_inter)));
  // NIfTI's x runs to the right and y to the front of the world: LPS is the negative of both.
  const affine = header.affine.flatMap((row, r) => row.map((value) => (r < 2 ? -value : value)));
  const oriented = header.qform_code > 0 || header.sform_code > 0;
  return { grid: { size: [nx, ny, nz], affine }, hu, oriented };
}

function gunzip(bytes: Buffer, fail: (reason: string) => UserError): ArrayBuffer {
  try {
    return exactBuffer(gunzipSync(bytes));
  } catch (error) {
    throw fail(`its gzip data is damaged (${(error as Error).message})`);
  }
}

function typedValues(datatype: number, image: ArrayBuffer) {
  switch (datatype) {
    case 2:
      return new Uint8Array(image);
    case 4:
      return new Int16Array(image);
    case 8:
      return new Int32Array(image);
    case 16:
      return new Float32Array(image);
    case 64:
      return new Float64Array(image);
    case 256:
      return new Int8Array(image);
    case 512:
      return new Uint16Array(image);
    default:
      return undefined;
  }
}

function exactBuffer(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
