/** Checks that what is drawn around a removed part goes with it, and that what hangs together with the lungs stays. */
import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { removeDrawnIslands } from '../../../src/kernel/lungs/drawnIslands.ts';

it('removes drawn parts without a voxel of the kept lungs', () => {
  const size = [12, 4, 4] as const;
  const labels = new Uint8Array(12 * 4 * 4);
  const at = (i: number, j: number, k: number) => (k * 4 + j) * 12 + i;
  const lung = [at(0, 0, 0), at(1, 0, 0), at(2, 0, 0), at(2, 1, 0), at(2, 1, 1), at(3, 1, 1)];
  const island = [at(6, 0, 0), at(7, 0, 0), at(7, 0, 1), at(9, 3, 3)];
  for (const v of [...lung, ...island]) labels[v] = 2;
  // Voxels twice as large: the lung holds a kept one at its beginning alone.
  const core = new Uint8Array(6 * 2 * 2);
  core[0] = 1;
  removeDrawnIslands({ size, affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]), labels }, core, { size: [6, 2, 2] });
  expect([...labels.keys()].filter((v) => labels[v])).toEqual(lung.sort((a, b) => a - b));
});
