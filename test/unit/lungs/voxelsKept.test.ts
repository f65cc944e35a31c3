/** The memory that gathered voxels may take. */
import { expect, it } from 'vitest';
import type { LungVoxels } from '../../../src/kernel/lungs/lungVoxels.ts';
import { createVoxelsKept } from '../../../src/kernel/lungs/voxelsKept.ts';

/** Voxels that say how large they are, and hold nothing. */
const voxelsOf = (bytes: number): LungVoxels => {
  const quarter = { byteLength: bytes / 4 };
  // SAFETY: what keeps them asks for their sizes alone.
  return { lobes: quarter, best: quarter, probabilities: quarter, hu: quarter } as unknown as LungVoxels;
};

it('keeps as much as it may, and gives up what was kept longest ago', () => {
  const kept = createVoxelsKept(800e6);
  for (const key of ['a', 'b', 'c', 'd']) kept.keep(key, voxelsOf(200e6));
  const here = () => ['a', 'b', 'c', 'd', 'e'].filter((key) => kept.get(key));
  expect(here()).toEqual(['a', 'b', 'c', 'd']);
  kept.keep('a', kept.get('a')!);
  kept.keep('e', voxelsOf(100e6));
  expect(here()).toEqual(['a', 'c', 'd', 'e']);
});

it('keeps the latest, however large', () => {
  const kept = createVoxelsKept(800e6);
  kept.keep('a', voxelsOf(100e6));
  kept.keep('b', voxelsOf(1e9));
  expect([kept.get('a'), kept.get('b')]).toEqual([undefined, voxelsOf(1e9)]);
});
