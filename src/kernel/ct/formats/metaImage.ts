/** Headers of MetaImage files, `.mha` and `.mhd` (Kitware's MetaIO, as ITK reads it): axes and origin are in LPS millimetres. */
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
import type { VoxelType } from './voxelStream.ts';

const TYPES: Readonly<Record<string, VoxelType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  // Four bytes whatever the platform, as MetaIO has them.
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};
/** The patient's side that an axis comes from, and the LPS axis and sign that it then runs along. */
const ANATOMICAL: Readonly<Record<string, readonly [axis: number, sign: number]>> = {
  R: [0, 1],
  L: [0, -1],
  A: [1, 1],
  P: [1, -1],
  I: [2, 1],
  S: [2, -1],
};
const LAST_FIELD = /^[ \t]*ElementDataFile[ \t]*=[ \t]*([^\r\n]*)\r?(\n|$)/m;

export const metaImage: VolumeFormat = {
  name: 'MetaImage',
  endings: ['mha', 'mhd'],
  files: '`.mha`, `.mhd`',
  unoriented: 'no TransformMatrix',
  begins,
  parse,
};

function begins(start: Buffer): boolean {
  const text = start.toString('latin1', 0, 4096);
  return /^\s*(ObjectType|NDims|Comment|Object\w+|ID|Name)\s*=/.test(text) && /^\s*NDims\s*=/m.test(text);
}

function parse(start: Buffer, name: string): VolumeHeader | undefined {
  const refuse = refusalOf('MetaImage', name);
  const text = start.toString('latin1');
  const last = LAST_FIELD.exec(text);
  if (!last) return undefined;
  const fields = fieldsOf(text.slice(0, last.index));
  const sizes = numbersIn(fields.dimsize ?? '');
  if (Number(fields.ndims) !== sizes.length)
    throw refuse(`it says ${fields.ndims} dimensions, and has ${sizes.length} sizes`);
  const axes = spatialAxes(sizes);
  const size = sizeFrom(
    axes.map((axis) => sizes[axis]!),
    refuse,
  );
  if (Number(fields.elementnumberofchannels ?? 1) !== 1) throw refuse('it has several values per voxel');
  const type = TYPES[fields.elementtype ?? ''];
  if (!type) throw refuse(`its voxels are of the type "${fields.elementtype ?? 'none'}", not numbers`);
  const end = last.index + last[0].length;
  const files = dataFiles(last[1]!.trim(), text.slice(end), refuse);
  const isTrue = (field: string | undefined) => /^(true|t|1|yes)$/i.test(field ?? '');
  const packed = isTrue(fields.compresseddata);
  const headerBytes = Number(fields.headersize ?? 0);
  if (headerBytes < -1 || (headerBytes === -1 && packed)) throw refuse(`its HeaderSize is ${fields.headersize}`);
  return {
    size,
    ...affineOf(fields, sizes.length, refuse),
    layout: {
      type,
      littleEndian: !isTrue(fields.binarydatabyteordermsb ?? fields.elementbyteordermsb),
      encoding: packed ? 'packed' : isTrue(fields.binarydata ?? 'True') ? 'raw' : 'text',
      skippedBytes: headerBytes === -1 ? 'end' : (files.length ? 0 : end) + headerBytes,
      skippedLines: 0,
      skippedUnpackedBytes: 0,
    },
    slope: 1,
    intercept: 0,
    files,
    problems: [],
  };
}

function fieldsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value]];
    }),
  );
}

/** The matrix counts, as in ITK; the anatomical letters only where there is none. */
function affineOf(
  fields: Readonly<Record<string, string>>,
  dimensions: number,
  refuse: Refusal,
): Pick<VolumeHeader, 'affine' | 'oriented'> {
  const matrix = numbersIn(fields.transformmatrix ?? fields.orientation ?? fields.rotation ?? '');
  const letters = anatomicalAxes(fields.anatomicalorientation ?? '');
  const spacing = numbersIn(fields.elementspacing ?? fields.elementsize ?? '1 1 1');
  const origin = numbersIn(fields.offset ?? fields.position ?? fields.origin ?? '0 0 0');
  const axes =
    matrix.length > 0
      ? [0, 1, 2].map((axis) => matrix.slice(axis * dimensions, axis * dimensions + 3))
      : (letters ?? [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]);
  // A negative spacing would turn the axis a second time: MetaIO takes its size alone.
  const steps = axes.map((direction, axis) => direction.map((v) => v * Math.abs(spacing[axis] ?? 1)));
  return { affine: affineFrom(steps, origin, refuse), oriented: matrix.length > 0 || letters !== undefined };
}

/** Directions of axes from letters such as `RAI`; undefined where they do not name each patient axis once. */
function anatomicalAxes(letters: string): number[][] | undefined {
  const axes = [...letters.toUpperCase()].flatMap((letter) => (ANATOMICAL[letter] ? [ANATOMICAL[letter]] : []));
  if (axes.length !== 3 || new Set(axes.map(([axis]) => axis)).size !== 3) return undefined;
  return axes.map(([axis, sign]) => [0, 1, 2].map((a) => (a === axis ? sign : 0)));
}

function dataFiles(field: string, listed: string, refuse: Refusal): string[] {
  if (/^local$/i.test(field)) return [];
  if (/^LIST\b/i.test(field)) {
    const names = listed
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
    if (names.length === 0) throw refuse('its list of data files is empty');
    return names;
  }
  const [, pattern, rest] = /^(.*%\d*[du]\S*)((?:\s+-?\d+){2,3})$/.exec(field) ?? [];
  return pattern === undefined ? [field] : namesOfPattern(pattern, numbersIn(rest!), refuse);
}
