/** Bytes that no part of a file counts: behind its end, and between the fragments of compressed pixels. */
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecs } from '../../../src/kernel/ct/dicom/codecs/dcmjsCodecs.ts';
import { decodeFrames } from '../../../src/kernel/ct/dicom/dicomFile.ts';
import { temporaryFolder } from './helpers.ts';
import { LOSSLESS, SLICE, transcoded, writeSlice } from './writtenSyntaxes.ts';

let folder: string;
let plain: Buffer;
let compressed: readonly Buffer[];
beforeAll(async () => {
  await loadCodecs();
  folder = temporaryFolder();
  const file = writeSlice(folder, { bits: 12, signed: false });
  plain = readFileSync(file);
  compressed = Object.values(LOSSLESS).map((syntax) => transcoded(file, syntax));
});
afterAll(() => rmSync(folder, { recursive: true }));

const END = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
/** The file up to the end of its fragments. */
const fragments = (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf(END));
const whole = async (bytes: Buffer) => expect((await decodeFrames(bytes, [0]))[0]!.hu).toEqual(SLICE);

describe('stray bytes', () => {
  it.each([1, 3, 512])('behind the pixels do no harm: %s', async (count) => {
    for (const bytes of [plain, ...compressed]) await whole(Buffer.concat([bytes, Buffer.alloc(count)]));
  });

  it('between a fragment and the end of all are passed over', async () => {
    for (const bytes of compressed) await whole(Buffer.concat([fragments(bytes), Buffer.alloc(1), END]));
  });

  it('in place of the end of all are passed over', async () => {
    for (const bytes of compressed) await whole(Buffer.concat([fragments(bytes), Buffer.alloc(1)]));
  });
});
