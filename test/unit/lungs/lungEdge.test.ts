/** Checks where lung ends beside healthy, ground-glass and consolidated lung, and far from any. */
import { describe, expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { POSSIBLE_LABEL } from '../../../src/kernel/lungs/closing.ts';
import { lobeDrawer, planDrawing } from '../../../src/kernel/lungs/drawLobes.ts';
import { edgeDensity } from '../../../src/kernel/lungs/lungEdge.ts';

/** Four blocks of 15 mm in a row, of 3 mm voxels: each has its own density, and is lung or not. */
function coarseChest(densities: readonly number[], lungShares: readonly number[]) {
  const size = [5 * densities.length, 5, 5] as const;
  const voxels = size[0] * size[1] * size[2];
  const block = (voxel: number) => Math.floor((voxel % size[0]) / 5);
  return {
    coarse: {
      size,
      affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]),
      hu: Float32Array.from({ length: voxels }, (_, v) => densities[block(v)]!),
    },
    lobes: [0.75, 0.25].map((part) => Float32Array.from({ length: voxels }, (_, v) => part * lungShares[block(v)]!)),
  };
}

describe('edgeDensity', () => {
  it('lies half-way between the lung of a block and soft tissue, and no higher than -150 HU', () => {
    const { coarse, lobes } = coarseChest([-860, -500, 20, 40], [1, 1, 1, 0]);
    const edge = edgeDensity(lobes, coarse);
    expect(edge.size).toEqual([4, 1, 1]);
    expect([...edge.hu]).toEqual([-380, -200, -150, -375]);
  });

  it('weighs a block by how probable lung is, and leaves out what is more likely none', () => {
    const { coarse, lobes } = coarseChest([-700], [1]);
    for (const v of [0, 1, 2]) {
      coarse.hu[v] = 40;
      for (const lobe of lobes) lobe[v]! *= 0.4;
    }
    expect(edgeDensity(lobes, coarse).hu[0]).toBeCloseTo(-300, 3);
    coarse.hu.fill(-800, 60);
    for (const lobe of lobes) for (let v = 60; v < 125; v++) lobe[v]! *= 0.6;
    const mean = (57 * -700 + 65 * 0.6 * -800) / (57 + 65 * 0.6);
    expect(edgeDensity(lobes, coarse).hu[0]).toBeCloseTo((mean + 100) / 2, 3);
  });
});

describe('lobeDrawer', () => {
  it('takes a dense voxel at the edge for lung beside dense lung, and only as possible beside healthy lung', () => {
    const drawnAt = (lungHu: number) => {
      const { coarse, lobes } = coarseChest([lungHu, lungHu], [1, 0.6]);
      const volume = { ...coarse, hu: Int16Array.from(coarse.hu).fill(-190) };
      const labels = new Uint8Array(volume.hu.length);
      lobeDrawer(planDrawing(lobes, coarse, volume), labels)({ from: 0, to: volume.size[2] });
      return labels[9]!;
    };
    expect(drawnAt(-870)).toBe(1 + POSSIBLE_LABEL);
    expect(drawnAt(-450)).toBe(1);
  });
});
