/** Reads the cell arrays of a compressed, little-endian MATLAB 5 file, as far as labelled image patches need it. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const HEADER_BYTES = 128;
const COMPRESSED = 15;
const CELL_CLASS = 1;

/** An array of numbers or characters, first dimension fastest. */
export interface MatArray {
  readonly size: readonly number[];
  readonly values: Int16Array | Uint8Array | Uint16Array;
}

/** The elements of every cell array in the file, by the array's name. */
export function readCellArrays(file: string): Map<string, MatArray[]> {
  const bytes = readFileSync(file);
  const arrays = new Map<string, MatArray[]>();
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.readUInt32LE(at) !== COMPRESSED) throw new Error(`${file}: only compressed variables are read`);
    const matrix = element(inflateSync(bytes.subarray(at + 8, at + 8 + length)), 0).data;
    const { type, name, rest } = describe(matrix);
    if (type !== CELL_CLASS) throw new Error(`${file}: ${name} is not a cell array`);
    arrays.set(
      name,
      parts(rest).map(({ data }) => numeric(data)),
    );
    at += 8 + length;
  }
  return arrays;
}

interface Element {
  readonly type: number;
  readonly data: Buffer;
  readonly next: number;
}

/** A tagged data element, in its long or its small form. */
function element(bytes: Buffer, at: number): Element {
  const tag = bytes.readUInt32LE(at);
  const small = tag >>> 16;
  if (small) return { type: tag & 0xffff, data: bytes.subarray(at + 4, at + 4 + small), next: at + 8 };
  const length = bytes.readUInt32LE(at + 4);
  return { type: tag, data: bytes.subarray(at + 8, at + 8 + length), next: at + 8 + Math.ceil(length / 8) * 8 };
}

function parts(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; at = found.at(-1)!.next) found.push(element(bytes, at));
  return found;
}

function describe(matrix: Buffer) {
  const flags = element(matrix, 0);
  const size = element(matrix, flags.next);
  const name = element(matrix, size.next);
  return {
    type: flags.data[0]!,
    size: Array.from({ length: size.data.length / 4 }, (_, n) => size.data.readInt32LE(n * 4)),
    name: name.data.toString('latin1'),
    rest: matrix.subarray(name.next),
  };
}

function numeric(matrix: Buffer): MatArray {
  const { size, rest } = describe(matrix);
  const { type, data } = element(rest, 0);
  const copy = Uint8Array.from(data);
  if (type === 3) return { size, values: new Int16Array(copy.buffer) };
  if (type === 4 || type === 17) return { size, values: new Uint16Array(copy.buffer) };
  return { size, values: copy };
}
