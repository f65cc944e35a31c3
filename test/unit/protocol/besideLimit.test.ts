/** Checks that a number beside a limit is read on its own side of it. */
import { expect, it } from 'vitest';
import { besideLimit } from '../../../src/protocol/words/besideLimit.ts';

it.each([
  [36.9, 37, 0, '36.9'],
  [36.99, 37, 0, '36.99'],
  [36.2, 37, 0, '36'],
  [37.4, 37, 0, '37.4'],
  [37, 37, 0, '37'],
  [5.96, 6, 1, '5.96'],
  [9500.3, 9500, 0, '9500.3'],
])('writes %s beside %s with at least %s decimals as %s', (value, limit, digits, text) => {
  expect(besideLimit(value, limit, digits)).toBe(text);
});
