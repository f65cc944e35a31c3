/** Sizes that a CT of a chest can have, on either side of each bound. */
import { describe, expect, it } from 'vitest';
import { impossibleSize } from '../../../src/kernel/ct/geometry/possibleSize.ts';

describe('impossibleSize', () => {
  it.each([
    ['a chest', [512, 512, 300], [0.7, 0.7, 1]],
    // Extended fields of view reach 820 mm, and whole-body CT about 2 m.
    ['an extended field of view', [512, 512, 300], [1.6, 1.6, 1]],
    ['a whole body', [512, 512, 400], [1.37, 1.37, 5]],
    ['a mouse', [400, 400, 500], [0.06, 0.06, 0.06]],
    ['1000 mm', [500, 500, 100], [2, 2, 5]],
    ['10 mm', [100, 100, 100], [0.1, 0.1, 0.1]],
    ['single slices far apart', [512, 512, 15], [0.7, 0.7, 20]],
  ] as const)('lets %s pass', (_, size, spacing) => {
    expect(impossibleSize(size, spacing)).toBeUndefined();
  });

  it.each([
    ['more than 1000 mm across', [501, 501, 100], [2, 2, 5], '1002 × 1002 × 500 mm large'],
    ['deeper than 1000 mm', [500, 501, 100], [2, 2, 5], '1000 × 1002 × 500 mm large'],
    ['longer than any body', [512, 512, 422], [0.7, 0.7, 5], '358.4 × 358.4 × 2110 mm large'],
    ['smaller than 10 mm', [99, 99, 99], [0.1, 0.1, 0.1], '9.9 × 9.9 × 9.9 mm large'],
    ['metres taken for millimetres', [512, 512, 300], [0.0007, 0.0007, 0.001], '0.3584 × 0.3584 × 0.3 mm large'],
    ['millimetres said to be metres', [48, 40, 24], [7000, 7500, 9000], '336000 × 300000 × 216000 mm large'],
    ['a decimal comma that was lost', [512, 512, 300], [75, 75, 1], '512 × 512 × 300 voxels of 75 × 75 × 1 mm'],
    ['no number', [512, 512, 300], [Number.NaN, 0.7, 1], 'NaN'],
  ] as const)('refuses %s, with both numbers', (_, size, spacing, said) => {
    expect(impossibleSize(size, spacing)).toContain(said);
  });
});
