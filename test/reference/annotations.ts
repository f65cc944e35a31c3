/** The volume of annotations.py, by the same formula. */
import type { Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';
import reference from './annotations.json' with { type: 'json' };

const [NX, NY, NZ] = reference.size as [number, number, number];

export function referenceVolume(spacingMm: readonly [number, number, number]): Volume {
  const hu = new Int16Array(NX * NY * NZ);
  for (let k = 0, index = 0; k < NZ; k++)
    for (let j = 0; j < NY; j++)
      for (let i = 0; i < NX; i++, index++) hu[index] = ((i * 7919 + j * 104729 + k * 1299709) % 2003) - 1024;
  return { size: [NX, NY, NZ], affine: axisAlignedAffine(spacingMm, [0, 0, 0]), hu };
}

/** An axial slice of it. */
export function referenceSlice(k: number): { width: number; height: number; hu: Int16Array } {
  return { width: NX, height: NY, hu: referenceVolume([1, 1, 1]).hu.subarray(k * NX * NY, (k + 1) * NX * NY) };
}
