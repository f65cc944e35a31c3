/** Real CTs voxel by voxel against pydicom and SimpleITK: test/reference/dicom.py made the values. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import type { Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { asymmetricVolume, SPACING, temporaryFolder, writeSeries } from './helpers.ts';

interface Reference {
  readonly path: string;
  readonly size: readonly number[];
  readonly affine: readonly number[];
}
interface Untilted extends Reference {
  /** Of the Hounsfield units, 16 bits little endian, x fastest, then y and z. */
  readonly sha256: string;
}
interface Tilted extends Reference {
  readonly thickness: number;
  readonly voxels: readonly (readonly [i: number, j: number, k: number, hu: number])[];
}

const data = join(import.meta.dirname, '../../../../shared/data');
const { untilted, tilted } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/dicom.json'), 'utf8'),
) as { untilted: readonly Untilted[]; tilted: readonly Tilted[] };
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the real CTs of ${data} are not on this machine.`);
const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;
if (!hasDcmtk) console.log('Skipped: dcmtk (Debian package dcmtk) is not on this machine.');

function expectGrid(volume: Volume, { size, affine }: Reference): void {
  expect(volume.size).toEqual(size);
  for (const [n, value] of affine.entries()) expect(volume.affine[n]).toBeCloseTo(value, 4);
}

describe.skipIf(!hasData)('a real CT', () => {
  it.each(untilted.map((r) => [r.path, r] as const))(
    '%s has the size, affine and every voxel of pydicom and SimpleITK',
    async (path, reference) => {
      const { patients } = await discoverCohort(join(data, path), unattended);
      const { volume } = await readSeries(patients[0]!.series[0]!, unattended);
      expectGrid(volume, reference);
      const { buffer, byteOffset, byteLength } = volume.hu;
      const sha256 = createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength));
      expect(sha256.digest('hex')).toBe(reference.sha256);
    },
    60_000,
  );

  it.each(tilted.map((r) => [r.path, r.thickness, r] as const))(
    '%s, slices of %d mm, is straightened as SimpleITK moves its slices',
    async (path, thickness, reference) => {
      const { patients } = await discoverCohort(join(data, path), unattended);
      const series = patients[0]!.series.find(({ sliceThicknessMm }) => sliceThicknessMm === thickness)!;
      expect(series.problems.map(({ code }) => code)).toContain('gantry-tilt');
      const { volume } = await readSeries(series, unattended);
      expectGrid(volume, reference);
      const [nx, ny] = volume.size;
      // Half a unit is rounding.
      for (const [i, j, k, hu] of reference.voxels)
        expect(Math.abs(volume.hu[(k * ny + j) * nx + i]! - hu)).toBeLessThanOrEqual(0.501);
    },
  );
});

describe.skipIf(!hasDcmtk)('the sample cohort’s writer', () => {
  it('writes files that dcmtk reads without a complaint', () => {
    const folder = temporaryFolder();
    const [file] = writeSeries(folder, asymmetricVolume());
    const { stdout, stderr, status } = spawnSync('dcmdump', [file!], { encoding: 'utf8' });
    const converted = join(folder, 'implicit.dcm');
    execFileSync('dcmconv', ['+ti', file!, converted]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/SOPClassUID/);
    expect(stdout).toContain('=CTImageStorage');
    expect(stdout).toMatch(/\(0018,0050\) DS \[2\.5\]/);
    expect(stdout).toContain(`(0028,0030) DS [${SPACING[1]}\\${SPACING[0]}]`);
    expect(stdout).toMatch(/\(7fe0,0010\) OW/);
    rmSync(folder, { recursive: true });
  });
});
