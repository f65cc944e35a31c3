/** Who reads which case: everybody as much as the others, and each pair as much together. */
import { expect, it } from 'vitest';
import { sharesOf } from '../../../src/kernel/verbs/plan/readingShares.ts';

const spread = (counts: Iterable<number>) => {
  const all = [...counts];
  return Math.max(...all) - Math.min(...all);
};

it.each([
  [60, 5, 2],
  [40, 4, 1],
  [61, 7, 3],
  [12, 3, 3],
  [107, 6, 2],
])('%i cases by %i readers, %i each', (cases, readers, each) => {
  const shares = sharesOf({ cases, readers, each });
  expect(shares).toHaveLength(cases);
  expect(shares.every((group) => new Set(group).size === each)).toBe(true);
  const loads = Array.from({ length: readers }, (_, reader) => shares.filter((group) => group.includes(reader)).length);
  expect(spread(loads)).toBeLessThanOrEqual(1);
  const pairs = Array.from({ length: readers }, (_, a) =>
    Array.from({ length: readers }, (_, b) =>
      a < b ? shares.filter((g) => g.includes(a) && g.includes(b)).length : [],
    ),
  ).flat(2);
  if (each > 1) expect(spread(pairs)).toBeLessThanOrEqual(2);
  expect(sharesOf({ cases, readers, each })).toEqual(shares);
});
