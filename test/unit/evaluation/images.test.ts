/** Checks the readers of evaluation images on small files written here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMetaImage } from '../../../models/evaluation/images.ts';
import { readCellArrays } from '../../../models/evaluation/matFile.ts';
import { boxOf } from '../../../samples/phantom/grid.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readMetaImage', () => {
  const write = (lines: string[], data: Uint8Array) => {
    const header = ['ObjectType = Image', 'NDims = 3', ...lines, 'ElementDataFile = LOCAL', ''].join('\n');
    const file = join(folder, 'image.mha');
    writeFileSync(file, Buffer.concat([Buffer.from(header), deflateSync(data)]));
    return file;
  };
  const common = ['CompressedData = True', 'TransformMatrix = 1 0 0 0 1 0 0 0 1', 'Offset = -5 2.5 100'];

  it('reads size, place and 16-bit values', () => {
    const values = Int16Array.of(-1000, 40, 300, -5);
    const lines = [...common, 'ElementSpacing = 1.5 1.5 2', 'DimSize = 2 1 2', 'ElementType = MET_SHORT'];
    const image = readMetaImage(write(lines, new Uint8Array(values.buffer)));
    expect(image.values).toEqual(values);
    expect(boxOf(image)).toEqual({ sizeVoxels: [2, 1, 2], spacing: [1.5, 1.5, 2], origin: [-5, 2.5, 100] });
  });

  it('refuses turned axes and other types', () => {
    const turned = ['CompressedData = True', 'TransformMatrix = 0 1 0 1 0 0 0 0 1', 'ElementType = MET_SHORT'];
    expect(() => readMetaImage(write(turned, new Uint8Array(2)))).toThrow('axes along x, y, z');
    expect(() => readMetaImage(write([...common, 'ElementType = MET_FLOAT'], new Uint8Array(4)))).toThrow('MET_FLOAT');
  });
});

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
