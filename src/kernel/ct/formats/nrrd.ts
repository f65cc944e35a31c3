/** Headers of NRRD files, attached and detached (G. Kindlmann, teem.sourceforge.net/nrrd/format.html, versions 1 to 5). */

import type { VolumeFormat } from './volumeFormat.ts';
import {
  affineFrom,
  namesOfPattern,
  numbersIn,
  type Refusal,
  refusalOf,
  sizeFrom,
  spatialAxes,
  type VolumeHeader,
} from './volumeHeader.ts';
import type { VoxelLayout, VoxelType } from './voxelStream.ts';
import { VOXEL_BYTES } from './voxelStream.ts';

/** The format's names of C types, with the spellings that it allows. */
const TYPES: Readonly<Record<VoxelType, readonly string[]>> = {
  int8: ['signed char', 'int8', 'int8_t'],
  uint8: ['uchar', 'unsigned char', 'uint8', 'uint8_t'],
  int16: ['short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
  uint16: ['ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
  int32: ['int', 'signed int', 'int32', 'int32_t'],
  uint32: ['uint', 'unsigned int', 'uint32', 'uint32_t'],
  int64: ['longlong', 'long long', 'long long int', 'signed long long', 'signed long long int', 'int64', 'int64_t'],
  uint64: ['ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
  float32: ['float'],
  float64: ['double'],
};
const ENCODINGS: Readonly<Record<string, VoxelLayout['encoding']>> = {
  raw: 'raw',
  gzip: 'packed',
  gz: 'packed',
  txt: 'text',
  text: 'text',
  ascii: 'text',
};
/** Signs that turn a space's first three axes to left, posterior, superior. */
const SPACES: Readonly<Record<string, readonly [number, number, number]>> = {
  'left-posterior-superior': [1, 1, 1],
  lps: [1, 1, 1],
  'right-anterior-superior': [-1, -1, 1],
  ras: [-1, -1, 1],
  'left-anterior-superior': [1, -1, 1],
  las: [1, -1, 1],
};
const MILLIMETRES: Readonly<Record<string, number>> = { mm: 1, cm: 10, m: 1000, um: 0.001, µm: 0.001 };

export const nrrd: VolumeFormat = {
  name: 'NRRD',
  endings: ['nrrd', 'nhdr'],
  files: '`.nrrd`, `.nhdr`',
  unoriented: 'no space',
  begins,
  parse,
};

function begins(start: Buffer): boolean {
  return /^NRRD000\d\r?\n/.test(start.toString('latin1', 0, 10));
}

function parse(start: Buffer, name: string): VolumeHeader | undefined {
  const refuse = refusalOf('NRRD', name);
  const text = start.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  // A detached header may end with its file.
  const lines = text.slice(0, end?.index).split(/\r?\n/);
  const listed = lines.findIndex((line) => /^data ?file: *LIST/i.test(line));
  const fields = fieldsOf(listed === -1 ? lines : lines.slice(0, listed + 1));
  if (!end && fields['data file'] === undefined) return undefined;
  const dimension = Number(fields.dimension);
  const sizes = numbersIn(fields.sizes ?? '');
  if (dimension !== sizes.length) throw refuse(`it says ${fields.dimension} dimensions, and has ${sizes.length} sizes`);
  const directions = directionsOf(fields);
  const labelled = lines.some(isOfSegment);
  const layers = labelled ? layersOf(fields, sizes, directions) : undefined;
  const axes = layers === undefined ? spatialAxes(sizes, directions) : [1, 2, 3];
  const size = sizeFrom(
    axes.map((axis) => sizes[axis]!),
    refuse,
  );
  const files = dataFiles(fields['data file'], listed === -1 ? [] : lines.slice(listed + 1), refuse);
  return {
    size,
    ...affineOf(fields, { axes, directions }, refuse),
    layout: layoutOf(fields, files, end, refuse),
    slope: 1,
    intercept: 0,
    files,
    ...(labelled && { labelled }),
    ...(layers === undefined ? {} : { layers }),
    problems: [],
  };
}

const isOfSegment = (line: string): boolean => line.startsWith('Segment0_');

/** 3D Slicer keeps overlapping segments in layers: a first axis that is a list, and three of the volume. */
function layersOf(
  fields: Fields,
  sizes: readonly number[],
  directions: readonly (readonly number[])[] | undefined,
): number | undefined {
  const isLayered =
    sizes.length === 4 &&
    /^list\b/i.test(fields.kinds ?? '') &&
    directions?.findIndex(({ length }) => length > 0) === 1;
  return isLayered ? sizes[0] : undefined;
}

type Fields = Readonly<Record<string, string>>;

/** `field: value` lines; comments and `key:=value` pairs are not for us. */
function fieldsOf(lines: readonly string[]): Fields {
  return Object.fromEntries(
    lines.slice(1).flatMap((line) => {
      const [, key, value] = /^([^#:]+): (.*)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) return [];
      const name = key.trim().toLowerCase();
      return [[name === 'datafile' ? 'data file' : name.replace(/^(line|byte)skip$/, '$1 skip'), value.trim()]];
    }),
  );
}

/** One vector for each axis, empty for one that has no direction in space (`none`); undefined where the header has none. */
function directionsOf(fields: Fields): number[][] | undefined {
  return fields['space directions']?.match(/\([^)]*\)|none/gi)?.map(numbersIn);
}

interface Axes {
  /** The numbers of those of the volume. */
  readonly axes: readonly number[];
  readonly directions: readonly (readonly number[])[] | undefined;
}

/** LPS affine of the axes. Without a known space, or without directions, how they lie in the patient is not said. */
function affineOf(
  fields: Fields,
  { axes, directions }: Axes,
  refuse: Refusal,
): Pick<VolumeHeader, 'affine' | 'oriented'> {
  // An axis of time of one step is left out, and so is its part of each vector.
  const space = (fields.space ?? '').toLowerCase().replace(/-time$|(?<=^[lr][ap]s)t$/, '');
  const signs = SPACES[space];
  const scales = (fields['space units']?.match(/"[^"]*"/g) ?? []).map((unit) => MILLIMETRES[unit.slice(1, -1)] ?? 1);
  const toLps = (vector: readonly number[]) => vector.map((v, a) => v * (signs?.[a] ?? 1) * (scales[a] ?? 1));
  const spacings = numbersIn(fields.spacings ?? '');
  const steps = axes.map(
    (axis, n) => directions?.[axis] ?? [0, 1, 2].map((a) => (a === n ? (spacings[axis] ?? 1) : 0)),
  );
  const origin = numbersIn(fields['space origin'] ?? '0 0 0');
  return { affine: affineFrom(steps.map(toLps), toLps(origin), refuse), oriented: !!signs && !!directions };
}

function layoutOf(fields: Fields, files: readonly string[], end: RegExpExecArray | null, refuse: Refusal): VoxelLayout {
  const typeName = (fields.type ?? '').toLowerCase().replace(/\s+/g, ' ');
  // SAFETY: the keys of TYPES are the voxel types.
  const type = Object.entries(TYPES).find(([, names]) => names.includes(typeName))?.[0] as VoxelType | undefined;
  if (!type) throw refuse(`its voxels are of the type "${fields.type ?? 'none'}", not whole or floating-point numbers`);
  const encoding = ENCODINGS[(fields.encoding ?? '').toLowerCase()];
  if (!encoding)
    throw refuse(
      `its voxels are encoded as "${fields.encoding ?? 'none'}"; save it with gzip or raw encoding (3D Slicer, SimpleITK and teem do)`,
    );
  const endian = fields.endian?.toLowerCase();
  if (VOXEL_BYTES[type] > 1 && encoding !== 'text' && endian !== 'little' && endian !== 'big')
    throw refuse('it does not say whether its voxels are little or big endian');
  const byteSkip = Number(fields['byte skip'] ?? 0);
  const lineSkip = Number(fields['line skip'] ?? 0);
  if (byteSkip < -1 || (byteSkip === -1 && encoding !== 'raw') || lineSkip < 0)
    throw refuse(`it asks to skip ${lineSkip} lines and ${byteSkip} bytes, which cannot be`);
  const skippedBytes = files.length ? 0 : end!.index + end![0].length;
  return {
    type,
    littleEndian: endian !== 'big',
    encoding,
    skippedBytes: byteSkip === -1 ? 'end' : skippedBytes,
    skippedLines: lineSkip,
    // Lines are counted in the file, bytes after unpacking (section 5 of the format's definition).
    skippedUnpackedBytes: Math.max(0, byteSkip),
  };
}

function dataFiles(field: string | undefined, listed: readonly string[], refuse: Refusal): string[] {
  if (field === undefined) return [];
  if (/^LIST\b/.test(field)) {
    const names = listed.map((line) => line.trim()).filter(Boolean);
    if (names.length === 0) throw refuse('its list of data files is empty');
    return names;
  }
  const [, pattern, rest] = /^(.*%\d*[du]\S*)((?:\s+-?\d+){3,4})$/.exec(field) ?? [];
  return pattern === undefined ? [field] : namesOfPattern(pattern, numbersIn(rest!).slice(0, 3), refuse);
}
