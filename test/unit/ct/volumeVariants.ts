/** Writes small volume files in every form that their formats allow; test/reference/volumes.py reads the same files with SimpleITK and nibabel. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { VOXEL_BYTES, type VoxelType } from '../../../src/kernel/ct/formats/voxelStream.ts';

export const SIZE = [5, 4, 3] as const;
const COUNT = SIZE[0] * SIZE[1] * SIZE[2];
const TYPES = Object.keys(VOXEL_BYTES) as VoxelType[];
const ORIGIN = [-12.5, 7.25, 100] as const;
/** Axes turned by 0.3 rad about z, then spaced; a step of the i-th axis is the i-th row. */
const [C, S] = [Math.cos(0.3), Math.sin(0.3)];
const DIRECTIONS = [
  [C, S, 0],
  [-S, C, 0],
  [0, 0, 1],
] as const;
const SPACING = [0.75, 0.8, 2.5] as const;
const STEPS = DIRECTIONS.map((direction, axis) => direction.map((v) => v * SPACING[axis]!));

export interface Variant {
  readonly name: string;
  /** Files by name; the first is the one to open. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Where the readers of NIfTI disagree: SimpleITK's axes instead of nibabel's, or this LPS affine where neither is right. */
  readonly follows?: 'itk' | readonly number[];
}

const NRRD_TYPES: Readonly<Record<VoxelType, string>> = {
  int8: 'signed char',
  uint8: 'uchar',
  int16: 'short',
  uint16: 'unsigned short',
  int32: 'int',
  uint32: 'uint',
  int64: 'int64',
  uint64: 'unsigned long long',
  float32: 'float',
  float64: 'double',
};
const META_TYPES: Readonly<Record<VoxelType, string>> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  int64: 'MET_LONG_LONG',
  uint64: 'MET_ULONG_LONG',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};
const NIFTI_CODES: Readonly<Record<VoxelType, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
};

/** A value per voxel that fits the type, all different. */
function storedValue(type: VoxelType, n: number): number {
  if (type === 'int8') return n - 30;
  if (type === 'uint8') return n * 4;
  if (type.startsWith('uint')) return n * 30 + 1;
  return type.startsWith('float') ? n * 29.25 - 1000.25 : n * 29 - 1000;
}

export function voxelBytes(type: VoxelType, littleEndian: boolean, count = COUNT): Buffer {
  const width = VOXEL_BYTES[type];
  const bytes = Buffer.alloc(count * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let n = 0; n < count; n++) {
    const [at, value] = [n * width, storedValue(type, n)];
    if (type === 'int8') view.setInt8(at, value);
    if (type === 'uint8') view.setUint8(at, value);
    if (type === 'int16') view.setInt16(at, value, littleEndian);
    if (type === 'uint16') view.setUint16(at, value, littleEndian);
    if (type === 'int32') view.setInt32(at, value, littleEndian);
    if (type === 'uint32') view.setUint32(at, value, littleEndian);
    if (type === 'int64') view.setBigInt64(at, BigInt(value), littleEndian);
    if (type === 'uint64') view.setBigUint64(at, BigInt(value), littleEndian);
    if (type === 'float32') view.setFloat32(at, value, littleEndian);
    if (type === 'float64') view.setFloat64(at, value, littleEndian);
  }
  return bytes;
}

const SHORTS = voxelBytes('int16', true);
/** The voxels slice by slice. */
const SLICES = [0, 1, 2].map((k) => SHORTS.subarray((k * SHORTS.length) / 3, ((k + 1) * SHORTS.length) / 3));
const vector = (values: readonly number[]) => `(${values.join(',')})`;

export function nrrdHeader(fields: Readonly<Record<string, string>> = {}, end = '\n'): Buffer {
  const all: Record<string, string> = {
    type: 'short',
    dimension: '3',
    space: 'left-posterior-superior',
    sizes: SIZE.join(' '),
    'space directions': STEPS.map(vector).join(' '),
    endian: 'little',
    encoding: 'raw',
    'space origin': vector(ORIGIN),
    ...fields,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\n`);
  return Buffer.from(`NRRD0005\n# a comment\n${lines.join('')}${end}`);
}

export function metaHeader(fields: Readonly<Record<string, string>> = {}, file = 'LOCAL'): Buffer {
  const all: Record<string, string> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    TransformMatrix: DIRECTIONS.flat().join(' '),
    Offset: ORIGIN.join(' '),
    ElementSpacing: SPACING.join(' '),
    DimSize: SIZE.join(' '),
    ElementType: 'MET_SHORT',
    ...fields,
    ElementDataFile: file,
  };
  return Buffer.from(
    Object.entries(all)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
  );
}

export interface NiftiOptions {
  readonly version?: 1 | 2;
  readonly littleEndian?: boolean;
  readonly type?: VoxelType;
  readonly sformCode?: number;
  readonly qformCode?: number;
  /** Sign of the third axis in the qform. */
  readonly qfac?: number;
  readonly slope?: number;
  readonly intercept?: number;
  /** A header whose voxels are in the .img beside it. */
  readonly paired?: boolean;
  readonly size?: readonly number[];
  /** Steps of the axes and origin of the sform, in RAS mm. */
  readonly rows?: readonly (readonly number[])[];
  /** Spacings of the header, where they are not those of the sform. */
  readonly pixdim?: readonly number[];
  /** How far the qform turns about z, in radians. */
  readonly turn?: number;
  /** Of xyzt_units; millimetres where it is left out. */
  readonly unit?: number;
  /** Whether 32 bytes of an extension lie between the header and its voxels. */
  readonly extended?: boolean;
}

export function niftiHeader(options: NiftiOptions = {}): Buffer {
  const { version = 1, littleEndian = true, type = 'int16', sformCode = 1, qformCode = 0, qfac = 1 } = options;
  const { slope = 0, intercept = 0, paired = false, size = SIZE } = options;
  const { turn = 0.3, unit = 2, extended = false } = options;
  const headerBytes = version === 1 ? 352 : 544;
  const bytes = Buffer.alloc(headerBytes + (extended ? 32 : 0));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows = options.rows ?? [0, 1, 2].map((r) => [...STEPS.map((step) => step[r]!), ORIGIN[r]!]);
  const dims = [size.length, ...size, 1, 1, 1, 1, 1].slice(0, 8);
  const spacings = options.pixdim ?? [0, 1, 2].map((axis) => Math.hypot(...rows.map((row) => row[axis]!)));
  const pixdim = [qfac, ...spacings, 1, 1, 1, 1];
  const quaternion = [0, 0, Math.sin(turn / 2)];
  if (extended) {
    bytes[headerBytes - 4] = 1;
    view.setInt32(headerBytes, 32, littleEndian);
    // A comment.
    view.setInt32(headerBytes + 4, 6, littleEndian);
    bytes.write('of no use', headerBytes + 8, 'latin1');
  }
  const offset = paired ? 0 : bytes.length;
  if (version === 1) {
    const float = (at: number, value: number) => view.setFloat32(at, value, littleEndian);
    const short = (at: number, value: number) => view.setInt16(at, value, littleEndian);
    view.setInt32(0, 348, littleEndian);
    for (const [n, d] of dims.entries()) short(40 + 2 * n, d);
    short(70, NIFTI_CODES[type]);
    short(72, VOXEL_BYTES[type] * 8);
    for (const [n, p] of pixdim.entries()) float(76 + 4 * n, p);
    for (const [at, value] of [
      [108, offset],
      [112, slope],
      [116, intercept],
    ] as const)
      float(at, value);
    bytes[123] = unit;
    short(252, qformCode);
    short(254, sformCode);
    for (const [n, value] of [...quaternion, ...ORIGIN].entries()) float(256 + 4 * n, value);
    for (const [n, value] of rows.flat().entries()) float(280 + 4 * n, value);
    bytes.write(paired ? 'ni1\0' : 'n+1\0', 344, 'latin1');
  } else {
    const double = (at: number, value: number) => view.setFloat64(at, value, littleEndian);
    const int = (at: number, value: number) => view.setInt32(at, value, littleEndian);
    int(0, 540);
    bytes.write(`${paired ? 'ni2' : 'n+2'}\0\r\n\x1a\n`, 4, 'latin1');
    view.setInt16(12, NIFTI_CODES[type], littleEndian);
    view.setInt16(14, VOXEL_BYTES[type] * 8, littleEndian);
    for (const [n, d] of dims.entries()) view.setBigInt64(16 + 8 * n, BigInt(d), littleEndian);
    for (const [n, p] of pixdim.entries()) double(104 + 8 * n, p);
    view.setBigInt64(168, BigInt(offset), littleEndian);
    double(176, slope);
    double(184, intercept);
    int(344, qformCode);
    int(348, sformCode);
    for (const [n, value] of [...quaternion, ...ORIGIN].entries()) double(352 + 8 * n, value);
    for (const [n, value] of rows.flat().entries()) double(400 + 8 * n, value);
    int(500, unit);
  }
  return bytes;
}

const ENDIANS = [true, false];
const numbers = (buffers: readonly Buffer[], ending: string) =>
  Object.fromEntries(buffers.map((bytes, n) => [`slice-${String(n + 1).padStart(2, '0')}.${ending}`, bytes]));

/** Fields of a header with one more axis, which has no direction. */
function fourAxes(sizes: string, directions: (own: string) => string): Record<string, string> {
  return { dimension: '4', sizes, 'space directions': directions(STEPS.map(vector).join(' ')) };
}

function withoutSpace(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    nrrdHeader(fields)
      .toString('latin1')
      .replace(/^space.*\n/gm, ''),
    'latin1',
  );
}

function nrrdVariants(): Variant[] {
  const one = (name: string, ...parts: Buffer[]): Variant => ({
    name: `nrrd ${name}`,
    files: { 'volume.nrrd': Buffer.concat(parts) },
  });
  const detached = (name: string, header: Buffer, files: Record<string, Buffer>): Variant => ({
    name: `nrrd ${name}`,
    files: { 'volume.nhdr': header, ...files },
  });
  const text = Buffer.from(
    Array.from({ length: COUNT }, (_, n) => `${storedValue('int16', n)}${n % 7 ? ' ' : '\n'}`).join(''),
  );
  return [
    ...TYPES.flatMap((type) =>
      ENDIANS.map((little) =>
        one(
          `${type} ${little ? 'little' : 'big'} endian`,
          nrrdHeader({ type: NRRD_TYPES[type], endian: little ? 'little' : 'big' }),
          voxelBytes(type, little),
        ),
      ),
    ),
    one('gzip', nrrdHeader({ encoding: 'gzip' }), gzipSync(SHORTS)),
    one('text', nrrdHeader({ encoding: 'ascii' }), text),
    one('RAS', nrrdHeader({ space: 'RAS' }), SHORTS),
    one('scanner-xyz', nrrdHeader({ space: 'scanner-xyz' }), SHORTS),
    one('axis of 1 behind', nrrdHeader(fourAxes(`${SIZE.join(' ')} 1`, (own) => `${own} none`)), SHORTS),
    one('axis of 1 in front', nrrdHeader(fourAxes(`1 ${SIZE.join(' ')}`, (own) => `none ${own}`)), SHORTS),
    one('spacings alone', withoutSpace({ spacings: SPACING.join(' ') }), SHORTS),
    one(
      'spacings with an axis of 1',
      withoutSpace({ dimension: '4', sizes: `${SIZE.join(' ')} 1`, spacings: `${SPACING.join(' ')} NaN` }),
      SHORTS,
    ),
    one('right-anterior-superior', nrrdHeader({ space: 'right-anterior-superior' }), SHORTS),
    one('LAS', nrrdHeader({ space: 'LAS' }), SHORTS),
    detached('detached raw', nrrdHeader({ 'data file': 'volume.raw' }, ''), { 'volume.raw': SHORTS }),
    detached('names with spaces', nrrdHeader({ 'data file': 'my own volume.raw' }, ''), {
      'my own volume.raw': SHORTS,
    }),
    detached(
      'list of names with spaces',
      nrrdHeader({}, 'data file: LIST\nslice one.raw\nslice two.raw\nslice three.raw\n'),
      Object.fromEntries(['one', 'two', 'three'].map((n, k) => [`slice ${n}.raw`, SLICES[k]!])),
    ),
    detached('detached gzip', nrrdHeader({ encoding: 'gz', 'data file': 'volume.raw.gz' }, ''), {
      'volume.raw.gz': gzipSync(SHORTS),
    }),
    detached(
      'detached list',
      nrrdHeader({}, 'data file: LIST\nslice-01.raw\nslice-02.raw\nslice-03.raw\n'),
      numbers(SLICES, 'raw'),
    ),
    detached('detached pattern', nrrdHeader({ 'data file': 'slice-%02d.raw 1 3 1' }, ''), numbers(SLICES, 'raw')),
    detached('byte and line skip', nrrdHeader({ 'data file': 'volume.raw', 'line skip': '2', 'byte skip': '3' }, ''), {
      'volume.raw': Buffer.concat([Buffer.from('one\ntwo\n123'), SHORTS]),
    }),
    detached('bytes at the end', nrrdHeader({ 'data file': 'volume.raw', 'byte skip': '-1' }, ''), {
      'volume.raw': Buffer.concat([Buffer.from('anything'), SHORTS]),
    }),
  ];
}

/** Fields of a header with a fourth axis of one step. */
function fourDimensions(): Record<string, string> {
  return {
    NDims: '4',
    DimSize: `${SIZE.join(' ')} 1`,
    TransformMatrix: [...DIRECTIONS.map((row) => [...row, 0]), [0, 0, 0, 1]].flat().join(' '),
    Offset: `${ORIGIN.join(' ')} 0`,
    ElementSpacing: `${SPACING.join(' ')} 1`,
  };
}

function metaVariants(): Variant[] {
  const one = (name: string, ...parts: Buffer[]): Variant => ({
    name: `metaimage ${name}`,
    files: { 'volume.mha': Buffer.concat(parts) },
  });
  const detached = (name: string, header: Buffer, files: Record<string, Buffer>): Variant => ({
    name: `metaimage ${name}`,
    files: { 'volume.mhd': header, ...files },
  });
  return [
    ...TYPES.flatMap((type) =>
      ENDIANS.map((little) =>
        one(
          `${type} ${little ? 'little' : 'big'} endian`,
          metaHeader({ ElementType: META_TYPES[type], BinaryDataByteOrderMSB: little ? 'False' : 'True' }),
          voxelBytes(type, little),
        ),
      ),
    ),
    one(
      'zlib',
      metaHeader({ CompressedData: 'True', CompressedDataSize: String(deflateSync(SHORTS).length) }),
      deflateSync(SHORTS),
    ),
    one('fourth axis of 1', metaHeader(fourDimensions()), SHORTS),
    detached('fourth axis of 1, detached', metaHeader(fourDimensions(), 'volume.raw'), { 'volume.raw': SHORTS }),
    detached('names with spaces', metaHeader({}, 'my own volume.raw'), { 'my own volume.raw': SHORTS }),
    detached(
      'list of slices',
      metaHeader({}, 'LIST 2\nslice-01.raw\nslice-02.raw\nslice-03.raw'),
      numbers(SLICES, 'raw'),
    ),
    one('element size alone', metaHeader({ ElementSpacing: SPACING.join(' '), ElementSize: '9 9 9' }), SHORTS),
    detached('detached raw', metaHeader({}, 'volume.raw'), { 'volume.raw': SHORTS }),
    detached(
      'detached zlib',
      metaHeader({ CompressedData: 'True', CompressedDataSize: String(deflateSync(SHORTS).length) }, 'volume.zraw'),
      { 'volume.zraw': deflateSync(SHORTS) },
    ),
    detached('detached list', metaHeader({}, 'LIST\nslice-01.raw\nslice-02.raw\nslice-03.raw'), numbers(SLICES, 'raw')),
    detached('detached pattern', metaHeader({}, 'slice-%02d.raw 1 3 1'), numbers(SLICES, 'raw')),
    detached('bytes at the end', metaHeader({ HeaderSize: '-1' }, 'volume.raw'), {
      'volume.raw': Buffer.concat([Buffer.from('anything'), SHORTS]),
    }),
    detached('bytes at the start', metaHeader({ HeaderSize: '8' }, 'volume.raw'), {
      'volume.raw': Buffer.concat([Buffer.from('anything'), SHORTS]),
    }),
  ];
}

/** Steps and origin as the rows of an sform. */
const ROWS = [0, 1, 2].map((r) => [...STEPS.map((step) => step[r]!), ORIGIN[r]!]);
const ZEROS = [0, 1, 2].map(() => [0, 0, 0, 0]);
const UNIT_STEPS = [0, 1, 2].map((r) => [...[0, 1, 2].map((axis) => (axis === r ? 1 : 0)), ORIGIN[r]!]);
/** The axes turned by half a radian more than the qform turns them. */
const TURNED = [
  [Math.cos(0.8), -Math.sin(0.8), 0],
  [Math.sin(0.8), Math.cos(0.8), 0],
  [0, 0, 1],
].map((row, r) => [...row.map((v, axis) => v * SPACING[axis]!), ORIGIN[r]!]);
/** Slices shifted by 0.4 mm each, as those of a tilted gantry are. */
const SHEARED = UNIT_STEPS.map((row, r) =>
  row.map((v, c) => (c < 3 ? v * SPACING[c]! + (r === 1 && c === 2 ? 0.4 : 0) : v)),
);

/** Headers that say twice where voxels lie, and not the same. SimpleITK reads no NIfTI-2, which has the same fields. */
function contradictions(): Variant[] {
  const pixdim = SPACING;
  const numberless = ROWS.map((row) => row.map(() => Number.NaN));
  const qform = [...ROWS.flatMap((row, r) => row.map((v) => (r < 2 ? -v : v))), 0, 0, 0, 1];
  const one = (name: string, options: NiftiOptions, follows?: Variant['follows']): Variant => ({
    name: `nifti-1 ${name}`,
    files: { 'volume.nii': Buffer.concat([niftiHeader(options), SHORTS]) },
    ...(follows && { follows }),
  });
  return [
    // Method 1 of nifti1.h; nibabel mirrors such a file, and ITK takes its axes for LPS.
    one('no sform and no qform', { sformCode: 0 }, [-0.75, 0, 0, 0, 0, -0.8, 0, 0, 0, 0, 2.5, 0, 0, 0, 0, 1]),
    one('sform of zeros', { rows: ZEROS, pixdim, qformCode: 1 }, 'itk'),
    one('sform of zeros alone', { rows: ZEROS, pixdim, qformCode: 1, sformCode: 0 }),
    // Both make no volume of it, and its qform is good.
    one('sform without numbers', { rows: numberless, pixdim, qformCode: 1 }, qform),
    one('sform with steps of 1', { rows: UNIT_STEPS, pixdim }, 'itk'),
    one('sform with steps of 1 beside a qform', { rows: UNIT_STEPS, pixdim, qformCode: 1, turn: 0 }, 'itk'),
    one('pixdim of 1 beside an sform', { pixdim: [1, 1, 1] }),
    one('pixdim of 0 beside an sform', { pixdim: [0, 0, 0] }),
    one('sform turned against the qform', { rows: TURNED, qformCode: 1 }),
    one('aligned sform turned against the qform', { rows: TURNED, sformCode: 2, qformCode: 1 }, 'itk'),
    one('sform of a template beside a qform', { rows: TURNED, sformCode: 4, qformCode: 1 }, 'itk'),
    one('sheared sform', { rows: SHEARED }),
    one('sheared sform with the distance of slices', { rows: SHEARED, pixdim }),
    one('slope without number for an intercept', { slope: 2, intercept: Number.NaN }, 'itk'),
    one('micrometres', { unit: 3, rows: ROWS.map((row) => row.map((v) => v * 1000)) }, 'itk'),
  ];
}

function niftiVariants(): Variant[] {
  const one = (name: string, options: NiftiOptions, packed = false): Variant => {
    const { type = 'int16', littleEndian = true, version = 1 } = options;
    const bytes = Buffer.concat([niftiHeader(options), voxelBytes(type, littleEndian)]);
    return {
      name: `nifti-${version} ${name}`,
      files: packed ? { 'volume.nii.gz': gzipSync(bytes) } : { 'volume.nii': bytes },
    };
  };
  return ([1, 2] as const).flatMap((version): Variant[] => [
    ...TYPES.flatMap((type) =>
      ENDIANS.map((littleEndian) =>
        one(`${type} ${littleEndian ? 'little' : 'big'} endian`, { version, type, littleEndian }),
      ),
    ),
    one('packed', { version }, true),
    one('qform', { version, sformCode: 0, qformCode: 1 }),
    one('mirrored qform', { version, sformCode: 0, qformCode: 1, qfac: -1 }),
    one('sform beside a qform', { version, sformCode: 1, qformCode: 2, qfac: -1 }),
    one('slope and intercept', { version, slope: 2, intercept: -500 }),
    one('intercept without slope', { version, slope: 0, intercept: -500 }),
    ...[Number.NaN, Infinity].map((slope) => one(`slope ${slope}`, { version, slope, intercept: -500 })),
    one('an extension', { version, extended: true }),
    one('one volume in four dimensions', { version, size: [...SIZE, 1] }),
    one('one volume in five dimensions', { version, size: [...SIZE, 1, 1] }),
    one('slope and intercept of uint16', { version, type: 'uint16', slope: 1, intercept: -1024 }),
    {
      name: `nifti-${version} pair`,
      files: { 'volume.hdr': niftiHeader({ version, paired: true }), 'volume.img': SHORTS },
    },
  ]);
}

export const VARIANTS: readonly Variant[] = [
  ...nrrdVariants(),
  ...metaVariants(),
  ...niftiVariants(),
  ...contradictions(),
];

/** Writes a variant's files into a folder; returns the path of the one to open. */
export function writeVariant(folder: string, { files }: Variant): string {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return join(folder, Object.keys(files)[0]!);
}
