/** One tile through a model: ensembles, mirroring, numbers of 16 bits, regions. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { floatsOf, halvesOf } from '../../../src/kernel/inference/halfFloats.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
import { activate } from '../../../src/kernel/inference/output.ts';
import { probabilities } from '../../../src/kernel/inference/run.ts';
import { runNetworks } from '../../../src/kernel/inference/runNetworks.ts';

const MODELS = [join(import.meta.dirname, '../../fixtures/models')];
const open = async (id: string, task: 'lobes' | 'textures') => openModel(await findModel(MODELS, id, task), 1);
const moved = await open('moved-labels', 'lobes');

/** A network that gives each voxel what lies 1 step before it along x, 2 along y and 3 along z, as numbers and not labels. */
function shifted(mirror: Model['manifest']['input']['mirror']): Model {
  const session = {
    inputMetadata: moved.sessions[0]!.inputMetadata,
    run: async (feeds: Record<string, { data: Float32Array; dims: readonly number[] }>) => {
      const { data, dims } = feeds.ct!;
      const [, , nz = 1, ny = 1, nx = 1] = dims;
      const at = (x: number, y: number, z: number) => (x < 0 || y < 0 || z < 0 ? 0 : data[(z * ny + y) * nx + x]!);
      const given = data.map((_, v) => at((v % nx) - 1, (Math.floor(v / nx) % ny) - 2, Math.floor(v / nx / ny) - 3));
      return { labels: { type: 'float32', data: given, dims: [1, 1, nz, ny, nx], size: given.length } };
    },
  };
  const manifest = { ...moved.manifest, input: { ...moved.manifest.input, mirror } };
  // SAFETY: `runNetworks` asks a session for these two alone.
  return { ...moved, manifest, sessions: [session] } as unknown as Model;
}

describe('runNetworks', () => {
  it.each([
    [
      ['x'],
      [
        [-1, -2, -3],
        [1, -2, -3],
      ],
    ],
    [
      ['z'],
      [
        [-1, -2, -3],
        [-1, -2, 3],
      ],
    ],
    [
      ['x', 'y'],
      [
        [-1, -2, -3],
        [1, -2, -3],
        [-1, 2, -3],
        [1, 2, -3],
      ],
    ],
  ] as const)('averages what the network gives of the tile and of the tile mirrored along %s', async (axes, steps) => {
    const [nx, ny, nz] = [5, 6, 7];
    const values = Float32Array.from({ length: nx * ny * nz }, (_, v) => (v * 29) % 31);
    const given = await runNetworks(shifted([...axes]), values.slice(), [1, 1, nz, ny, nx]);
    const at = (x: number, y: number, z: number) =>
      x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : values[(z * ny + y) * nx + x]!;
    const expected = Array.from(values, (_, v) => {
      const [x, y, z] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / nx / ny)];
      return steps.reduce((sum, [dx, dy, dz]) => sum + at(x + dx, y + dy, z + dz), 0) / steps.length;
    });
    for (const [v, value] of expected.entries()) expect(given?.data[v]).toBeCloseTo(value, 5);
  });

  it('averages the members of an ensemble', async () => {
    const tiny = await open('tiny-lobes', 'lobes');
    const values = Float32Array.of(-1, -0.5, 0, 0.5, 1, 0.25, 0.75, -0.25);
    const one = await runNetworks(tiny, values, [1, 1, 2, 2, 2]);
    const two = await runNetworks(
      { ...tiny, sessions: [tiny.sessions[0]!, tiny.sessions[0]!] },
      values,
      [1, 1, 2, 2, 2],
    );
    expect(two?.data).toEqual(one?.data);
  });

  it('gives and takes numbers of 16 bits where the network has them', async () => {
    const [whole, half] = [await open('tiny-lobes', 'lobes'), await open('half-lobes', 'lobes')];
    const grid = {
      size: [8, 8, 8] as const,
      hu: Float32Array.from({ length: 512 }, (_, n) => ((n * 37) % 1500) - 1050),
    };
    const [expected, found] = [
      await probabilities(whole, grid, unattended),
      await probabilities(half, grid, unattended),
    ];
    for (let v = 0; v < expected.length; v += 5) expect(Math.abs(found[v]! - expected[v]!)).toBeLessThan(0.02);
  });

  it('tells which network failed, and at what', async () => {
    const broken = {
      ...shifted([]),
      sessions: [{ inputMetadata: [], run: () => Promise.reject(new Error('std::bad_alloc')) }],
    };
    // SAFETY: as above.
    const run = runNetworks(broken as unknown as Model, new Float32Array(8), [1, 1, 2, 2, 2]);
    await expect(run).rejects.toMatchObject({
      code: 'model-onnx',
      message: expect.stringContaining('2 × 2 × 2 voxels'),
    });
  });
});

describe('numbers of 16 bits', () => {
  it('come back as the nearest that there is', () => {
    const values = [0, 1, -1, 0.1, 65504, 1e6, -1e6, 6e-8, 1e-9, 2049, 2051, 1 / 3];
    const found = [...floatsOf(halvesOf(Float32Array.from(values)))];
    expect(found).toEqual([
      0,
      1,
      -1,
      0.0999755859375,
      65504,
      Infinity,
      -Infinity,
      2 ** -24,
      0,
      2048,
      2052,
      0.333251953125,
    ]);
    expect(Number.isNaN(floatsOf(halvesOf(Float32Array.of(Number.NaN)))[0])).toBe(true);
  });
});

describe('regions', () => {
  const logit = (p: number) => Math.log(p / (1 - p));
  it.each([
    ['the last above a half', [0.9, 0.6, 0.2], 1],
    ['the last of three', [0.9, 0.6, 0.51], 2],
    ['an earlier one where later ones are not', [0.9, 0.4, 0.45], 0],
    ['none of them', [0.4, 0.45, 0.3], -1],
  ] as const)('%s counts', (_, given, expected) => {
    const values = Float32Array.from(given, logit);
    activate('regions', values, 1);
    const none = 1 - values.reduce((sum, value) => sum + value, 0);
    const all = [...values, none];
    expect(all.indexOf(Math.max(...all))).toBe(expected === -1 ? 3 : expected);
    expect(none).toBeGreaterThan(-1e-6);
  });
});
