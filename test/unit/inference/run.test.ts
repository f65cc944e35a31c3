import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import type { GridSize } from '../../../src/kernel/ct/volume.ts';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';
import { runSlices, runVolume } from '../../../src/kernel/inference/run.ts';
import { planTiles } from '../../../src/kernel/inference/tiles.ts';

const fixtures = [join(import.meta.dirname, '../../fixtures/models')];
const lobes = await openModel(await findModel(fixtures, 'tiny-lobes', 'lobes'), 1);
const textures = await openModel(await findModel(fixtures, 'tiny-textures', 'textures'), 1);

const grid = (size: GridSize) => ({
  size,
  hu: Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => ((n * 37) % 1500) - 1050),
});

/** What a pointwise network with these weights gives: softmax of (w·x + b). */
function expected(hu: number, weights: readonly number[], bias: readonly number[]): number[] {
  const x = ((Math.min(400, Math.max(-1000, hu)) + 1000) / 1400) * 2 - 1;
  const e = weights.map((w, c) => Math.exp(w * x + bias[c]!));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

describe('planTiles', () => {
  it('covers every position once in weight, or more where tiles overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 4, max: 96 }),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        (length, patch, overlap) => {
          const total = new Float64Array(length + 16);
          for (const { start, length: size, weights } of planTiles(length, patch, overlap, 4))
            for (let i = 0; i < size; i++) total[start + i]! += weights[i]!;
          for (let i = 0; i < length; i++) expect(total[i]).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('runVolume', () => {
  it('gives each voxel the network’s own probabilities, whatever tiles it lies in', async () => {
    const input = grid([19, 11, 13]);
    const result = await runVolume(lobes, input, unattended);
    const voxels = input.hu.length;
    for (let v = 0; v < voxels; v += 7) {
      const probabilities = expected(input.hu[v]!, [20, -20, 0, 0, 0, 0, 0], [0, 0, -50, -50, -50, -50, -50]);
      for (let c = 0; c < 7; c++) expect(result[c * voxels + v]).toBeCloseTo(probabilities[c]!, 5);
    }
  });

  it('stops between tiles when asked to', async () => {
    const controller = new AbortController();
    const task = { signal: controller.signal, progress: () => controller.abort() };
    await expect(runVolume(lobes, grid([19, 11, 13]), task)).rejects.toThrow(/abort/i);
  });
});

describe('runSlices', () => {
  it('gives bytes of the middle slice’s probabilities, and runs nothing where no lung is', async () => {
    const input = grid([37, 21, 4]);
    const inside = new Uint8Array(input.hu.length).fill(1, 37 * 21, 3 * 37 * 21);
    const result = await runSlices(textures, input, inside, unattended);
    const voxels = input.hu.length;
    for (let v = 37 * 21; v < 3 * 37 * 21; v += 5) {
      const probabilities = expected(input.hu[v]!, [0, 0, 30, 0, 0, -30], [0, -50, 5, -50, -50, -25]);
      for (let c = 0; c < 6; c++)
        expect(Math.abs(result[c * voxels + v]! - probabilities[c]! * 255)).toBeLessThanOrEqual(0.51);
    }
    for (let c = 0; c < 6; c++)
      expect(result.subarray(c * voxels, c * voxels + 37 * 21).every((byte) => byte === 0)).toBe(true);
  });
});
