import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctTilt, tiltDegrees, uprightGrid } from '../../../src/kernel/ct/geometry/gantryTilt.ts';
import { axisAlignedAffine, type Grid } from '../../../src/kernel/ct/geometry/volume.ts';

/** A stack of slices 3 mm apart along their normal, each moved by `x`, `y` mm against the one below. */
function tilted(x: number, y: number, nz = 10): Grid {
  const affine = [...axisAlignedAffine([0.8, 0.7, 3], [-30, -40, 10])];
  affine[2] = x;
  affine[6] = y;
  return { size: [30, 24, nz], affine };
}
/** A smooth field of the patient, in mm: what any scanner should find wherever its slices lie. */
const field = (x: number, y: number, z: number) => 40 * Math.sin(x / 9) + 30 * Math.cos(y / 11) + 2 * z;

function place({ affine }: Grid, i: number, j: number, k: number): [number, number, number] {
  const row = (r: number) => affine[r]! * i + affine[r + 1]! * j + affine[r + 2]! * k + affine[r + 3]!;
  return [row(0), row(4), row(8)];
}

function scan(grid: Grid): Int16Array {
  const [nx, ny, nz] = grid.size;
  const hu = new Int16Array(nx * ny * nz);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) hu[(k * ny + j) * nx + i] = Math.round(field(...place(grid, i, j, k)));
  return hu;
}

describe('a tilted stack', () => {
  it('is known by its positions, with its angle', () => {
    expect(tiltDegrees(tilted(0, 3))).toBeCloseTo(45, 6);
    expect(tiltDegrees(tilted(0, -3 * Math.tan((6.78 * Math.PI) / 180)))).toBeCloseTo(6.78, 6);
  });

  it('is not one where the drift is a rounding', () => {
    const grid = tilted(0.01, 0);
    expect(tiltDegrees(grid)).toBe(0);
    expect(uprightGrid(grid)).toBe(grid);
    const hu = scan(grid);
    expect(correctTilt(grid, hu)).toBe(hu);
  });

  it('shows the patient in place after straightening, whatever the direction of the tilt', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (x, y) => {
        const grid = tilted(x, y);
        const upright = uprightGrid(grid);
        const hu = correctTilt(grid, scan(grid));
        const [mx, my, mz] = upright.size;
        expect(hu.length).toBe(mx * my * mz);
        let inside = 0;
        for (let k = 0; k < mz; k++)
          for (let j = 0; j < my; j++)
            for (let i = 0; i < mx; i++) {
              const at = (k * my + j) * mx + i;
              // Between the field of view and the padding outside, values are mixed.
              const around = [hu[at]!, hu[at - 1]!, hu[at + 1]!, hu[at - mx]!, hu[at + mx]!];
              if (i === 0 || i === mx - 1 || !around.every((value) => value > -100)) continue;
              inside++;
              expect(Math.abs(hu[at]! - field(...place(upright, i, j, k)))).toBeLessThan(1.5);
            }
        expect(inside).toBeGreaterThan(0.7 * 30 * 24 * 10);
      }),
      { numRuns: 20 },
    );
  });
});
