/** What a PNG says of itself, as another reader of the format has it. */
import { decode, encode } from 'fast-png';
import { expect, it } from 'vitest';
import { withResolution } from '../../../src/kernel/browser/pngFile.ts';

it('says how many dots an inch has, and what it shows, and keeps its pixels', () => {
  const data = Uint8Array.from({ length: 12 }, (_, n) => n * 20);
  const plain = encode({ width: 2, height: 2, data, channels: 3 });
  const written = withResolution(plain, 600, 'κ of two readers');
  // Wrong check sums would be refused.
  const image = decode(written, { checkCrc: true });
  expect([image.width, image.height, [...image.data]]).toEqual([2, 2, [...data]]);
  // 600 dots per 25.4 mm; 1 stands for the metre.
  expect(image.resolution).toEqual({ x: 23622, y: 23622, unit: 1 });
  expect(Buffer.from(written).includes(Buffer.from('Description\0\0\0\0\0κ of two readers', 'utf8'))).toBe(true);
});
