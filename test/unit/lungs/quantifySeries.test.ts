import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';
import { quantifySeries } from '../../../src/kernel/lungs/quantifySeries.ts';

const fixtures = [join(import.meta.dirname, '../../fixtures/models')];
const models = {
  lobes: await openModel(await findModel(fixtures, 'tiny-lobes', 'lobes'), 1),
  textures: await openModel(await findModel(fixtures, 'tiny-textures', 'textures'), 1),
};

/** Soft tissue with a box of air-filled lung of 40 × 30 × 12 voxels, its upper half emphysematous, and a small bubble elsewhere. */
function boxOfLung(spacing: readonly [number, number, number] = [1.5, 1.5, 3]): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  for (let k = 0, index = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, index++) {
        if (i >= 10 && i < 50 && j >= 10 && j < 40 && k >= 6 && k < 18) hu[index] = k < 12 ? -800 : -1000;
        if (i >= 54 && i < 58 && j >= 44 && j < 48 && k < 3) hu[index] = -1000;
      }
  return { size, affine: axisAlignedAffine(spacing, [0, 0, 0]), hu };
}

describe('quantifySeries', () => {
  it('measures lungs at full resolution and leaves islands out', async () => {
    const { measurements, lobes, textures, probabilities } = await quantifySeries(boxOfLung(), models, unattended);
    const volume = measurements.filter((m) => m.region === 'total').reduce((sum, m) => sum + m.volumeMl, 0);
    expect(volume / 97.2).toBeCloseTo(1, 1);
    expect(measurements.find((m) => m.region === 'RUL' && m.class === 'emphysema')?.percent).toBeGreaterThan(40);
    expect(lobes.labels[(1 * 50 + 46) * 60 + 56]).toBe(0);
    for (const [index, texture] of textures.labels.entries()) expect(texture > 0).toBe(lobes.labels[index]! > 0);
    expect(probabilities.bytes).toHaveLength(probabilities.size.reduce((a, b) => a * b) * 6);
  });

  it('lets the edge of the lung follow the density', async () => {
    const volume = boxOfLung();
    const at = (j: number) => (12 * 50 + j) * 60 + 50;
    // One column of voxels beside the lung, from air in front to soft tissue behind, 30 HU from row to row.
    const rows = Array.from({ length: 27 }, (_, n) => n + 12);
    for (const j of rows)
      for (const k of [-3, -2, -1, 0, 1, 2, 3]) volume.hu[at(j) + k * 50 * 60] = -800 + 30 * (j - 12);
    const { lobes } = await quantifySeries(volume, models, unattended);
    const lung = rows.filter((j) => lobes.labels[at(j)]);
    const densest = volume.hu[at(lung.at(-1)!)]!;
    expect(lung).toEqual(rows.slice(0, lung.length));
    expect(densest).toBeGreaterThan(-700);
    expect(densest).toBeLessThan(-200);
  });

  it.each([0.0001, 0.019, 101, 1e4, Number.NaN])('refuses voxels of %s mm, which no scanner gives', async (mm) => {
    await expect(quantifySeries(boxOfLung([mm, 1.5, 3]), models, unattended)).rejects.toMatchObject({
      code: 'impossible-spacing',
      message: expect.stringContaining(`voxels of ${mm} × 1.5 × 3 mm`),
    });
  });

  it('says so where there is no lung', async () => {
    const solid = boxOfLung();
    solid.hu.fill(40);
    await expect(quantifySeries(solid, models, unattended)).rejects.toMatchObject({ code: 'no-lung' });
  });

  it('takes a little air, as in a neck or an abdomen, for no lung', async () => {
    const little = boxOfLung([1, 1, 2]);
    await expect(quantifySeries(little, models, unattended)).rejects.toMatchObject({ code: 'no-lung' });
  });
});
