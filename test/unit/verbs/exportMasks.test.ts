/** `export … labels`: masks of every measured CT, in a folder for each patient. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import type { WriteQuestion } from '../../../src/protocol/kernelApi.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { ViewModel } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { change, niftiFile, writeSeries } from '../ct/helpers.ts';
import { datasetIn } from '../masks/maskCases.ts';

/** Soft tissue with air in front, and a box of air that the fixture's network calls right upper lobe. */
function box(): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < 19; k++)
    for (let j = 10; j < 40; j++) hu.fill(-800, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 50);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

const QUANTIFY = 'load "cohort" as c\nquantify c with "tiny-textures" lobes "tiny-lobes" as ai';
const DAY_MS = 24 * 3_600_000;

let notebook: TestSession;
let questions: WriteQuestion[];
let allowed: boolean;
let now = Date.UTC(2026, 0, 2, 3, 4, 5);

beforeAll(async () => {
  questions = [];
  allowed = true;
  notebook = startSession({
    now: () => now,
    events: {
      mayWrite: async (question) => {
        questions.push(question);
        return allowed ? { allowed } : { allowed, advice: 'Your choice.' };
      },
    },
  });
  const cohort = join(notebook.folder, 'cohort');
  for (const file of writeSeries(join(cohort, 'P01'), box(), 'HOSPITAL-4711'))
    change(file, (tags) => {
      tags['00100010'] = { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] };
      tags['00100030'] = { vr: 'DA', Value: ['19500102'] };
    });
  mkdirSync(join(cohort, 'con %'));
  writeFileSync(join(cohort, 'con %', 'ct.nii'), niftiFile(box(), 1));
  await notebook.shown(QUANTIFY);
}, 60_000);

const files = (folder: string) =>
  readdirSync(join(notebook.folder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(notebook.folder, folder), join(entry.parentPath, entry.name)))
    .sort();
const bytes = (name: string) => readFileSync(join(notebook.folder, name));
const flagsIn = (views: readonly ViewModel[]): readonly SeriesRemark[] =>
  views.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));

describe('`export … labels`', () => {
  it('writes NIfTI where nothing else is asked for, in folders that any system takes', async () => {
    const [view] = await notebook.shown('export ai labels to "masks/"');
    expect(files('masks')).toEqual([
      'P01/lobes.nii.gz',
      'P01/textures.nii.gz',
      'con %25/lobes.nii.gz',
      'con %25/textures.nii.gz',
    ]);
    expect(view).toMatchObject({
      messages: [{ text: 'Wrote lobes and textures of 2 CTs to masks/ (4 files: nifti).' }],
    });
  });

  it('writes as many voxels as were measured, to the last', async () => {
    await notebook.shown('export ai labels to "counted"');
    const rows = await notebook.rows('filter ai where region == "RUL" && patient == "P01"');
    const measured = rows.reduce((sum, row) => sum + Number(row.volume_ml), 0);
    for (const patient of ['P01', 'con %25'])
      for (const title of ['lobes', 'textures']) {
        const file = gunzipSync(bytes(`counted/${patient}/${title}.nii.gz`));
        const voxels = file.subarray(file.readFloatLE(108)).filter((label) => label > 0).length;
        expect((voxels * 1.5 * 1.5 * 2) / 1000).toBeCloseTo(measured, 6);
      }
  });

  it('writes what DICOM refers to, and flags the CT that comes from no DICOM', async () => {
    const views = await notebook.shown('export ai labels to "dicom" format seg, seg-labelmap, sr, ".nrrd"');
    expect(files('dicom/P01')).toEqual([
      'lobes.labelmap.seg.dcm',
      'lobes.seg.dcm',
      'lobes.seg.nrrd',
      'measurements.sr.dcm',
      'textures.labelmap.seg.dcm',
      'textures.seg.dcm',
      'textures.seg.nrrd',
    ]);
    expect(files('dicom/con %25')).toEqual(['lobes.seg.nrrd', 'textures.seg.nrrd']);
    expect(flagsIn(views)).toEqual([
      expect.objectContaining({ patient: 'con %', severity: 'error', code: 'no-dicom-source' }),
    ]);
  });

  it('follows the CT’s UIDs, calls the patient by the label, and repeats nothing else of anybody', async () => {
    await notebook.shown('export ai labels to "private" format seg, sr');
    const source = datasetIn(join(notebook.folder, 'cohort/P01/slice-001.dcm'));
    for (const name of files('private/P01')) {
      const { StudyInstanceUID, PatientID, PatientBirthDate } = datasetIn(join(notebook.folder, 'private/P01', name));
      expect({ StudyInstanceUID, PatientID, PatientBirthDate }).toEqual({
        StudyInstanceUID: source.StudyInstanceUID,
        PatientID: 'P01',
        PatientBirthDate: '',
      });
      expect(bytes(`private/P01/${name}`).toString('latin1')).not.toMatch(/Doe|Jane|HOSPITAL|4711|19500102|20260101/);
    }
  });

  it('changes no byte of what is the same a day later', async () => {
    await notebook.shown('export ai labels to "same" format seg, sr');
    const before = files('same').map((name) => bytes(`same/${name}`).toString('base64'));
    now += DAY_MS;
    await notebook.shown('export ai labels to "same" format seg, sr');
    expect(files('same').map((name) => bytes(`same/${name}`).toString('base64'))).toEqual(before);
    expect(datasetIn(join(notebook.folder, 'same/P01/lobes.seg.dcm')).ContentDate).toBe('20260102');
  });

  it('asks once for all files outside the notebook’s folder', async () => {
    questions = [];
    await notebook.shown('export ai labels to "../outside"');
    expect(questions.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'outside',
        '"../outside" lies outside the notebook’s folder. Your answer holds for all that is written into "../outside".',
      ],
    ]);
  });

  it('leaves files of others as they are where the answer is no, and writes the rest', async () => {
    questions = [];
    allowed = false;
    mkdirSync(join(notebook.folder, 'others/P01'), { recursive: true });
    for (const title of ['lobes', 'textures'])
      writeFileSync(join(notebook.folder, 'others/P01', `${title}.nii.gz`), 'corrected by hand');
    const views = await notebook.shown('export ai labels to "others"');
    allowed = true;
    expect(bytes('others/P01/lobes.nii.gz').toString()).toBe('corrected by hand');
    expect(files('others/con %25')).toHaveLength(2);
    expect(flagsIn(views)).toEqual([expect.objectContaining({ patient: 'P01', code: 'overwrites-foreign' })]);
    expect(questions).toHaveLength(1);
  });

  it.each([
    ['export ai labels to "masks.nii.gz"', 'no-file: Labels are written into a folder'],
    ['export ai to "t.csv" format nrrd', 'idle-clause: `format` does nothing in `export` of a table'],
    ['export ai labels to "m" format stl', 'unknown-word'],
  ])('%s is refused', async (cell, problem) => {
    expect(await notebook.problem(cell)).toContain(problem);
  });
});
