/** Checks the thorax around drawn lungs: its outline on simple shapes, and that ribs lie on the lungs as in a patient. */
import { expect, it } from 'vitest';
import { chestGrid, drawAnatomy, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { gridAround } from '../../../samples/phantom/grid.ts';
import { distanceOutside, semiAxes, thoraxAround } from '../../../samples/phantom/thorax.ts';
import { TISSUE } from '../../../samples/phantom/tissues.ts';

/** A map of 40 × 40 × 20 voxels of 2 mm with two boxes of lung, the lower slices empty. */
const grid = gridAround([0, 0, 0], [40, 40, 20], [2, 2, 2]);
const boxes = (from: number, to: number): Uint8Array => {
  const lobes = new Uint8Array(40 * 40 * 20);
  for (let k = from; k < to; k++)
    for (let j = 10; j < 30; j++)
      for (const [start, end] of [
        [6, 14],
        [26, 34],
      ] as const)
        for (let i = start; i < end; i++) lobes[(k * 40 + j) * 40 + i] = 1;
  return lobes;
};

it('runs around both lungs, to the outer side of their voxels', () => {
  const { outlines } = thoraxAround(grid, boxes(0, 20))!;
  const { cx, cy, hx, hy } = semiAxes(outlines[10]!);
  expect([cx, cy].map(Math.abs).every((shift) => shift < 1e-9)).toBe(true);
  expect(hx).toBeCloseTo(28);
  // Rows count by their centres, which a rib's width hides.
  expect(hy).toBeCloseTo(19);
  expect(distanceOutside(outlines[10]!, 0, 0)).toBeCloseTo(-19);
  expect(distanceOutside(outlines[10]!, 33, 0)).toBeCloseTo(5);
  expect(distanceOutside(outlines[10]!, -33, 0)).toBeCloseTo(5);
});

it('goes on below the lungs as it was', () => {
  const half = thoraxAround(grid, boxes(10, 20))!;
  expect(semiAxes(half.outlines[0]!).hx).toBeCloseTo(28);
  expect(half.firstLungZ).toBeCloseTo(1);
  expect(half.lastLungZ).toBeCloseTo(19);
});

it('is not there without lungs', () => {
  expect(thoraxAround(grid, new Uint8Array(40 * 40 * 20))).toBeUndefined();
});

it('lies on the lungs: beside a lung there is a rib within 15 mm in about every second row', () => {
  const chest = drawAnatomy({ seed: 'ribs' }, chestGrid(lungsOf('ribs'), 372, 186, 3));
  const [nx, ny, nz] = chest.size;
  let [beside, withRib] = [0, 0];
  for (let k = Math.floor(nz / 4); k < (nz * 3) / 4; k++)
    for (let j = Math.floor(ny * 0.45); j < ny * 0.55; j++) {
      const row = chest.tissues.subarray((k * ny + j) * nx, (k * ny + j + 1) * nx);
      const last = row.lastIndexOf(TISSUE.lung);
      if (last < 0) continue;
      beside++;
      const wall = row.subarray(last + 1, last + 1 + 7);
      if (wall.includes(TISSUE.bone) || wall.includes(TISSUE.marrow)) withRib++;
    }
  expect(beside).toBeGreaterThan(300);
  expect(withRib / beside).toBeGreaterThan(0.35);
  expect(withRib / beside).toBeLessThan(0.75);
});
