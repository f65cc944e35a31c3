/** The order of the cases: everybody once, repeats once more and far apart, and always the same for a seed. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { readingOrder } from '../../../src/kernel/verbs/read/order.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

it('shows every case once, and as many as are asked for a second time, half of the study later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(80), fc.nat(), (count, wanted, seed) => {
      const repeats = Math.min(wanted, count);
      const order = readingOrder(numbers(count), repeats, createRandom(seed));
      const places = (repeat: number) =>
        new Map(order.flatMap((shown, at) => (shown.repeat === repeat ? [[shown.item, at] as const] : [])));
      const [first, second] = [places(1), places(2)];
      expect([...first.keys()].sort((a, b) => a - b)).toEqual(numbers(count));
      expect(second.size).toBe(repeats);
      expect(order).toHaveLength(count + repeats);
      for (const [item, at] of second)
        expect(at - first.get(item)!).toBeGreaterThanOrEqual(Math.max(1, Math.floor(count / 2)));
    }),
  );
});

it('is the same for the same seed, and another one for another', () => {
  const order = (seed: string) => readingOrder(numbers(60), 10, createRandom(seed));
  expect(order('7/reader3/1')).toEqual(order('7/reader3/1'));
  expect(order('7/reader3/1')).not.toEqual(order('7/reader3/2'));
});

it('gives no case away as a repeat by its distance', () => {
  const order = readingOrder(numbers(60), 20, createRandom(3));
  const distances = order.flatMap(({ item, repeat }, at) =>
    repeat === 2 ? [at - order.findIndex((other) => other.item === item)] : [],
  );
  expect(new Set(distances).size).toBeGreaterThan(8);
});
