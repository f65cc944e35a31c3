/** Which slices of a CT a page has. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evenly, nearest } from '../../../src/protocol/pageSlices.ts';

it('takes as many slices as are asked for, evenly apart and within the lungs, and all where they are fewer', () => {
  expect(evenly(10, 29, 5)).toEqual([12, 16, 20, 24, 28]);
  expect(evenly(3, 5, 20)).toEqual([3, 4, 5]);
  const extent = fc.tuple(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(extent, ([first, span, count]) => {
      const indices = evenly(first, first + span, count);
      expect(indices.length).toBe(Math.min(count, span + 1));
      expect(indices[0]).toBeGreaterThanOrEqual(first);
      expect(indices.at(-1)).toBeLessThanOrEqual(first + span);
      const gaps = indices.slice(1).map((index, n) => index - indices[n]!);
      if (gaps.length) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    }),
  );
});

it('finds the nearest slice, of two the lower', () => {
  expect([0, 14, 15, 16, 99].map((index) => nearest([10, 20, 30], index))).toEqual([10, 10, 10, 20, 30]);
  expect(nearest([], 3)).toBeUndefined();
});
