/** Whether texts of a figure lie on each other. */
import { expect, it } from 'vitest';
import { overlap } from '../../../src/webview/figure/textFaults.ts';

/** A text that begins at a point and runs along an angle in degrees, downwards. */
function box(x: number, y: number, angle: number, [width, height] = [60, 12]) {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const corners = [
    [0, 0],
    [width!, 0],
    [width!, height!],
    [0, height!],
  ] as const;
  return corners.map(([along, down]) => [x + along * cos - down * sin, y + along * sin + down * cos] as const);
}

it.each([
  ['beside each other', box(0, 0, 0), box(61, 0, 0), false],
  ['on each other', box(0, 0, 0), box(59, 0, 0), true],
  ['within each other', box(0, 0, 0), box(10, 3, 0, [20, 4]), true],
  ['turned, one beside the other, though the upright boxes around them meet', box(0, 0, 30), box(30, 0, 30), false],
  ['turned, so close that they meet', box(0, 0, 30), box(15, 0, 30), true],
  ['turned by a quarter', box(0, 0, 90), box(14, 0, 90), false],
])('texts that lie %s', (_, a, b, expected) => {
  expect([overlap(a, b), overlap(b, a)]).toEqual([expected, expected]);
});
