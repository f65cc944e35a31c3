/** Real CTs voxel by voxel against pydicom: test/reference/dicom.py made the values. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { discoverCohort } from '../../../src/kernel/ct/discover.ts';
import { readSeries } from '../../../src/kernel/ct/readSeries.ts';
import { asymmetricVolume, SPACING, temporaryFolder, writeSeries } from './helpers.ts';

interface Reference {
  readonly path: string;
  readonly size: readonly number[];
  readonly affine: readonly number[];
  readonly sum: number;
  readonly least: number;
  readonly most: number;
  readonly voxels: readonly { readonly at: readonly [number, number, number]; readonly hu: number }[];
}

const data = join(import.meta.dirname, '../../../../shared/data');
const references = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/dicom.json'), 'utf8'),
) as Reference[];
const hasData = existsSync(data);
if (!hasData) console.log(`Skipped: the real CTs of ${data} are not on this machine.`);
const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;
if (!hasDcmtk) console.log('Skipped: dcmtk (Debian package dcmtk) is not on this machine.');

describe.skipIf(!hasData)('a real CT', () => {
  it.each(references.map((r) => [r.path, r] as const))(
    '%s has pydicom’s size, affine and Hounsfield units',
    async (path, reference) => {
      const { patients } = await discoverCohort(join(data, path), unattended);
      const { volume } = await readSeries(patients[0]!.series[0]!, unattended);
      expect(volume.size).toEqual(reference.size);
      for (const [n, value] of reference.affine.entries()) expect(volume.affine[n]).toBeCloseTo(value, 4);
      const [nx, ny] = volume.size;
      for (const { at, hu } of reference.voxels) expect(volume.hu[(at[2] * ny + at[1]) * nx + at[0]]).toBe(hu);
      let [sum, least, most] = [0, Infinity, -Infinity];
      for (const hu of volume.hu) {
        sum += hu;
        least = Math.min(least, hu);
        most = Math.max(most, hu);
      }
      expect({ sum, least, most }).toEqual({ sum: reference.sum, least: reference.least, most: reference.most });
    },
    60_000,
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
