/** Several threads on the slices of one CT give what one gives. */
import { expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { limitThreads } from '../../../src/kernel/base/threads.ts';
import { resampleVolume } from '../../../src/kernel/ct/geometry/resample.ts';
import { inSharedFloats, inSharedHu, isShared, sharedBytes } from '../../../src/kernel/ct/geometry/sharedArrays.ts';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { planDrawing } from '../../../src/kernel/lungs/drawLobes.ts';
import { crop } from '../../../src/kernel/lungs/lungBox.ts';
import { gatherLungVoxels, lungVoxelsOfLabels, textureBox } from '../../../src/kernel/lungs/lungVoxels.ts';
import { inSlabs, resampleInSlabs } from '../../../src/kernel/lungs/slabs/inSlabs.ts';
import type { SlabJobName, SlabJobs } from '../../../src/kernel/lungs/slabs/slabJobs.ts';
import { areDone, planSlabs, takeSlabs } from '../../../src/kernel/lungs/slabs/takeSlabs.ts';

limitThreads(2);
const random = createRandom(7);
const size = [40, 36, 30] as const;
const voxels = size[0] * size[1] * size[2];

/** Lung of random density in a body, smooth enough that rows agree here and there. */
function chest(): Volume {
  const hu = Int16Array.from({ length: voxels }, (_, v) => {
    const [i, j] = [v % 40, Math.floor(v / 40) % 36];
    return Math.round((i > 5 && i < 34 && j > 5 && j < 30 ? -850 : 40) + 60 * random.normal());
  });
  return { size, affine: axisAlignedAffine([0.8, 0.8, 1.2], [0, 0, 0]), hu: inSharedHu(hu) };
}

/** The same job by this thread alone and by both. */
async function both<N extends SlabJobName>(name: N, given: (n: number) => SlabJobs[N], slices: number) {
  await inSlabs(name, given(0), { slices, shared: false });
  await inSlabs(name, given(1), { slices, shared: true });
}

it('resamples a part of a CT as it does the part alone', async () => {
  const volume = chest();
  const box = { low: [3, 4, 5], high: [30, 33, 27] } as const;
  for (const spacing of [
    [3, 3, 3],
    [1.5, 0.5, 1],
  ] as const) {
    const alone = resampleVolume(crop(volume, box), spacing);
    const together = await resampleInSlabs(volume, spacing, box);
    expect(isShared(together.hu)).toBe(true);
    expect(together).toEqual(alone);
    expect(await resampleInSlabs(volume, spacing)).toEqual(resampleVolume(volume, spacing));
  }
});

it('draws the same lobes, whoever draws which slice', async () => {
  const volume = chest();
  const coarse = resampleVolume(volume, [3, 3, 3]);
  const lobes = Array.from({ length: 5 }, (_, l) =>
    inSharedFloats(Float32Array.from(coarse.hu, (hu) => (hu < -500 ? (l === 1 ? 0.7 : 0.06) : 0.04) * random())),
  );
  const drawing = planDrawing(lobes, coarse, volume);
  const labels = [sharedBytes(voxels), sharedBytes(voxels)];
  await both('draw', (n) => ({ drawing, labels: labels[n]!, gapRadiusMm: 4 }), size[2]);
  expect(new Set(labels[0]).size).toBeGreaterThan(1);
  expect(labels[1]).toEqual(labels[0]);
});

it('finds the most probable textures that are decided by the gathered probabilities', async () => {
  const volume = chest();
  const labels = sharedBytes(voxels);
  for (let v = 0; v < voxels; v++) if (volume.hu[v]! < -600) labels[v] = 1 + (v % 5);
  const lobes = { size, affine: volume.affine, labels };
  const box = textureBox(lobes)!;
  const grid = resampleVolume(crop(volume, box), [1.6, 1.6, 3]);
  // Blocks of four voxels whose winners agree, and noise in every fourth slice, where they do not.
  const [mx, my, mz] = grid.size;
  const blocks = Array.from({ length: 7 * mz * my * mx }, random);
  const planes = Uint8Array.from({ length: 7 * grid.hu.length }, (_, n) => {
    const [x, y, z] = [n % mx, Math.floor(n / mx) % my, Math.floor(n / (mx * my)) % mz];
    const plane = Math.floor(n / grid.hu.length);
    const block = ((plane * mz + (z >> 2)) * my + (y >> 2)) * mx + (x >> 2);
    return 255 * (z % 4 === 3 ? random() : blocks[block]!);
  });
  const bytes = sharedBytes(planes.length);
  bytes.set(planes);
  const probabilities = { size: grid.size, affine: grid.affine, bytes };
  const textures = [sharedBytes(voxels), sharedBytes(voxels)];
  const slices = box.high[2] - box.low[2] + 1;
  await both('classify', (n) => ({ lobes, probabilities, box, textures: textures[n]! }), slices);
  expect(textures[1]).toEqual(textures[0]);
  const { best, runs } = gatherLungVoxels(lobes, probabilities, undefined);
  expect(lungVoxelsOfLabels(lobes, textures[1]!)).toMatchObject({ best, runs });
});

it('leaves nothing to do for a thread that comes late', () => {
  const volume = chest();
  const plan = { volume, box: { low: [0, 0, 0], high: [39, 35, 29] }, grid: volume } as const;
  const slabs = planSlabs(size[2]);
  expect(areDone(slabs)).toBe(false);
  takeSlabs('resample', { plan, hu: new Float32Array(voxels) }, slabs);
  expect(areDone(slabs)).toBe(true);
  const late = new Float32Array(voxels);
  takeSlabs('resample', { plan, hu: late }, slabs);
  expect(late.every((hu) => hu === 0)).toBe(true);
});
