/** Checks the closing of gaps against its definition, pixel by pixel, and on a notch and a valley. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { axisAlignedAffine, type Grid } from '../../../src/kernel/ct/geometry/volume.ts';
import { closeGaps, POSSIBLE_LABEL } from '../../../src/kernel/lungs/closing.ts';

const gridOf = (size: Grid['size'], spacing: readonly [number, number, number]): Grid => ({
  size,
  affine: axisAlignedAffine(spacing, [0, 0, 0]),
});

/** The definition: a possible pixel stays out where some disc that holds it misses all labels of the slice. */
function byDefinition({ size: [nx, ny, nz] }: Grid, labels: Uint8Array, [sx, sy]: readonly number[], radius: number) {
  const inDisc = (x: number, y: number) => (x * sx!) ** 2 + (y * sy!) ** 2 <= radius ** 2;
  return labels.map((label, index) => {
    if (label < POSSIBLE_LABEL) return label;
    const k = Math.floor(index / (nx * ny));
    const [x, y] = [index % nx, Math.floor(index / nx) % ny];
    for (let cy = 0; cy < ny; cy++)
      for (let cx = 0; cx < nx; cx++) {
        if (!inDisc(x - cx, y - cy)) continue;
        let empty = true;
        for (let j = 0; j < ny; j++)
          for (let i = 0; i < nx; i++) {
            const other = labels[(k * ny + j) * nx + i]!;
            if (inDisc(i - cx, j - cy) && other > 0 && other < POSSIBLE_LABEL) empty = false;
          }
        if (empty) return 0;
      }
    expect(k).toBeLessThan(nz);
    return label - POSSIBLE_LABEL;
  });
}

describe('closeGaps', () => {
  it.each([
    [[0.7, 0.7, 3], 2],
    [[1, 0.6, 1], 2.3],
    [[0.8, 0.8, 5], 0.5],
  ] as const)('is what its definition says, at spacing %j and radius %d', (spacing, radius) => {
    const grid = gridOf([17, 13, 3], spacing);
    const random = createRandom(`closing ${radius}`);
    const labels = Uint8Array.from({ length: 17 * 13 * 3 }, () => {
      const draw = random.between(0, 1);
      const label = random.chance(0.5) ? 3 : 5;
      return draw < 0.12 ? label : draw < 0.75 ? label + POSSIBLE_LABEL : 0;
    });
    const expected = byDefinition(grid, labels, spacing, radius);
    closeGaps(grid, labels, radius);
    expect(labels).toEqual(expected);
    expect(labels.every((label) => label < POSSIBLE_LABEL)).toBe(true);
  });

  it('fills a notch of 3 mm, and leaves a valley of 20 mm', () => {
    const grid = gridOf([60, 40, 1], [1, 1, 1]);
    const labels = new Uint8Array(60 * 40);
    for (let j = 0; j < 40; j++)
      for (let i = 0; i < 60; i++) {
        const notch = j < 15 && i >= 10 && i < 13;
        const valley = j < 15 && i >= 25 && i < 45;
        labels[j * 60 + i] = notch || valley ? 2 + POSSIBLE_LABEL : 2;
      }
    closeGaps(grid, labels, 4);
    expect(labels[5 * 60 + 11]).toBe(2);
    expect(labels[5 * 60 + 35]).toBe(0);
  });

  it('leaves alone what cannot be lung', () => {
    const grid = gridOf([5, 5, 1], [1, 1, 1]);
    const labels = new Uint8Array(25).fill(1);
    labels[12] = 0;
    closeGaps(grid, labels, 4);
    expect(labels[12]).toBe(0);
  });
});
