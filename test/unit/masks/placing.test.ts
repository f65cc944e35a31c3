/** Masks laid over the grid of a CT: turned, tilted, on another grid, of another frame or patient. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { uprightGrid } from '../../../src/kernel/ct/geometry/gantryTilt.ts';
import { axisAlignedAffine, type Grid } from '../../../src/kernel/ct/geometry/volume.ts';
import { discoverMasks } from '../../../src/kernel/masks/discoverMasks.ts';
import type { GivenMasks } from '../../../src/kernel/masks/givenMasks.ts';
import { placeMasks } from '../../../src/kernel/masks/placing/placeMasks.ts';
import { maskFile } from './helpers.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/masks');
const CT: Grid = { size: [20, 16, 24], affine: axisAlignedAffine([0.7, 0.8, 2.5], [-10, -20, 100]) };
const WANTED = { lobes: true, textures: true, others: [], allOfLungs: true };

/** One label, in the box of columns 4 to 9, rows 5 to 9 and all slices but the first and last, as a file on its own grid. */
async function boxOn(grid: Grid, ct: Grid, of: Partial<GivenMasks> = {}) {
  const [nx, ny, nz] = grid.size;
  const labels = Int16Array.from({ length: nx * ny * nz }, (_, v) => {
    const [i, j, k] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    return i >= 4 && i < 10 && j >= 5 && j < 10 && k > 0 && k < nz - 1 ? 1 : 0;
  });
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-masks-'));
  writeFileSync(join(folder, 'P01.nii.gz'), maskFile(labels, grid));
  const { files } = await discoverMasks(folder, { by: 'user', labels: [[1, 'RUL']] }, unattended);
  return placeMasks({ name: 'm', files, digest: '', ...of }, ct, WANTED, unattended);
}

const turned = (degrees: number): Grid => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return {
    size: CT.size,
    affine: [0.7 * cos, -0.8 * sin, 0, -10, 0.7 * sin, 0.8 * cos, 0, -20, 0, 0, 2.5, 100, 0, 0, 0, 1],
  };
};

it('finds every voxel of a mask that is a part of the grid', async () => {
  const part: Grid = {
    size: [14, 12, 10],
    affine: axisAlignedAffine([0.7, 0.8, 2.5], [-10 + 3 * 0.7, -20 + 2 * 0.8, 110]),
  };
  const { lobes, remarks } = await boxOn(part, CT);
  expect(remarks).toEqual([]);
  expect(lobes!.reduce((sum, label) => sum + label, 0)).toBe(6 * 5 * 8);
  expect(lobes![((4 + 1) * 16 + 2 + 5) * 20 + 3 + 4]).toBe(1);
});

it('moves a mask of tilted slices with them, and says nothing', async () => {
  // Each slice lies 0.35 mm, half a column, beside the one below.
  const tilted: Grid = { size: [20, 16, 24], affine: [0.7, 0, 0.35, -10, 0, 0.8, 0, -20, 0, 0, 2.5, 100, 0, 0, 0, 1] };
  const { lobes, remarks } = await boxOn(tilted, uprightGrid(tilted));
  expect(remarks).toEqual([]);
  expect(lobes!.reduce((sum, label) => sum + label, 0)).toBe(6 * 5 * 22);
});

it('moves a part of tilted slices, too', async () => {
  const affine = (k: number) => [0.7, 0, 0.35, -10 + 0.35 * k, 0, 0.8, 0, -20, 0, 0, 2.5, 100 + 2.5 * k, 0, 0, 0, 1];
  const upright = uprightGrid({ size: [20, 16, 24], affine: affine(0) });
  const { lobes, remarks } = await boxOn({ size: [20, 16, 9], affine: affine(5) }, upright);
  expect(remarks).toEqual([]);
  expect(lobes!.reduce((sum, label) => sum + label, 0)).toBe(6 * 5 * 7);
});

it('resamples another grid of the same frame, and says so with both grids', async () => {
  const coarse: Grid = { size: [10, 16, 24], affine: axisAlignedAffine([1.4, 0.8, 2.5], [-9.65, -20, 100]) };
  const { lobes, remarks } = await boxOn(coarse, CT);
  expect(remarks.map(({ code }) => code)).toEqual(['mask-resampled']);
  expect(remarks[0]!.message).toMatch(
    /^The mask of P01 lies on another grid .* 10 × 16 × 24 voxels of 1\.4 × 0\.8 × 2\.5 mm, the first 9\.6 mm right, 20\.0 mm in front and 100\.0 mm above/,
  );
  expect(lobes!.reduce((sum, label) => sum + label, 0)).toBe(2 * 6 * 5 * 22);
});

it.each([
  [
    'turned against the CT',
    turned(10),
    'mask-frame',
    /is turned against the CT by 10°.*turned by 10° from the patient’s axes/,
  ],
  [
    'beside the CT',
    { size: CT.size, affine: axisAlignedAffine([0.7, 0.8, 2.5], [90, -20, 100]) },
    'mask-outside',
    /lies outside the CT by 100 % of its voxels/,
  ],
])('refuses a mask that is %s', async (_, grid, code, message) => {
  await expect(boxOn(grid, CT)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

/** The DICOM segmentation of the fixtures with another CT. */
async function segmentation(name: string, of: Partial<GivenMasks>, grid = CT) {
  const { files } = await discoverMasks(join(FIXTURES, name), { by: 'file' }, unattended);
  return placeMasks({ name: 'm', files, digest: '', ...of }, grid, WANTED, unattended);
}

it('refuses a DICOM mask of another patient, and of another frame of reference on another grid', async () => {
  await expect(segmentation('binary.dcm', { patientId: 'SOMEBODY' })).rejects.toMatchObject({ code: 'mask-patient' });
  const other = { frameOfReferenceUid: '1.2.3' };
  const { remarks } = await segmentation('binary.dcm', other);
  expect(remarks[0]).toMatchObject({ code: 'mask-frame', severity: 'warning' });
  const coarse: Grid = { size: [10, 16, 24], affine: axisAlignedAffine([1.4, 0.8, 2.5], [-9.65, -20, 100]) };
  await expect(segmentation('binary.dcm', other, coarse)).rejects.toMatchObject({ code: 'mask-frame' });
  await expect(segmentation('contours.dcm', other)).rejects.toMatchObject({ code: 'mask-frame' });
});
