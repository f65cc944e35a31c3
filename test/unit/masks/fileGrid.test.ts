import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { uprightGrid } from '../../../src/kernel/ct/geometry/gantryTilt.ts';
import {
  lpsOrder,
  ORIENTATIONS,
  orderOfOrientation,
  reorderData,
  reorderGrid,
} from '../../../src/kernel/ct/geometry/orientation.ts';
import { axisAlignedAffine, type Grid, type LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import { nearestLabelsOn } from '../../../src/kernel/masks/fileGrid.ts';

/** No two voxels of a row, column or stack alike. */
const grid: Grid = { size: [5, 4, 3], affine: axisAlignedAffine([0.7, 0.8, 2.5], [-10, -20, 100]) };
const labels = Uint8Array.from({ length: 60 }, (_, n) => n + 1);

it.each(ORIENTATIONS)('labels of a CT that is stored %s are found again, each in its place', async (orientation) => {
  const order = orderOfOrientation(orientation);
  const stored = reorderGrid(grid, order);
  expect(await nearestLabelsOn({ ...grid, labels }, stored, unattended)).toEqual(reorderData(labels, grid.size, order));
});

/** 0 below the plane, 1 above it, wherever voxels lie. */
const half = ({ affine, size: [nx, ny, nz] }: Grid, at: (x: number, y: number, z: number) => number) => {
  const place = (row: number, i: number, j: number, k: number) =>
    affine[row]! * i + affine[row + 1]! * j + affine[row + 2]! * k + affine[row + 3]!;
  return Float64Array.from({ length: nx * ny * nz }, (_, n) => {
    const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
    return at(place(0, i, j, k), place(4, i, j, k), place(8, i, j, k));
  });
};

it('labels of a tilted stack go back to where its slices were scanned, half a pixel off at the most', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      async (x, y) => {
        const affine = [...axisAlignedAffine([0.8, 0.8, 3], [-30, -40, 10])];
        affine[2] = x;
        affine[6] = y;
        const tilted: Grid = { size: [20, 18, 8], affine };
        const upright = uprightGrid(tilted);
        const measured = reorderGrid(upright, lpsOrder(upright.affine));
        const plane = (px: number, py: number) => px + py + 56;
        const map: LabelMap = { ...measured, labels: Uint8Array.from(half(measured, plane), (mm) => (mm > 0 ? 2 : 1)) };
        const found = await nearestLabelsOn(map, tilted, unattended);
        for (const [n, mm] of half(tilted, plane).entries()) {
          // Half a pixel along each of two axes.
          if (Math.abs(mm) > 0.8 + 1e-6) expect(found[n]).toBe(mm > 0 ? 2 : 1);
        }
      },
    ),
    { numRuns: 20 },
  );
});

it('outside of the map there is no label', async () => {
  const wider: Grid = { size: [7, 4, 3], affine: axisAlignedAffine([0.7, 0.8, 2.5], [-10.7, -20, 100]) };
  const found = await nearestLabelsOn({ ...grid, labels }, wider, unattended);
  expect([...found.subarray(0, 7)]).toEqual([0, 1, 2, 3, 4, 5, 0]);
});
