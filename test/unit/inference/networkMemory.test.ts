/** What a network takes is reckoned from its size and its tile, or is what its manifest says was measured. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findModel, type ModelFolder } from '../../../src/kernel/inference/model.ts';
import { networkBytes } from '../../../src/kernel/inference/networkMemory.ts';

const MODELS = join(import.meta.dirname, '../../../models');
let folder: string;
let shipped: ModelFolder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-memory-'));
  shipped = await findModel([MODELS], 'lung-lobes', 'lobes');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A model of a file of so many bytes, which are nowhere on the disk. */
function modelOf(megabytes: number, side: number, memoryMb?: number): ModelFolder {
  const file = `${megabytes}.onnx`;
  writeFileSync(join(folder, file), '');
  truncateSync(join(folder, file), megabytes * 1e6);
  const { memoryMb: _, ...manifest } = shipped.manifest;
  const input = { ...manifest.input, dimensions: 3, patch: [side, side, side] } as typeof manifest.input;
  return { folder, manifest: { ...manifest, file, input, ...(memoryMb && { memoryMb }) } };
}

// Peaks of ONNX Runtime beyond its start, of U-Nets of 8, 16 and 32 channels.
it.each([
  [7.8, 128, 0.5],
  [31.2, 96, 0.43],
  [31.2, 128, 0.93],
  [124.8, 96, 0.88],
  [124.8, 128, 1.85],
])(
  'of a network of %f MB on tiles of %i³ voxels, %f GB and no more than a fifth above',
  async (megabytes, side, gb) => {
    const reckoned = (await networkBytes([modelOf(megabytes, side)])) / 1e9;
    expect(reckoned).toBeGreaterThan(gb * 0.98);
    expect(reckoned).toBeLessThan(gb * 1.2);
  },
);

it('adds weights, and takes the largest of what they need while they run', async () => {
  const [small, large] = [modelOf(7.8, 96), modelOf(31.2, 128)];
  const [one, other, both] = [
    await networkBytes([small]),
    await networkBytes([large]),
    await networkBytes([small, large]),
  ];
  expect(both).toBe(other + 1.4 * 7.8e6);
  expect(both).toBeLessThan(one + other);
  expect(await networkBytes([modelOf(124.8, 128, 900)])).toBe(900e6);
  expect(await networkBytes([])).toBe(0);
});

it('counts a model that finds the part of a CT, and the shipped ones as they were measured', async () => {
  const first = modelOf(31.2, 128);
  expect(await networkBytes([{ ...modelOf(7.8, 96), first }])).toBe(await networkBytes([modelOf(7.8, 96), first]));
  const textures = await findModel([MODELS], 'lung-texture', 'textures');
  const gb = (await networkBytes([shipped, textures])) / 1e9;
  expect(gb).toBeGreaterThan(0.5);
  expect(gb).toBeLessThan(0.6);
});
