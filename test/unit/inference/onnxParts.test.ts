import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NotOnnx, onnxParts } from '../../../src/kernel/inference/onnxParts.ts';

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint((value / 128) | 0)];
const bytes = (number: number, content: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), Buffer.from(content)]);
const int = (number: number, value: number): Buffer => Buffer.from([...varint(number * 8), ...varint(value)]);
const concat = (...parts: Buffer[]) => Buffer.concat(parts);

const entry = (key: string, value: string) => bytes(13, concat(bytes(1, key), bytes(2, value)));
const outside = concat(
  bytes(8, 'w'),
  int(14, 1),
  entry('location', 'there'),
  entry('offset', '8'),
  entry('length', '4'),
);
const graph = (...parts: Buffer[]) => bytes(7, concat(...parts));
const node = (...attributes: Buffer[]) => bytes(1, concat(...attributes.map((attribute) => bytes(5, attribute))));
const found = (isWeight: boolean) => [{ name: 'w', locations: ['there'], end: 12, isWeight }];

/** Long forms of the same field, which protobuf's own reader cuts to 32 bits. */
const wide = (value: bigint): Buffer => {
  const low: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 7n) low.push(Number(rest & 127n) + (rest > 127n ? 128 : 0));
  return Buffer.from(low);
};
const CUT = 1n << 32n;

describe('tensors in another file are found', () => {
  it.each([
    ['as a weight of the main graph', graph(bytes(5, outside)), true],
    ['where the graph is written in two parts', concat(graph(), graph(bytes(5, outside))), true],
    ['as a constant', graph(node(bytes(5, outside))), false],
    ['in a list of constants', graph(node(bytes(10, outside))), false],
    ['in a branch', graph(node(bytes(6, bytes(5, outside)))), false],
    ['in a branch of a branch', graph(node(bytes(11, node(bytes(6, bytes(5, outside)))))), false],
    ['as the values of a sparse weight', graph(bytes(15, bytes(1, outside))), false],
    ['as the indices of a sparse weight', graph(bytes(15, bytes(2, outside))), false],
    ['in a sparse constant', graph(node(bytes(22, bytes(1, outside)))), false],
    ['in sparse constants', graph(node(bytes(23, bytes(1, outside)))), false],
    ['in a function', bytes(25, bytes(7, bytes(5, bytes(5, outside)))), false],
    ['as a default of a function', bytes(25, bytes(11, bytes(5, outside))), false],
    ['in what trains the network', bytes(20, bytes(1, bytes(5, outside))), false],
  ])('%s', (_, model, isWeight) => expect(onnxParts(model).external).toEqual(found(isWeight)));

  it('where its place is a number that ONNX Runtime cuts to 32 bits', () => {
    const place = concat(Buffer.from(varint(14 * 8)), wide(CUT + 1n));
    const tensor = concat(bytes(8, 'w'), place, entry('location', 'there'));
    expect(onnxParts(graph(bytes(5, tensor))).external).toHaveLength(1);
  });

  it('with every place that one names', () => {
    const two = graph(bytes(5, concat(outside, entry('location', 'elsewhere'))));
    expect(onnxParts(two).external[0]!.locations).toEqual(['there', 'elsewhere']);
  });
});

it('a model in one file has none', () => {
  const file = join(import.meta.dirname, '../../../models/lung-lobes/model.onnx');
  expect(onnxParts(readFileSync(file))).toMatchObject({ external: [], isCompiled: false });
});

it('the largest tensor is told, packed or not, and what a sparse one unpacks to', () => {
  const packed = bytes(1, Buffer.from([...varint(1e6), ...varint(1e6)]));
  expect(onnxParts(graph(bytes(5, concat(int(1, 1e6), int(1, 1e3))))).mostValues).toBe(1e9);
  expect(onnxParts(graph(bytes(5, packed))).mostValues).toBe(1e12);
  expect(onnxParts(graph(bytes(15, bytes(3, Buffer.from(varint(5e6)))))).mostUnpacked).toBe(5e6);
});

it('a node compiled for one device is told', () => {
  expect(onnxParts(graph(bytes(1, bytes(4, 'EPContext')))).isCompiled).toBe(true);
});

it.each([
  ['a text', Buffer.from('no model at all')],
  ['a model in ONNX Runtime’s own format', Buffer.from('....ORTM....')],
  ['a file that is cut short', graph(bytes(5, outside)).subarray(0, 20)],
  ['a field whose tag ONNX Runtime cuts to that of another', graph(bytes(5, wide(CUT + 112n)))],
  ['a length that leads out', Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f])],
])('%s is no ONNX', (_, file) => expect(() => onnxParts(file)).toThrow(NotOnnx));

it('every cut and every changed byte is either read or refused', () => {
  const model = graph(bytes(5, outside), node(bytes(6, bytes(5, outside))));
  for (let n = 0; n < model.length; n++)
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      const changed = Buffer.from(model);
      changed[n] = value;
      for (const file of [changed, changed.subarray(0, n)])
        try {
          onnxParts(file);
        } catch (error) {
          expect(error).toBeInstanceOf(NotOnnx);
        }
    }
});
