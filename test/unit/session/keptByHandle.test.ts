/** What renderers may still ask about. */
import { expect, it } from 'vitest';
import { keptByHandle } from '../../../src/kernel/session/keptByHandle.ts';

it('keeps as many things as it may, and gives up what was kept longest ago', () => {
  const kept = keptByHandle<number>(2);
  for (const [handle, thing] of Object.entries({ a: 1, b: 2, c: 3 })) kept.keep(handle, thing);
  expect(['a', 'b', 'c'].map(kept.get)).toEqual([undefined, 2, 3]);
  kept.keep('b', 4);
  kept.keep('d', 5);
  expect(['b', 'c', 'd'].map(kept.get)).toEqual([4, undefined, 5]);
});
