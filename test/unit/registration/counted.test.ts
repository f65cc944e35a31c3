/** What is counted by a registration, against numpy and scipy on the same one: test/reference/airTrapping.py has the same formulas. */
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { axisAlignedAffine, type Grid, type GridSize } from '../../../src/kernel/ct/geometry/volume.ts';
import { lesionsOf } from '../../../src/kernel/registration/lesions.ts';
import type { Registration } from '../../../src/kernel/registration/registration.ts';
import { transitionsOf } from '../../../src/kernel/registration/transitions.ts';
import { airOf, responseMap, USUAL_THRESHOLDS } from '../../../src/kernel/registration/trapping.ts';
import { TEXTURE_CLASSES } from '../../../src/protocol/names.ts';
import reference from '../../reference/airTrapping.json' with { type: 'json' };

type Of = (i: number, j: number, k: number) => number;

function filled<T extends Int16Array | Uint8Array>(values: T, [nx, ny, nz]: GridSize, of: Of): T {
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, v++) values[v] = of(i, j, k);
  return values;
}

function ct(size: GridSize, affine: Grid['affine'], salt: number) {
  const grid = { size, affine };
  const voxels = size[0] * size[1] * size[2];
  const labels = (of: Of) => ({ ...grid, labels: filled(new Uint8Array(voxels), size, of) });
  return {
    ct: {
      ...grid,
      hu: filled(new Int16Array(voxels), size, (i, j, k) => ((i * 37 + j * 53 + k * 71 + i * j * salt) % 620) - 1080),
    },
    lobes: labels((i, j, k) => (i * 2 + j + k * 3 + salt) % 6),
    textures: labels((i, j, k) => (i + 2 * j + k + salt) % 7),
  };
}

const first = ct([14, 12, 10], axisAlignedAffine([0.9, 0.8, 1.2], [-6, -5, -6]), 3);
const second = ct([13, 12, 11], axisAlignedAffine([1, 0.9, 1.1], [-6, -5, -6]), 5);
const SIZE: GridSize = [6, 5, 5];
const steps = new Int16Array(3 * 150);
filled(steps.subarray(0, 150), SIZE, (i, j, k) => ((i * 5 + j * 3 + k * 11) % 23) * 4 - 40);
filled(steps.subarray(150, 300), SIZE, (i, j, k) => ((i * 7 + j * 2 + k * 5) % 19) * 4 - 36);
filled(steps.subarray(300), SIZE, (i, j, k) => ((i * 3 + j * 8 + k) % 17) * 4 - 30);
const registration: Registration = {
  size: SIZE,
  affine: axisAlignedAffine([2.5, 2.5, 2.5], [-6.2, -5.1, -5.5]),
  toMoving: [1.05, 0.02, 0, 0.3, -0.02, 0.96, 0.01, -0.2, 0, 0.03, 1.1, 0.4, 0, 0, 0, 1],
  steps,
  quality: { diceBefore: 1, dice: 1, meanHuDifference: 0, foldedPercent: 0, correlation: 1, expansion: 1 },
};
const compared = { first, second, registration, classes: TEXTURE_CLASSES };

/** Texts are equal, and numbers to a millionth of them. */
function expectNearly(found: unknown, wanted: unknown): void {
  if (typeof wanted === 'number') expect(Math.abs(Number(found) - wanted)).toBeLessThanOrEqual(1e-6 * Math.abs(wanted));
  else if (Array.isArray(wanted)) {
    expect(found).toHaveLength(wanted.length);
    for (const [n, one] of wanted.entries()) expectNearly((found as unknown[])[n], one);
  } else if (typeof wanted === 'object' && wanted)
    for (const [key, one] of Object.entries(wanted)) expectNearly((found as Record<string, unknown>)[key], one);
  else expect(found).toBe(wanted);
}

describe('by numpy and scipy to a millionth', () => {
  it('is trapped air by density', async () => {
    expectNearly(await airOf(first.ct, first.lobes, USUAL_THRESHOLDS, unattended), reference.air);
  });

  it('is the parametric response map', async () => {
    const { rows, map } = await responseMap(
      { inspired: first, expired: second, registration, thresholds: USUAL_THRESHOLDS },
      unattended,
    );
    expectNearly(rows, reference.response);
    expect(map.labels.some((label) => label === 2)).toBe(true);
  });

  it('is what became of each voxel, and the volume that it has later', async () => {
    expectNearly(await transitionsOf(compared, unattended), reference.transitions);
  });
});

describe('lesions', () => {
  /** A box of 20 × 20 × 20 voxels of 1 mm, all lung, with a class in some of them; laid upon another without moving. */
  const box = (textures: Of) => {
    const size: GridSize = [20, 20, 20];
    const grid = { size, affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]) };
    return {
      lobes: { ...grid, labels: new Uint8Array(8000).fill(1) },
      textures: { ...grid, labels: filled(new Uint8Array(8000), size, textures) },
    };
  };
  const still: Registration = {
    ...registration,
    size: [2, 2, 2],
    affine: axisAlignedAffine([20, 20, 20], [0, 0, 0]),
    toMoving: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    steps: new Int16Array(24),
  };
  const within = (low: number, high: number, ...at: readonly number[]) => at.every((n) => n >= low && n < high);

  it('are new or gone where no connected voxel had the class at the other date, from 0.2 ml on', async () => {
    const rows = await lesionsOf(
      {
        // GGO that grows by a voxel on each side and GGO that goes; consolidation of 0.216 and of 0.125 ml that comes.
        first: box((i, j, k) => (within(2, 8, i, j, k) || (within(12, 18, i, j) && k < 6) ? 2 : 1)),
        second: box((i, j, k) =>
          within(1, 9, i, j, k) ? 2 : within(12, 18, i, j, k) || (within(0, 5, i, j) && k > 14) ? 3 : 1,
        ),
        registration: still,
        classes: TEXTURE_CLASSES,
      },
      unattended,
    );
    expect(rows.filter((row) => row.class !== 'normal')).toEqual([
      { class: 'ggo', new: 0, newMl: 0, gone: 1, goneMl: expect.closeTo(0.216, 9) },
      { class: 'consolidation', new: 1, newMl: expect.closeTo(0.216, 9), gone: 0, goneMl: 0 },
    ]);
  });
});
