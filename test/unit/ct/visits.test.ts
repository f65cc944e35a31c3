import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { visitBehind, visitNameOf } from '../../../src/kernel/base/visitName.ts';
import { usedSeries, withSeries } from '../../../src/kernel/ct/cohort/seriesChoice.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { type VisitsWish, withVisits } from '../../../src/kernel/ct/visits/visits.ts';
import { openPath } from '../../../src/kernel/verbs/load/openPath.ts';
import { asymmetricVolume, change, niftiFile, TAG, temporaryFolder, writeSeries } from './helpers.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

const SMALL = asymmetricVolume(3, 3, 12);

/** A DICOM series of its own study; an empty date is none. */
function scan(path: string, { date, time = '120000', id = path.split('/')[0]! }: ScanTags): void {
  for (const file of writeSeries(join(folder, path), SMALL, id))
    change(file, (tags) => {
      for (const [tag, vr, value] of [
        ['00080020', 'DA', date],
        ['00080022', 'DA', date],
        ['00080030', 'TM', time],
        ['0020000D', 'UI', `1.2.${number(path)}`],
        [TAG.seriesUid, 'UI', `1.2.${number(path)}.1`],
        ['00080018', 'UI', `1.2.${number(path)}.1.${number(String((tags['00200013']?.Value ?? [])[0]))}`],
      ] as const)
        tags[tag] = { vr, Value: value === '' ? [] : [value] };
    });
}

interface ScanTags {
  readonly date: string;
  readonly time?: string;
  readonly id?: string;
}

const number = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e6, 7);

function nifti(path: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, niftiFile(SMALL, 1));
}

async function found(wish?: VisitsWish) {
  const cohort = await discoverCohort(folder, unattended);
  const { patients, problems } = wish ? withVisits(cohort, wish) : cohort;
  return {
    visits: Object.fromEntries(
      patients.map((patient) => [patient.id, usedSeries(patient).map(({ visit, days }) => [visit, days])]),
    ),
    codes: problems.map(({ code }) => code),
    said: problems.map(({ message }) => message).join('\n'),
    kept: JSON.stringify(patients),
  };
}

describe('names of visits', () => {
  it.each([
    ['visit1', { kind: 'counted', number: 1 }],
    ['Visit_02', { kind: 'counted', number: 2 }],
    ['ses-03', { kind: 'counted', number: 3 }],
    ['V2', { kind: 'counted', number: 2 }],
    ['t0', { kind: 'counted', number: 0 }],
    ['Baseline', { kind: 'after', number: 0 }],
    ['follow-up', { kind: 'after', number: 1 }],
    ['FU_2', { kind: 'after', number: 2 }],
    ['Verlauf 3', { kind: 'after', number: 3 }],
    ['M12', { kind: 'months', months: 12 }],
    ['6 months', { kind: 'months', months: 6 }],
    ['year-1', { kind: 'months', months: 12 }],
    ['fu_12m', { kind: 'months', months: 12 }],
    ['1970-01-11', { kind: 'day', day: 10 }],
    ['19700111', { kind: 'day', day: 10 }],
    ['11.01.1970', { kind: 'day', day: 10 }],
    ['CT_1970-01-11', { kind: 'day', day: 10 }],
  ])('%s', (name, expected) => expect(visitNameOf(name)).toEqual(expected));

  it.each(['series-2', '3D', 'lung', 'P01', '2019-13-40', '12345678', 'recon 1mm', 'scan1', 'E', 'thorax'])(
    '%s is none',
    (name) => expect(visitNameOf(name)).toBeUndefined(),
  );

  it.each([
    ['P01_baseline', 'P01'],
    ['P01-2019-03-02', 'P01'],
    ['Site_7 follow-up 2', 'Site_7'],
  ])('%s ends with one', (label, patient) => expect(visitBehind(label)?.patient).toBe(patient));

  it.each(['P01', 'P_01', 'baseline', '1.3.6.1.4.1.20190302'])('%s ends with none', (label) =>
    expect(visitBehind(label)).toBeUndefined(),
  );
});

describe('visits told by date', () => {
  it('are numbered in order, with the days since the first, and no date is kept', async () => {
    scan('P01/b', { date: '20190301' });
    scan('P01/a', { date: '20200301' });
    scan('P02/a', { date: '20180101' });
    const { visits, codes, said, kept } = await found();
    expect(visits).toEqual({
      P01: [
        [1, 0],
        [2, 366],
      ],
      P02: [[1, 0]],
    });
    expect(codes).toEqual(['several-visits', 'visit-missing']);
    expect(said).toContain('1 patient has one visit (P02)');
    expect(kept).not.toMatch(/2019|2020|2018/);
  });

  it('of one day are one visit, unless every study is one', async () => {
    scan('P01/a', { date: '20190301', time: '130000' });
    scan('P01/b', { date: '20190301', time: '120000' });
    const byDays = await found();
    expect(byDays.visits).toEqual({ P01: [[undefined, undefined]] });
    expect(byDays.codes).toEqual(['several-studies']);
    const byStudies = await found('studies');
    expect(byStudies.visits).toEqual({
      P01: [
        [1, 0],
        [2, 0],
      ],
    });
    expect(byStudies.codes).toEqual(['several-visits', 'same-day']);
  });

  it('are none where none are wanted', async () => {
    scan('P01/a', { date: '20190301' });
    scan('P01/b', { date: '20200301' });
    const { visits, codes } = await found('none');
    expect(visits).toEqual({ P01: [[undefined, undefined]] });
    expect(codes).toEqual(['several-studies']);
  });

  it('without a date beside others are not measured, and that is said', async () => {
    scan('P01/a', { date: '20190301' });
    scan('P01/b', { date: '20190311' });
    scan('P01/c', { date: '' });
    const { visits, codes, said } = await found();
    expect(visits.P01).toEqual([
      [1, 0],
      [2, 10],
    ]);
    expect(codes).toEqual(['several-visits', 'visit-unknown']);
    expect(said).toContain('P01, series-1-3');
  });

  it('have the series that the user names in each', async () => {
    scan('P01/a', { date: '20190301' });
    scan('P01/b', { date: '20190311' });
    const cohort = withSeries(await discoverCohort(folder, unattended), ['series-1']);
    expect(cohort.patients[0]!.choices.map(({ used, reason }) => [used, reason])).toEqual([
      [true, 'you named it'],
      [true, 'you named it'],
    ]);
  });
});

describe('visits told by folders', () => {
  it('below the patient’s keep their numbers; what is missing and backwards is said', async () => {
    scan('P01/visit1', { date: '20190301' });
    scan('P01/visit3', { date: '20190201' });
    const { visits, codes, said } = await found();
    expect(visits.P01).toEqual([
      [1, 0],
      [3, -28],
    ]);
    expect(codes).toEqual(['several-visits', 'visit-missing', 'visit-order']);
    expect(said).toContain('P01 lacks 2');
    expect(said).toContain('visit 3 of P01 is 28 days before visit 1');
  });

  it('in labels are visits of one patient', async () => {
    scan('P01_baseline', { date: '20190301', id: 'ID1' });
    scan('P01_fu1', { date: '20190401', id: 'ID1' });
    scan('P02_baseline', { date: '20190301', id: 'ID2' });
    const { visits, codes } = await found();
    expect(visits).toEqual({
      P01: [
        [1, 0],
        [2, 31],
      ],
      P02: [[1, 0]],
    });
    expect(codes).toEqual(['several-visits', 'visit-missing']);
  });

  it('in labels of different PatientIDs stay patients, and that is said', async () => {
    scan('P01_v1', { date: '20190301', id: 'ID1' });
    scan('P01_v2', { date: '20190401', id: 'ID2' });
    const { visits, codes } = await found();
    expect(Object.keys(visits)).toEqual(['P01_v1', 'P01_v2']);
    expect(codes).toEqual(['visits-apart']);
  });

  it('above the patients’ are visits of each', async () => {
    for (const path of ['baseline/P01', 'M12/P01', 'baseline/P02', 'M6/P02', 'M12/P02']) nifti(`${path}.nii`);
    const { visits, codes } = await found();
    expect(visits).toEqual({
      P01: [
        [1, 0],
        [3, undefined],
      ],
      P02: [
        [1, 0],
        [2, undefined],
        [3, undefined],
      ],
    });
    expect(codes).toEqual(['several-visits', 'visit-missing', 'visit-undated']);
  });

  it('alone are those of the patient whose folder is loaded', async () => {
    nifti('2019-03-01/ct.nii');
    nifti('2019-03-31/ct.nii');
    const { visits, kept } = await found();
    expect(Object.values(visits)).toEqual([
      [
        [1, 0],
        [2, 30],
      ],
    ]);
    expect(JSON.parse(kept)[0].series[1].scanned).toEqual({ named: { kind: 'day', day: 30 }, place: 1, day: 30 });
  });

  it('that mean the same visit are said, and the best series is measured', async () => {
    nifti('P01/visit1/ct.nii');
    nifti('P01/Visit_01/ct.nii');
    nifti('P01/visit2/ct.nii');
    const { visits, codes } = await found();
    expect(visits.P01).toEqual([
      [1, 0],
      [2, undefined],
    ]);
    expect(codes).toEqual(['several-visits', 'visit-twice', 'visit-undated']);
  });
});

it('a manifest gives visits and days, and what it cannot mean is said', async () => {
  for (const name of ['a', 'b', 'c']) nifti(`${name}.nii`);
  writeFileSync(
    join(folder, 'list.csv'),
    'patient,visit,days,path\nP01,1,0,a.nii\nP01,2,365,b.nii\nP01,whenever,,c.nii\n',
  );
  const opened = await openPath(
    join(folder, 'list.csv'),
    { resolvePath: (path) => join(folder, path), servers: [] },
    unattended,
  );
  if (opened.kind !== 'cohort') throw new Error(`a ${opened.kind}`);
  const { patients, problems } = opened.cohort;
  expect(patients.map((patient) => usedSeries(patient).map(({ visit, days }) => [visit, days]))).toEqual([
    [
      [1, 0],
      [2, 365],
    ],
  ]);
  expect(problems.map(({ code }) => code)).toEqual(['manifest-row', 'several-visits', 'visit-unknown']);
});
