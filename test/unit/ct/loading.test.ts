import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import type { Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import {
  asymmetricVolume,
  change,
  niftiFile,
  ORIGIN,
  SPACING,
  TAG,
  temporaryFolder,
  writeSeries,
  writeZip,
} from './helpers.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const discover = (path = folder) => discoverCohort(path, unattended);
const codes = async (path = folder) => {
  const { patients, problems } = await discover(path);
  return [...problems, ...patients.flatMap((p) => p.series.flatMap((s) => s.problems))].map((p) => p.code);
};
const readOnly = async (path = folder): Promise<Volume> => {
  const { patients } = await discover(path);
  return (await readSeries(patients[0]!.series[0]!, unattended)).volume;
};
const rounded = (affine: readonly number[]) => affine.map((v) => Number(v.toFixed(4)));

describe('reading a DICOM series', () => {
  it('gives back the volume that was written, whatever order the files have', async () => {
    writeSeries(folder);
    const { size, affine, hu } = await readOnly();
    const expected = asymmetricVolume();
    expect(size).toEqual(expected.size);
    expect(rounded(affine)).toEqual(rounded(expected.affine));
    expect(hu).toEqual(expected.hu);
  });

  it('turns every orientation to the patient’s left, back and head, at the same place in the patient', async () => {
    const reference = asymmetricVolume();
    const [nx, ny] = reference.size;
    const right = ORIGIN[0] + (nx - 1) * SPACING[0];
    const back = ORIGIN[1] + (ny - 1) * SPACING[1];
    // Columns from the left to the right and rows from back to front: the same voxels, written from the other corner.
    for (const file of writeSeries(folder))
      change(file, (tags) => {
        const z = Number(tags[TAG.position]!.Value![2]);
        tags[TAG.orientation] = { vr: 'DS', Value: [-1, 0, 0, 0, -1, 0] };
        tags[TAG.position] = { vr: 'DS', Value: [right, back, z] };
      });
    const { size, affine, hu } = await readOnly();
    expect(size).toEqual(reference.size);
    expect(rounded(affine)).toEqual(rounded(reference.affine));
    const turned = (k: number, j: number, i: number) => reference.hu[(k * ny + (ny - 1 - j)) * nx + (nx - 1 - i)];
    expect(hu[0]).toBe(turned(0, 0, 0));
    expect(hu[(3 * ny + 2) * nx + 5]).toBe(turned(3, 2, 5));
  });

  it('applies slope and intercept file by file', async () => {
    const [first] = writeSeries(folder);
    change(first!, (tags) => {
      tags[TAG.slope] = { vr: 'DS', Value: [2] };
      tags[TAG.intercept] = { vr: 'DS', Value: [-1000] };
    });
    const { hu } = await readOnly();
    const reference = asymmetricVolume().hu;
    expect(hu[1]).toBe((reference[1]! + 1024) * 2 - 1000);
    expect(hu.at(-1)).toBe(reference.at(-1));
  });

  it('takes padding for air', async () => {
    for (const file of writeSeries(folder))
      change(file, (tags) => {
        tags[TAG.padding] = { vr: 'US', Value: [asymmetricVolume().hu[2]! + 1024] };
      });
    expect((await readOnly()).hu[2]).toBe(-1024);
  });

  it('fills missing slices by interpolation and says where and how many', async () => {
    const files = writeSeries(folder);
    rmSync(files[5]!);
    const { patients } = await discover();
    const [series] = patients[0]!.series;
    expect(series?.size).toEqual([7, 6, 24]);
    const [problem] = series!.problems;
    expect(problem?.code).toBe('missing-slices');
    expect(problem?.message).toContain('1 slice seems to be missing: 23 found where 24 were expected');
    expect(problem?.message).toContain(`after ${(ORIGIN[2] + 4 * SPACING[2]).toFixed(1)} mm`);
    expect((await readOnly()).hu).toEqual(asymmetricVolume().hu);
  });

  it('flags a prone patient', async () => {
    for (const file of writeSeries(folder))
      change(file, (tags) => {
        tags[TAG.patientPosition] = { vr: 'CS', Value: ['HFP '] };
      });
    expect(await codes()).toEqual(['prone']);
  });

  it('drops identical slices and counts them', async () => {
    const [first] = writeSeries(folder);
    copyFileSync(first!, join(folder, 'copy.dcm'));
    expect(await codes()).toEqual(['duplicate-slices']);
    expect((await readOnly()).hu).toEqual(asymmetricVolume().hu);
  });
});

describe('reading a NIfTI file', () => {
  const volume = asymmetricVolume();

  it('gives back the volume that was written', async () => {
    writeFileSync(join(folder, 'P01.nii'), niftiFile(volume, 1));
    const { size, affine, hu } = await readOnly();
    expect(size).toEqual(volume.size);
    expect(rounded(affine)).toEqual(rounded(volume.affine));
    expect(hu).toEqual(volume.hu);
    expect(await codes()).toEqual([]);
  });

  it('flags a file that does not say how the patient lies in it', async () => {
    writeFileSync(join(folder, 'P01.nii'), niftiFile(volume, 0));
    expect(await codes()).toEqual(['no-orientation']);
  });

  it('flags few slices', async () => {
    writeFileSync(join(folder, 'P01.nii'), niftiFile(asymmetricVolume(7, 6, 12), 1));
    expect(await codes()).toEqual(['few-slices']);
  });
});

describe('finding CTs', () => {
  it('calls patients by their sub-folders, and never by what the tags say', async () => {
    writeSeries(join(folder, 'P01'), asymmetricVolume(), 'SECRET^NAME');
    writeSeries(join(folder, 'P02'), asymmetricVolume(), 'OTHER^NAME');
    const cohort = await discover();
    expect(cohort.patients.map((p) => p.id)).toEqual(['P01', 'P02']);
    expect(JSON.stringify(cohort)).not.toMatch(/SECRET|OTHER/);
  });

  it('tells mixed patients of one folder apart without showing their identifiers', async () => {
    writeSeries(join(folder, 'all'), asymmetricVolume(), 'B');
    const files = writeSeries(join(folder, 'tmp'), asymmetricVolume(), 'A');
    for (const file of files) copyFileSync(file, join(folder, 'all', `second-${basename(file)}`));
    rmSync(join(folder, 'tmp'), { recursive: true });
    const { patients, problems } = await discover(join(folder, 'all'));
    expect(patients.map((p) => p.id)).toEqual(['all-1', 'all-2']);
    expect(problems.map((p) => p.code)).toEqual(['mixed-patients']);
  });

  it('calls the patients of a zip file by their folders, whatever folder they share', async () => {
    const files = ['P01', 'P02'].flatMap((id) => writeSeries(join(folder, 'study', id), asymmetricVolume(), id));
    writeZip(join(folder, 'all.zip'), files, folder);
    expect((await discover(join(folder, 'all.zip'))).patients.map(({ id }) => id)).toEqual(['P01', 'P02']);
  });

  it('calls the one patient of a zip file by the file', async () => {
    writeZip(join(folder, 'P07.zip'), writeSeries(join(folder, 'image')), folder);
    expect((await discover(join(folder, 'P07.zip'))).patients.map(({ id }) => id)).toEqual(['P07']);
  });

  it('reads a zip file as it is', async () => {
    const files = writeSeries(join(folder, 'P01'));
    writeZip(join(folder, 'P01.zip'), files);
    const { patients } = await discover(join(folder, 'P01.zip'));
    expect(patients.map((p) => p.id)).toEqual(['P01']);
    expect((await readOnly(join(folder, 'P01.zip'))).hu).toEqual(asymmetricVolume().hu);
  });

  it('sets aside what is no CT, and says so', async () => {
    writeSeries(join(folder, 'P01'));
    const [other] = writeSeries(join(folder, 'other'), asymmetricVolume(), 'ID-2');
    const structure = join(folder, 'P01', 'structure.dcm');
    copyFileSync(other!, structure);
    change(structure, (tags) => {
      tags[TAG.modality] = { vr: 'CS', Value: ['RTSTRUCT'] };
      tags[TAG.patientId] = { vr: 'LO', Value: ['ID-1'] };
      tags[TAG.seriesUid] = { vr: 'UI', Value: ['2.25.7'] };
    });
    rmSync(join(folder, 'other'), { recursive: true });
    writeFileSync(join(folder, 'P01', 'notes.txt'), 'not an image');
    const { patients, problems } = await discover();
    expect(patients).toHaveLength(1);
    expect(problems.map((p) => p.code).sort()).toEqual(['not-an-image', 'not-ct']);
  });

  it('sets localizers aside by their type', async () => {
    for (const file of writeSeries(folder))
      change(file, (tags) => {
        tags[TAG.imageType] = { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] };
      });
    await expect(discover()).rejects.toMatchObject({ code: 'no-ct', message: expect.stringContaining('localizer') });
  });

  it('leaves images of another orientation out of the stack', async () => {
    const files = writeSeries(folder);
    change(files[0]!, (tags) => {
      tags[TAG.orientation] = { vr: 'DS', Value: [1, 0, 0, 0, 0, -1] };
    });
    expect(await codes()).toEqual(['mixed-orientation']);
  });

  it('goes on with the others where one file is cut short', async () => {
    writeSeries(join(folder, 'good'));
    const bad = writeSeries(join(folder, 'bad'), asymmetricVolume(), 'ID-2');
    for (const file of bad) truncateSync(file, 300);
    const { patients, problems } = await discover();
    expect(patients.map((p) => p.id)).toEqual(['good']);
    expect(problems).toMatchObject([
      {
        code: 'unreadable-file',
        message:
          '24 files cannot be read, each for this reason: its header is damaged or cut short (files 1, 2, 3 of 24 and 21 more). Copy it again from its source.',
      },
    ]);
  });

  it('leaves a slice out that lacks most of its pixels, and fills the gap', async () => {
    const volume = asymmetricVolume(64, 64);
    const files = writeSeries(folder, { ...volume, hu: volume.hu.map((_, n) => (n % 2 ? -1000 : 40)) });
    truncateSync(files[3]!, 3000);
    const { patients, problems } = await discover();
    expect(problems).toMatchObject([
      { code: 'unreadable-file', message: expect.stringMatching(/, file 4 cannot be read: it is cut short/) },
    ]);
    expect(patients[0]!.series[0]!.problems).toMatchObject([{ code: 'missing-slices' }]);
  });

  it('names the file whose pixels are cut short', async () => {
    const files = writeSeries(folder);
    const bytes = readFileSync(files[3]!);
    writeFileSync(files[3]!, bytes.subarray(0, bytes.length - 20));
    const { patients } = await discover();
    await expect(readSeries(patients[0]!.series[0]!, unattended)).rejects.toMatchObject({
      code: 'unreadable-slice',
      message: expect.stringMatching(/, series-1, file 4 cannot be decoded/),
    });
  });

  it.each([
    ['an empty folder', (path: string) => mkdirSync(path), 'empty-folder'],
    [
      'a folder of other files',
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, 'a.txt'), 'x');
      },
      'no-ct',
    ],
    ['no folder at all', () => undefined, 'path-missing'],
    ['a damaged zip', (path: string) => writeFileSync(path, Buffer.from('PK\x03\x04 and no more')), 'zip-unreadable'],
    [
      'a folder with too few slices',
      (path: string) => {
        writeSeries(path, asymmetricVolume(7, 6, 3));
      },
      'no-ct',
    ],
  ])('answers %s with a clear error', async (_, make, code) => {
    const path = join(folder, 'here');
    make(path);
    await expect(discover(path)).rejects.toMatchObject({ code });
  });

  it('stops when asked to', async () => {
    writeSeries(folder);
    const task = { signal: AbortSignal.abort(), progress: () => {} };
    await expect(discoverCohort(folder, task)).rejects.toThrow(/abort/i);
  });
});
