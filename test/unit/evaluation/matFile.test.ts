/** Checks the reader of MATLAB files on small ones written here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCellArrays } from '../../../models/evaluation/matFile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readCellArrays', () => {
  /** A data element in its long form, padded to eight bytes. */
  const element = (type: number, data: Buffer) => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(type, 0);
    tag.writeUInt32LE(data.length, 4);
    return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
  };
  const int32s = (...values: number[]) => Buffer.from(Int32Array.from(values).buffer);
  const matrix = (type: number, size: number[], name: string, ...content: Buffer[]) =>
    element(
      14,
      Buffer.concat([
        element(6, int32s(type, 0)),
        element(5, int32s(...size)),
        element(1, Buffer.from(name)),
        ...content,
      ]),
    );
  const write = (variable: Buffer) => {
    const packed = deflateSync(variable);
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(packed.length, 4);
    const file = join(folder, 'cells.mat');
    writeFileSync(file, Buffer.concat([Buffer.alloc(128), tag, packed]));
    return file;
  };

  it('reads numbers and characters of every cell, in the long and the small form', () => {
    const small = Buffer.alloc(8);
    small.writeUInt32LE((2 << 16) | 16, 0);
    small.write('NT', 4);
    const cells = [
      matrix(10, [2, 1, 2], '', element(3, Buffer.from(Int16Array.of(-900, -950, 40, 7).buffer))),
      matrix(4, [1, 2], '', small),
    ];
    const arrays = readCellArrays(write(matrix(1, [1, 2], 'patches', ...cells)));
    const [numbers, text] = arrays.get('patches')!;
    expect(numbers).toEqual({ size: [2, 1, 2], values: Int16Array.of(-900, -950, 40, 7) });
    expect(String.fromCharCode(...text!.values)).toBe('NT');
  });

  it('refuses what is no cell array', () => {
    const file = write(matrix(6, [1, 1], 'number', element(9, Buffer.alloc(8))));
    expect(() => readCellArrays(file)).toThrow('number is not a cell array');
  });
});
