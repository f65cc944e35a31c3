/** Against nnU-Net's own resampling (test/reference/networks/reference.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GridSize, perAxis } from '../../../src/kernel/ct/geometry/volume.ts';
import {
  alongAxis,
  resampleBySplines,
  resamplingWeights,
  separateAxis,
} from '../../../src/kernel/inference/asTrained/resampling.ts';

interface Case {
  readonly order: 1 | 3;
  readonly size: GridSize;
  readonly to: GridSize;
  readonly spacing: readonly number[];
  readonly newSpacing: readonly number[];
  readonly values: readonly number[];
  readonly expected: readonly number[];
}

const cases: Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/networks/resampling.json'), 'utf8'),
);

function resampled({ order, size, to, spacing, newSpacing, values }: Case): Float32Array {
  const separate = separateAxis(spacing, newSpacing);
  if (order === 3) return resampleBySplines(Float32Array.from(values), size, to, separate);
  const weights = resamplingWeights(size, to, 1, separate);
  let data: Float32Array = Float32Array.from(values);
  let now = size;
  for (const a of [0, 1, 2] as const) {
    if (!weights[a]) continue;
    data = alongAxis(data, now, a, weights[a]);
    const before = now;
    now = perAxis((axis) => (axis === a ? to[axis] : before[axis]));
  }
  return data;
}

describe('resampling as nnU-Net does it', () => {
  it.each(cases.map((one, n) => [n, one] as const))('gives the values of its own, case %i', (_, one) => {
    const found = resampled(one);
    expect(found).toHaveLength(one.expected.length);
    const furthest = one.expected.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n]!)), 0);
    expect(furthest).toBeLessThan(2e-6);
  });

  it('tells the axis that is resampled by itself', () => {
    expect(separateAxis([1, 1, 3], [1, 1, 1])).toBeUndefined();
    expect(separateAxis([1, 1, 3.1], [1, 1, 1])).toBe(2);
    expect(separateAxis([1, 1, 1], [4, 1, 1])).toBe(0);
    // Two coarse axes have no plane between them.
    expect(separateAxis([4, 4, 1], [1, 1, 1])).toBeUndefined();
  });
});
