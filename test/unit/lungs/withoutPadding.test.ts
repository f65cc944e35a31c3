import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { measureDensities } from '../../../src/kernel/lungs/measure.ts';
import { withoutPadding } from '../../../src/kernel/lungs/withoutPadding.ts';

const grid = { size: [5, 4, 1] as const, affine: axisAlignedAffine([10, 10, 10], [0, 0, 0]) };
/** Padding in a corner that cuts the lung, and a bulla of the same value within it. */
const hu = Int16Array.from([
  ...[-1024, -1024, -850, -850, 40],
  ...[-1024, -850, -850, -850, 40],
  ...[-850, -850, -1024, -850, 40],
  ...[40, 40, 40, 40, 40],
]);
const lobes = () => ({ ...grid, labels: Uint8Array.from(hu, (value) => (value < -500 ? 1 : 0)) });

it('trap: padding is never counted as emphysema, and a bulla is', () => {
  const cut = withoutPadding({ ...grid, hu }, lobes());
  expect([...cut.labels.subarray(0, 10)]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 1, 0]);
  const density = measureDensities({ ...grid, hu }, cut);
  const total = density.find(({ region }) => region === 'total')!;
  expect(total.volumeMl).toBe(9);
  expect(total.laa950Percent).toBeCloseTo(100 / 9, 9);
});

it('leaves a map alone in which no padding is labelled', () => {
  const all = { ...grid, labels: new Uint8Array(20).fill(2) };
  const air = new Int16Array(20).fill(-1000);
  expect(withoutPadding({ ...grid, hu: air }, all).labels).toEqual(new Uint8Array(20).fill(2));
});
