import { expect, it } from 'vitest';
import { againUntil } from '../../../src/extension/againUntil.ts';

/** Refused so often, then done. */
function refused(times: number): { readonly isDone: () => Promise<boolean>; readonly asked: () => number } {
  let asked = 0;
  return { isDone: async () => ++asked > times, asked: () => asked };
}

it.each([
  [0, true, 1],
  [2, true, 3],
  [3, false, 3],
])('what is refused %i times is done: %s, and asked for %i times of three', async (times, isDone, asked) => {
  const tried = refused(times);
  expect(await againUntil(tried.isDone, { tries: 3, pauseMs: 1 })).toBe(isDone);
  expect(tried.asked()).toBe(asked);
});
