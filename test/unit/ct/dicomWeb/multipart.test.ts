/** Parts come out whole, wherever the chunks of the network end. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/kernel/base/random.ts';
import { boundaryOf, readParts } from '../../../../src/kernel/ct/dicomWeb/multipart.ts';

const LIMITS = { parts: 4, partHeaderBytes: 1000 };

async function read(body: Buffer, chunk: number, boundary = 'b1') {
  const parts: { bytes: Buffer; ended: boolean }[] = [];
  async function* chunks() {
    for (let at = 0; at < body.length; at += chunk) yield body.subarray(at, at + chunk);
  }
  const whole = await readParts(chunks(), boundary, LIMITS, async () => {
    const part = { bytes: Buffer.alloc(0), ended: false };
    parts.push(part);
    return {
      write: async (bytes) => {
        part.bytes = Buffer.concat([part.bytes, bytes]);
      },
      end: async () => {
        part.ended = true;
      },
    };
  });
  return { whole, parts: parts.map(({ bytes, ended }) => (ended ? bytes.toString('latin1') : undefined)) };
}

const random = createRandom('parts');
/** Full of beginnings of boundaries. */
const bytes = Array.from(
  { length: 500 },
  () => ['\r', '\n', '-', '-b', '\r\n--', '\r\n--b', 'x'][Math.floor(random() * 7)],
)
  .join('')
  .replaceAll('\r\n--b1', 'x');
const body = Buffer.from(
  `preamble\r\n--b1\r\nContent-Type: a\r\n\r\n${bytes}\r\n--b1\r\n\r\n\r\n--b1  \r\nA: b\r\n\r\nlast\r\n--b1--\r\nepilogue`,
  'latin1',
);

describe('reading parts', () => {
  it.each([1, 2, 3, 5, 7, 64, 10_000])('in chunks of %i bytes', async (chunk) => {
    expect(await read(body, chunk)).toEqual({ whole: true, parts: [bytes, '', 'last'] });
  });

  it('says that an answer was cut off, wherever that was', async () => {
    const end = body.indexOf('--b1--');
    for (let length = 0; length < end + 6; length++) {
      const { whole, parts } = await read(body.subarray(0, length), 50);
      expect(whole).toBe(false);
      expect(parts.filter((part) => part !== undefined).every((part, n) => part === [bytes, '', 'last'][n])).toBe(true);
    }
  });

  it('refuses more parts and longer headers than allowed', async () => {
    await expect(read(Buffer.from('--b1\r\n\r\nx\r\n'.repeat(6)), 10)).rejects.toThrow('4 parts');
    await expect(read(Buffer.from(`--b1\r\n${'h'.repeat(2000)}`), 10)).rejects.toThrow('1000 bytes of header');
    await expect(read(Buffer.from('p'.repeat(2000)), 10)).rejects.toThrow('1000 bytes of header');
  });

  it('finds the boundary that a content type names', () => {
    expect(boundaryOf('multipart/related; type="application/dicom"; boundary="a b"')).toBe('a b');
    expect(boundaryOf('Multipart/Related;boundary=ab;x=1')).toBe('ab');
    expect([boundaryOf('application/dicom'), boundaryOf('multipart/related')]).toEqual([undefined, undefined]);
  });
});
