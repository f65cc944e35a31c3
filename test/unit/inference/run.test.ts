import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { ORIENTATIONS } from '../../../src/kernel/ct/geometry/orientation.ts';
import type { GridSize } from '../../../src/kernel/ct/geometry/volume.ts';
import type { Manifest } from '../../../src/kernel/inference/manifest.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
import { onnxRuntime } from '../../../src/kernel/inference/onnxRuntime.ts';
import { readOutput } from '../../../src/kernel/inference/output.ts';
import { probabilities, probabilityBytes } from '../../../src/kernel/inference/run.ts';
import { planTiles } from '../../../src/kernel/inference/tiles.ts';

const fixtures = [join(import.meta.dirname, '../../fixtures/models')];
const lobes = await openModel(await findModel(fixtures, 'tiny-lobes', 'lobes'), 1);
const textures = await openModel(await findModel(fixtures, 'tiny-textures', 'textures'), 1);
const moved = await openModel(await findModel(fixtures, 'moved-labels', 'lobes'), 1);
const flat = await openModel(await findModel(fixtures, 'flat-labels', 'textures'), 1);

const grid = (size: GridSize) => ({
  size,
  hu: Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, n) => ((n * 37) % 1500) - 1050),
});

const LABELS = [null, 'RUL', 'RML', 'RLL', 'LUL', 'LLL'];
const ONES = new Uint8Array(16).fill(1);

interface Change {
  readonly task?: string;
  readonly input?: object;
  readonly output?: object;
}

/** A model with some fields of its manifest changed. */
function own(model: Model, { input, output, ...rest }: Change): Model {
  const { manifest } = model;
  // SAFETY: the tests give fields as the manifest's schema has them.
  const changed = {
    ...manifest,
    ...rest,
    input: { ...manifest.input, ...input },
    output: { ...manifest.output, ...output },
  } as Manifest;
  return { ...model, manifest: changed };
}

/** What a pointwise network with these weights gives: softmax of (w·x + b). */
function softmaxOf(hu: number, weights: readonly number[], bias: readonly number[]): number[] {
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
        fc.constantFrom('linear' as const, 'gaussian' as const),
        (length, patch, overlap, tileWeights) => {
          const total = new Float64Array(length + 16);
          for (const { start, length: size, weights } of planTiles(length, patch, {
            overlap,
            multipleOf: 4,
            tileWeights,
          }))
            for (let i = 0; i < size; i++) total[start + i]! += weights[i]!;
          for (let i = 0; i < length; i++) expect(total[i]).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('probabilities', () => {
  it('are the network’s own in each voxel, whatever tiles it lies in; those of the background are left out', async () => {
    const input = grid([19, 11, 13]);
    const result = await probabilities(lobes, input, unattended);
    const voxels = input.hu.length;
    expect(result).toHaveLength(5 * voxels);
    for (let v = 0; v < voxels; v += 7) {
      const [, ...lobar] = softmaxOf(input.hu[v]!, [20, -20, 0, 0, 0, 0], [0, 0, -50, -50, -50, -50]);
      for (let l = 0; l < 5; l++) expect(result[l * voxels + v]).toBeCloseTo(lobar[l]!, 5);
    }
  });

  it('stop between tiles when asked to', async () => {
    const controller = new AbortController();
    const task = { signal: controller.signal, progress: () => controller.abort() };
    await expect(probabilities(lobes, grid([19, 11, 13]), task)).rejects.toThrow(/abort/i);
  });

  // The network gives each voxel the label 1 step before it along its own x, 2 along its y and 3 along its z: with an
  // axis turned the wrong way round, or taken for another, other voxels get the label.
  it.each(ORIENTATIONS)('come back from %s to the CT’s own LPS', async (orientation) => {
    const size = [5, 6, 7] as const;
    const hu = Float32Array.from({ length: 5 * 6 * 7 }, (_, n) => (n * 29) % 6);
    const at = ([i, j, k]: readonly number[]) =>
      i! < 0 || j! < 0 || k! < 0 || i! >= 5 || j! >= 6 || k! >= 7 ? 0 : hu[(k! * 6 + j!) * 5 + i!]!;
    const step = [0, 0, 0];
    for (const [a, letter] of [...orientation].entries()) {
      const axis = ['LR', 'PA', 'SI'].findIndex((letters) => letters.includes(letter));
      step[axis] = 'LPS'.includes(letter) ? a + 1 : -(a + 1);
    }
    const result = await probabilities(own(moved, { input: { orientation } }), { size, hu }, unattended);
    const expected = Array.from(hu, (_, v) => {
      const position = [v % 5, Math.floor(v / 5) % 6, Math.floor(v / 30)];
      return at(position.map((p, axis) => p - step[axis]!));
    });
    const labels = Array.from(hu, (_, v) => {
      const lobe = [0, 1, 2, 3, 4].find((l) => result[l * hu.length + v] === 1);
      return lobe === undefined ? 0 : lobe + 1;
    });
    expect(labels).toEqual(expected);
  });

  it('of a 2D network come slice by slice along its own z, here from right to left', async () => {
    const size = [4, 8, 6] as const;
    const hu = Float32Array.from({ length: 4 * 8 * 6 }, (_, n) => (n * 31) % 6);
    const model = own(flat, { task: 'lobes', input: { orientation: 'PSL' }, output: { labels: LABELS } });
    const result = await probabilities(model, { size, hu }, unattended);
    for (let v = 0; v < hu.length; v++) {
      // The slice before, which the first of the three channels holds; the first slice repeats itself.
      const before = v % 4 === 0 ? hu[v]! : hu[v - 1]!;
      expect([0, 1, 2, 3, 4].map((l) => result[l * hu.length + v])).toEqual(
        [1, 2, 3, 4, 5].map((value) => (value === before ? 1 : 0)),
      );
    }
  });

  it('of a 2D network are blended with those of its background too', async () => {
    const hu = Float32Array.from({ length: 3 * 16 }, (_, v) => (v < 32 ? 1 : 0));
    const model = own(flat, { task: 'lobes', input: { sliceBlend: 0.25 }, output: { labels: LABELS } });
    const result = await probabilities(model, { size: [4, 4, 3], hu }, unattended);
    // The first of the three channels is the slice before.
    expect([0, 1, 2].map((k) => result[k * 16])).toEqual([1, 1, 1]);
    hu.fill(0, 0, 16);
    const other = await probabilities(model, { size: [4, 4, 3], hu }, unattended);
    expect([0, 1, 2].map((k) => other[k * 16])).toEqual([0, 0.25, 0.75]);
  });

  it('of a network with fixed axes come from whole patches, smaller and larger CTs alike', async () => {
    for (const size of [[3, 2, 2] as const, [19, 13, 2] as const]) {
      const hu = new Float32Array(size[0] * size[1] * size[2]).fill(4);
      const model = own(flat, { task: 'lobes', output: { labels: LABELS } });
      const result = await probabilities(model, { size, hu }, unattended);
      expect([0, 1, 2, 3, 4].map((l) => result[l * hu.length])).toEqual([0, 0, 0, 1, 0]);
      expect(result.reduce((a, b) => a + b)).toBe(hu.length);
    }
  });
});

describe('probabilityBytes', () => {
  it('are those of the middle slice, and nothing is run where no lung is', async () => {
    const input = grid([37, 21, 4]);
    const inside = new Uint8Array(input.hu.length).fill(1, 37 * 21, 3 * 37 * 21);
    const result = await probabilityBytes(textures, input, inside, unattended);
    const voxels = input.hu.length;
    expect(result).toHaveLength(6 * voxels);
    for (let v = 37 * 21; v < 3 * 37 * 21; v += 5) {
      const expected = softmaxOf(input.hu[v]!, [0, 0, 30, 0, 0, -30], [0, -50, 5, -50, -50, -25]);
      for (let c = 0; c < 6; c++)
        expect(Math.abs(result[c * voxels + v]! - expected[c]! * 255)).toBeLessThanOrEqual(0.51);
    }
    for (let c = 0; c < 6; c++)
      expect(result.subarray(c * voxels, c * voxels + 37 * 21).every((byte) => byte === 0)).toBe(true);
  });

  it('of a slice take their share from both neighbours where the manifest asks for it, and none from what was not run', async () => {
    const size = [5, 4, 6] as const;
    const slice = 20;
    // Air and soft tissue by turns: emphysema and consolidation.
    const hu = Float32Array.from({ length: 6 * slice }, (_, v) => (Math.floor(v / slice) % 2 ? -1000 : 0));
    const inside = new Uint8Array(hu.length).fill(1, slice, 5 * slice);
    const bytes = async (sliceBlend: number, inner = inside) =>
      probabilityBytes(own(textures, { input: { sliceBlend } }), { size, hu }, inner, unattended);
    const [plain, blended] = [await bytes(0), await bytes(0.2)];
    const consolidation = (planes: Uint8Array) => [0, 1, 2, 3, 4, 5].map((k) => planes[2 * hu.length + k * slice + 7]!);
    expect(consolidation(plain)).toEqual([0, 0, 255, 0, 255, 0]);
    expect(consolidation(blended)).toEqual([0, 51, 153, 102, 204, 0]);
    const whole = await bytes(0.33, new Uint8Array(hu.length).fill(1));
    expect(consolidation(whole)).toEqual([255 - 84, 168, 255 - 168, 168, 255 - 168, 84]);
  });

  it('of channels with one name add up, and those of null go to a plane of their own', async () => {
    const input = grid([20, 18, 2]);
    const voxels = input.hu.length;
    const everywhere = new Uint8Array(voxels).fill(1);
    const labels = ['ggo', 'reticulation', 'ggo', 'reticulation', 'reticulation', null];
    const result = await probabilityBytes(own(textures, { output: { labels } }), input, everywhere, unattended);
    expect(result).toHaveLength(7 * voxels);
    for (let v = 0; v < voxels; v += 3) {
      const p = softmaxOf(input.hu[v]!, [0, 0, 30, 0, 0, -30], [0, -50, 5, -50, -50, -25]);
      const expected = [0, p[0]! + p[2]!, 0, p[1]! + p[3]! + p[4]!, 0, 0, p[5]!];
      for (let c = 0; c < 7; c++)
        expect(Math.abs(result[c * voxels + v]! - expected[c]! * 255)).toBeLessThanOrEqual(0.51);
    }
  });

  it('of sigmoids stay within a byte where they add up to more than 1, and leave the rest to none', async () => {
    const labels = ['ggo', null, 'ggo', 'consolidation', null, null];
    const model = own(textures, { output: { activation: 'sigmoid', labels } });
    // At the window's middle the sigmoids are those of the biases: 0 and 5 for ggo, -50 for consolidation.
    const middle = { size: [4, 4, 1] as const, hu: new Float32Array(16).fill(-300) };
    const result = await probabilityBytes(model, middle, ONES, unattended);
    expect([1, 2, 6].map((plane) => result[plane * 16])).toEqual([255, 0, 0]);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const one = own(textures, { output: { activation: 'sigmoid', labels: ['ggo', null, null, null, null, null] } });
    const rest = await probabilityBytes(one, middle, ONES, unattended);
    expect([1, 2, 6].map((plane) => rest[plane * 16])).toEqual([
      Math.round(sigmoid(0) * 255),
      0,
      Math.round((1 - sigmoid(0)) * 255),
    ]);
  });

  it('are made of 3D networks too, part by part', async () => {
    const labels = [null, 'emphysema', null, null, null, null, null];
    const model = own(lobes, { task: 'textures', output: { labels } });
    const input = grid([19, 11, 13]);
    const voxels = input.hu.length;
    const result = await probabilityBytes(model, input, new Uint8Array(voxels).fill(1), unattended);
    for (let v = 0; v < voxels; v += 7) {
      const [background, air] = softmaxOf(input.hu[v]!, [20, -20], [0, 0]);
      expect(Math.abs(result[5 * voxels + v]! - air! * 255)).toBeLessThanOrEqual(0.51);
      expect(Math.abs(result[6 * voxels + v]! - background! * 255)).toBeLessThanOrEqual(0.51);
    }
  });
});

describe('an output that its manifest does not describe', () => {
  const block = { size: [4, 4, 1] as const, hu: new Float32Array(16).fill(3) };

  it('is refused where logits are taken for probabilities', async () => {
    await expect(
      probabilityBytes(own(textures, { output: { activation: 'none' } }), block, ONES, unattended),
    ).rejects.toMatchObject({
      code: 'model-onnx',
      message:
        'The model "tiny-textures" gave -50 where a probability was expected. Write "softmax" or "sigmoid" as output.activation if these are logits.',
    });
  });

  it('is refused where probabilities do not add up to 1', () => {
    const manifest = own(textures, { output: { activation: 'none', labels: ['normal', 'ggo'] } }).manifest;
    expect(() => readOutput(manifest, new onnxRuntime.Tensor('float32', [0.9, 0.6], [1, 2, 1, 1]), 1)).toThrow(
      'gave probabilities that add up to 1.5 over its channels, not to 1.',
    );
  });

  it('is refused where the network overflows', () => {
    const { manifest } = textures;
    expect(() =>
      readOutput(manifest, new onnxRuntime.Tensor('float32', new Float32Array(6).fill(Number.NaN)), 1),
    ).toThrow('gave NaN where a probability was expected. Its numbers overflow: check input.intensity.');
  });

  it('is refused where a label value has no name', async () => {
    const model = own(moved, { output: { labels: [null, 'RUL'] } });
    await expect(
      probabilities(model, { size: [5, 6, 7], hu: new Float32Array(210).fill(3) }, unattended),
    ).rejects.toMatchObject({
      code: 'model-onnx',
      message: 'The model "moved-labels" gave the label value 3, but output.labels has 2 entries, for 0 to 1.',
    });
  });

  it('is refused where it has another number of channels', async () => {
    const model = own(textures, { output: { labels: ['normal', 'ggo'] } });
    await expect(probabilityBytes(model, block, ONES, unattended)).rejects.toMatchObject({
      code: 'model-onnx',
      message: expect.stringContaining('gave 1 × 6 × 4 × 4 values where its manifest lets expect 2 × 16'),
    });
  });
});
