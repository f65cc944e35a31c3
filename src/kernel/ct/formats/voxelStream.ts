/** Streams the voxels of a volume file from its bytes, block by block, so that no more than the result is ever held. */
import { Readable } from 'node:stream';
import { createUnzip } from 'node:zlib';
import type { Source } from '../cohort/cohort.ts';
import { MAX_COMPRESSION, type SourceReader } from '../files/sources.ts';

export type VoxelType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export const VOXEL_BYTES: Readonly<Record<VoxelType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** How voxels lie in a file's bytes. */
export interface VoxelLayout {
  readonly type: VoxelType;
  readonly littleEndian: boolean;
  /** `packed` is gzip or zlib, told apart by their first bytes; `text` is numbers between white space. */
  readonly encoding: 'raw' | 'packed' | 'text';
  /** Bytes of the file before the voxels; `end` where the voxels are the last bytes of the file. */
  readonly skippedBytes: number | 'end';
  /** Lines to pass over after those bytes. */
  readonly skippedLines: number;
  /** Bytes to pass over after unpacking. */
  readonly skippedUnpackedBytes: number;
}

export type VoxelBlock =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | readonly number[];

const CHUNK_BYTES = 256 * 1024;
/** A digit and a space. */
const MIN_TEXT_BYTES = 2;

/** True where `parts` may hold `count` voxels by their sizes alone: asked before any memory is taken for them. */
export async function mayHold(
  count: number,
  layout: VoxelLayout,
  parts: readonly Source[],
  reader: SourceReader,
): Promise<{ there: number; needed: number; enough: boolean }> {
  const sizes = await Promise.all(parts.map((part) => reader.size(part)));
  const skipped = layout.skippedBytes === 'end' ? 0 : layout.skippedBytes;
  const there = sizes.reduce((sum, size) => sum + Math.max(0, size - skipped), 0);
  const needed =
    layout.encoding === 'text'
      ? count * MIN_TEXT_BYTES - 1
      : layout.encoding === 'raw'
        ? count * VOXEL_BYTES[layout.type]
        : (count * VOXEL_BYTES[layout.type]) / MAX_COMPRESSION;
  return { there, needed: Math.ceil(needed), enough: there >= needed };
}

/** The voxels of all parts, one after another, `count` at the most. Throws an Error where packed bytes are damaged. */
export async function* voxelBlocks(
  count: number,
  layout: VoxelLayout,
  parts: readonly Source[],
  reader: SourceReader,
): AsyncGenerator<VoxelBlock> {
  let left = count;
  for (const part of parts) {
    const skipped =
      layout.skippedBytes === 'end'
        ? Math.max(0, (await reader.size(part)) - (count / parts.length) * VOXEL_BYTES[layout.type])
        : layout.skippedBytes;
    const stored = withoutLines(without(await reader.stream(part), skipped), layout.skippedLines);
    const bytes = without(layout.encoding === 'packed' ? unpacked(stored) : stored, layout.skippedUnpackedBytes);
    const blocks = layout.encoding === 'text' ? numbersOf(bytes) : typedBlocks(bytes, layout.type, layout.littleEndian);
    for await (const block of blocks) {
      yield block.length > left ? block.slice(0, left) : block;
      left -= Math.min(left, block.length);
      if (left === 0) return;
    }
  }
}

async function* without(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* withoutLines(chunks: AsyncIterable<Buffer>, lines: number): AsyncGenerator<Buffer> {
  let left = lines;
  for await (const chunk of chunks) {
    let start = 0;
    for (; left > 0; left--) {
      const end = chunk.indexOf('\n', start);
      if (end === -1) break;
      start = end + 1;
    }
    if (left === 0 && start < chunk.length) yield chunk.subarray(start);
  }
}

/** The bytes of gzip (RFC 1952) or zlib (RFC 1950) data. */
function unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const stored = Readable.from(chunks, { objectMode: false });
  const unzip = createUnzip({ chunkSize: CHUNK_BYTES });
  stored.on('error', (error) => unzip.destroy(error));
  unzip.on('close', () => stored.destroy());
  return stored.pipe(unzip);
}

async function* typedBlocks(
  chunks: AsyncIterable<Buffer>,
  type: VoxelType,
  littleEndian: boolean,
): AsyncGenerator<VoxelBlock> {
  const width = VOXEL_BYTES[type];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const joined = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    const usable = joined.length - (joined.length % width);
    // A copy of its own: typed arrays need their first byte at a multiple of their width, and swapping writes.
    const block = new Uint8Array(joined.subarray(0, usable));
    rest = joined.subarray(usable);
    if (!littleEndian) swapBytes(block, width);
    if (usable) yield typedArray(type, block.buffer);
  }
}

function swapBytes(block: Uint8Array, width: number): void {
  const bytes = Buffer.from(block.buffer);
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

function typedArray(type: VoxelType, bytes: ArrayBuffer): VoxelBlock {
  switch (type) {
    case 'int8':
      return new Int8Array(bytes);
    case 'uint8':
      return new Uint8Array(bytes);
    case 'int16':
      return new Int16Array(bytes);
    case 'uint16':
      return new Uint16Array(bytes);
    case 'int32':
      return new Int32Array(bytes);
    case 'uint32':
      return new Uint32Array(bytes);
    case 'int64':
      return Float64Array.from(new BigInt64Array(bytes), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(bytes), Number);
    case 'float32':
      return new Float32Array(bytes);
    case 'float64':
      return new Float64Array(bytes);
  }
}

/** Numbers written between white space or commas; what is no number is NaN. */
async function* numbersOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly number[]> {
  let rest = '';
  const numbers = (text: string) =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  for await (const chunk of chunks) {
    const text = rest + chunk.toString('latin1');
    const end = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'));
    rest = text.slice(end + 1);
    yield numbers(text.slice(0, end + 1));
  }
  yield numbers(rest);
}
