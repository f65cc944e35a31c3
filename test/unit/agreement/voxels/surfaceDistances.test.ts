/** Surface distances of drawn regions, against SimpleITK and DeepMind's surface-distance (test/reference/surfaces.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { squaredDistances } from '../../../../src/kernel/agreement/voxels/distanceTransform.ts';
import { surfaceDistances } from '../../../../src/kernel/agreement/voxels/surfaceDistances.ts';

const SIZE = [30, 26, 18] as const;
const SPACING = [0.7, 0.8, 2.5] as const;
type Triple = readonly [number, number, number];

const region = (isIn: (...at: Triple) => boolean): Uint8Array => {
  const [nx, ny] = SIZE;
  return Uint8Array.from({ length: nx * ny * SIZE[2] }, (_, v) =>
    isIn(v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))) ? 1 : 0,
  );
};
const ellipsoid =
  (centre: Triple, radii: Triple) =>
  (...at: Triple): boolean =>
    at.reduce((sum, value, a) => sum + ((value - centre[a]!) / radii[a]!) ** 2, 0) <= 1;
const a = ellipsoid([13, 12, 8], [8, 7, 5]);
const REGIONS: Readonly<Record<string, Uint8Array>> = {
  a: region(a),
  moved: region(ellipsoid([14.5, 13, 7], [7.5, 7.2, 5.3])),
  small: region(ellipsoid([18, 12, 9], [2, 2, 1.5])),
  scattered: region((i, j, k) => a(i, j, k) && (7 * i + 3 * j + 5 * k) % 11 === 0),
  far: region(ellipsoid([25, 20, 14], [3, 3, 2])),
};

interface Reference {
  readonly left: string;
  readonly right: string;
  readonly itk: Readonly<Record<'dice' | 'hausdorff' | 'mean' | 'hd95', number>>;
  readonly deepmind: Readonly<Record<'mean_there' | 'mean_back' | 'hd95', number>>;
}
const REFERENCES: readonly Reference[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../reference/surfaces.json'), 'utf8'),
);
/** A surface element lies between the centres of a voxel and its neighbour, at most so far from either. */
const HALF_VOXEL_MM = Math.hypot(...SPACING) / 2;

describe('surfaceDistances', () => {
  it.each(REFERENCES)('are SimpleITK’s of border voxels: $left and $right', ({ left, right, itk }) => {
    const found = surfaceDistances(REGIONS[left]!, REGIONS[right]!, SIZE, SPACING)!;
    // SimpleITK has them in 32 bits.
    expect(found.meanMm).toBeCloseTo(itk.mean, 5);
    expect(found.hd95Mm).toBeCloseTo(itk.hd95, 5);
  });

  it.each(REFERENCES)(
    'are within half a voxel of DeepMind’s surface elements: $left and $right',
    ({ left, right, deepmind }) => {
      const found = surfaceDistances(REGIONS[left]!, REGIONS[right]!, SIZE, SPACING)!;
      const [least, most] = [deepmind.mean_there, deepmind.mean_back].sort((one, other) => one - other);
      expect(found.meanMm).toBeGreaterThan(least! - HALF_VOXEL_MM);
      expect(found.meanMm).toBeLessThan(most! + HALF_VOXEL_MM);
      expect(Math.abs(found.hd95Mm - deepmind.hd95)).toBeLessThan(2 * HALF_VOXEL_MM);
    },
  );

  it('do not exist where one region is empty', () => {
    expect(
      surfaceDistances(
        REGIONS.a!,
        region(() => false),
        SIZE,
        SPACING,
      ),
    ).toBeUndefined();
  });

  it('count the edge of the grid as a surface', () => {
    const all = new Uint8Array(27).fill(1);
    const middle = Uint8Array.from({ length: 27 }, (_, v) => (v === 13 ? 1 : 0));
    expect(surfaceDistances(all, middle, [3, 3, 3], [1, 1, 1])!.hausdorffMm).toBeCloseTo(Math.sqrt(3), 12);
  });
});

describe('squaredDistances', () => {
  it('are those to the nearest marked voxel, by trying all', () => {
    const size = [5, 4, 3] as const;
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        fc.tuple(...Array(3).fill(fc.double({ min: 0.2, max: 4, noNaN: true }))),
        (marks, steps) => {
          const spacing = steps as unknown as Triple;
          const place = (v: number) => [v % 5, Math.floor(v / 5) % 4, Math.floor(v / 20)];
          const marked = marks.flatMap((is, v) => (is ? [place(v)] : []));
          const found = squaredDistances(Uint8Array.from(marks, Number), size, spacing);
          for (let v = 0; v < 60; v++) {
            const least = Math.min(
              ...marked.map((other) =>
                other.reduce((sum, at, axis) => sum + ((at - place(v)[axis]!) * spacing[axis]!) ** 2, 0),
              ),
            );
            if (least === Infinity) expect(found[v]).toBe(Infinity);
            else expect(found[v]).toBeCloseTo(least, 9);
          }
        },
      ),
      { numRuns: 60, seed: 23 },
    );
  });
});
