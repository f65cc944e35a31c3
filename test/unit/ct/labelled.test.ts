/** Stretches without labels are passed over, whatever their length and wherever they end. */
import { expect, it } from 'vitest';
import { forEachLabelledRun, labelFinder } from '../../../src/kernel/ct/geometry/labelled.ts';

/** Labels here and there, more than a block apart, at its borders, and in a map that begins within a buffer. */
function map(places: readonly number[]): Uint8Array {
  const labels = new Uint8Array(new ArrayBuffer(20_003), 3);
  for (const place of places) labels[place] = 1 + (place % 5);
  return labels;
}

it.each([
  ['none', []],
  ['the first and the last', [0, 19_999]],
  ['both sides of a block’s border', [4095, 4096, 8191, 12_288]],
  ['one behind the other', [5000, 5001, 5002, 9999, 10_000]],
] as const)('finds labels: %s', (_, places) => {
  const labels = map(places);
  const next = labelFinder(labels);
  const found: number[] = [];
  for (let v = next(0, labels.length); v < labels.length; v = next(v + 1, labels.length)) found.push(v);
  expect(found).toEqual(places);
  expect(next(0, 17)).toBe(places.find((place) => place < 17) ?? 17);
});

it('tells runs within rows, which end with their row', () => {
  const runs: number[][] = [];
  forEachLabelledRun(map([99, 100, 101, 250, 19_999]), 100, (first, end) => runs.push([first, end]));
  expect(runs).toEqual([
    [99, 100],
    [100, 102],
    [250, 251],
    [19_999, 20_000],
  ]);
});
