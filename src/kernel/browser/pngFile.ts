/** What a PNG says of itself beside its pixels (PNG, Third Edition, 11.3): how large it is printed, and what it shows. */
import { crc32 } from 'node:zlib';
import { MM_PER_INCH } from '../paper/page.ts';

const MM_PER_METRE = 1000;
/** The signature, and the header, which comes first: length, type, 13 bytes, check sum. */
const BEHIND_HEADER = 8 + 4 + 4 + 13 + 4;
const PER_METRE = 1;

/** The same picture with its resolution and a description. */
export function withResolution(png: Uint8Array, dpi: number, description: string): Uint8Array {
  return Buffer.concat([
    png.subarray(0, BEHIND_HEADER),
    resolution(dpi),
    text('Description', description),
    png.subarray(BEHIND_HEADER),
  ]);
}

function resolution(dpi: number): Buffer {
  const perMetre = Math.round((dpi / MM_PER_INCH) * MM_PER_METRE);
  const data = Buffer.alloc(9);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data.writeUInt8(PER_METRE, 8);
  return chunk('pHYs', data);
}

/** UTF-8, not compressed, of no language in particular. */
function text(keyword: string, words: string): Buffer {
  return chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(words, 'utf8')]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}
