/** Real DICOM of two dates, from `load` on through every verb: visits stay apart, and no date is kept. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { formatScores } from '../../../src/protocol/reading/scoresFile.ts';
import type { ViewModel } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { change, TAG, writeSeries } from '../ct/helpers.ts';

/** Soft tissue with a box of air that the fixture's network calls right upper lobe, `wide` voxels wide. */
function box(wide: number): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < 19; k++)
    for (let j = 10; j < 40; j++)
      hu.fill(-800, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 10 + wide);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

/** Of `wide` voxels. */
const boxMl = (wide: number) => (wide * 30 * 13 * 1.5 * 1.5 * 2) / 1000;

const SCANS = [
  { patient: 'P01', date: '20180301', wide: 40 },
  { patient: 'P01', date: '20190301', wide: 36 },
  { patient: 'P02', date: '20180405', wide: 38 },
  { patient: 'P02', date: '20190610', wide: 40 },
  { patient: 'P03', date: '20180501', wide: 40 },
] as const;

let notebook: TestSession;
let everything: ViewModel[];

beforeAll(async () => {
  const reader = SCANS.map(({ patient }, n) => `${patient},${n % 2 ? 'V2' : 1},${n % 3},${n}`);
  notebook = startSession({
    files: {
      'reader.csv': ['patient,visit,ggo,normal', ...reader].join('\n'),
      'blind.csv': 'patient,ggo\nP01,1\nP02,0\nP03,2\n',
      'fvc.csv': 'patient,visit,fvc\nP01,1,90\nP01,2,80\nP02,1,70\nP02,2,72\n',
    },
  });
  for (const [n, { patient, date, wide }] of SCANS.entries())
    for (const file of writeSeries(join(notebook.folder, 'cohort', patient, `scan${n}`), box(wide), patient))
      change(file, (tags) => {
        for (const tag of ['00080020', '00080022']) tags[tag] = { vr: 'DA', Value: [date] };
        tags['0020000D'] = { vr: 'UI', Value: [`1.2.3.${n}`] };
        tags[TAG.seriesUid] = { vr: 'UI', Value: [`1.2.3.${n}.1`] };
        tags['00080018'] = { vr: 'UI', Value: [`1.2.3.${n}.1.${(tags['00200013']?.Value ?? [])[0]}`] };
      });
  await notebook.shown(
    'load "cohort" as cohort\nload "reader.csv" as reader\nload "blind.csv" as blind\nload "fvc.csv" as lung\nquantify cohort with "tiny-textures" lobes "tiny-lobes" as ai',
  );
  everything = notebook.outputs.map(({ view }) => view);
}, 180_000);

const messages = () =>
  notebook.views.flatMap((view) => ('messages' in view ? view.messages.map(({ text }) => text) : [])).join('\n');

describe('a cohort of two dates', () => {
  it('has visit and days behind patient and series, in measurements and densities', () => {
    const { table, density, measured } = notebook.value('ai', 'measurements');
    expect(table.columnNames().slice(0, 5)).toEqual(['patient', 'series', 'visit', 'days', 'region']);
    expect(density.columnNames().slice(0, 5)).toEqual(['patient', 'series', 'visit', 'days', 'region']);
    expect(measured.map(({ patient, series: { visit, days } }) => [patient, visit, days])).toEqual([
      ['P01', 1, 0],
      ['P01', 2, 365],
      ['P02', 1, 0],
      ['P02', 2, 431],
      ['P03', 1, 0],
    ]);
    const kept = JSON.stringify([everything, measured]);
    for (const { date } of SCANS) expect(kept.includes(date)).toBe(false);
  });

  it('describes its visits', async () => {
    const rows = await notebook.rows('describe cohort');
    expect(rows.map(({ visit, days }) => [visit, days])).toEqual([
      [1, 0],
      [2, 365],
      [1, 0],
      [2, 431],
      [1, 0],
    ]);
  });

  it('says how the lungs’ volume changed, as it was drawn', async () => {
    const rows = await notebook.rows('change ai on volume_ml as delta\nfilter delta where region == "RUL"');
    const normal = rows.filter(({ patient }) => patient === 'P01');
    const sum = (column: string) => normal.reduce((total, row) => total + Number(row[column]), 0);
    expect(sum('difference') / (boxMl(36) - boxMl(40))).toBeCloseTo(1, 1);
    expect(new Set(rows.map(({ days }) => days))).toEqual(new Set([365, 431]));
  });

  it('summarises one visit and says so, or all by visit without a test', async () => {
    const view = await notebook.last('table', 'summarise ai');
    expect(view.title).toBe('Summary of ai: 3 patients');
    expect(messages()).toContain('`ai` holds the visits 1 and 2 of its patients: visit 1 alone is summarised.');
    const byVisit = await notebook.last('table', 'summarise ai by visit');
    expect(byVisit.columns.map(({ label }) => label).slice(1, 3)).toEqual(['1 (n 3)', '2 (n 2)']);
    expect(byVisit.rows.every((row) => row.at(-2) === null)).toBe(true);
    await notebook.last('figure', 'plot ai as box by visit');
    await notebook.last('figure', 'plot ai as stacked');
    expect(messages()).toContain('visit 1 alone is drawn');
    const patients = await notebook.rows('show ai as patients');
    expect(patients.map(({ patient }) => patient)).toContain('P01, visit 2');
  });

  it('pairs readings visit by visit, and refuses those that do not say which', async () => {
    await notebook.shown('agree ai with reader for normal as ag');
    const { pairs } = notebook.value('ag', 'agreement');
    expect(pairs[0]!.pairs.map(({ patient }) => patient)).toEqual([
      'P01, visit 1',
      'P01, visit 2',
      'P02, visit 1',
      'P02, visit 2',
      'P03, visit 1',
    ]);
    expect(messages()).toContain('intervals and p take the visits of a patient for independent');
    const groups = await notebook.rows('agree ai with reader by visit for normal as each');
    expect(groups.map(({ group, n }) => [group, n])).toEqual([
      ['1', 3],
      ['2', 2],
    ]);
    expect(await notebook.problem('agree ai with blind for ggo')).toMatch(
      /^several-visits: `ai` holds several visits of a patient, and `blind` does not say which it is of/,
    );
  });

  it('opens both visits behind a point that stands for what changed', async () => {
    const figure = await notebook.last('figure', 'change ai on volume_ml as grown\nplot grown as waterfall in RUL');
    const { handle } = figure.patients!;
    const reply = await notebook.session.patientSlices({
      handle: handle!,
      patient: 'P02',
      class: 'normal',
      region: 'RUL',
    });
    expect('view' in reply && [reply.view.title, reply.view.beside?.view.title]).toEqual([
      'P02, visit 1, series-1',
      'P02, visit 2, series-1-2',
    ]);
  });

  it('shows visits side by side, and leafs through all of them', async () => {
    const beside = await notebook.last('slices', 'show cohort "P01" visit 1, 2 overlay ai');
    expect([beside.title, beside.beside?.view.title]).toEqual(['P01, visit 1, series-1', 'P01, visit 2, series-1-2']);
    expect(beside.patient).toBe('P01');
    const one = await notebook.last('slices', 'show cohort "P01" visit 2');
    expect(one.title).toBe('P01, visit 2, series-1-2');
    expect(await notebook.problem('show cohort "P03" visit 2')).toMatch(
      /^unknown-visit: P03 has no visit 2: there is 1/,
    );
  });

  it('leaves out a visit, and the flow says so', async () => {
    await notebook.shown(
      'exclude "P01" visit 2 from cohort because "moved" as still\nexclude "P01" visit 2 from ai because "moved" as kept',
    );
    expect(notebook.value('still', 'cohort').cohort.patients[0]!.series).toHaveLength(1);
    expect(notebook.value('kept', 'measurements').measured).toHaveLength(4);
    const chart = await notebook.last('figure', 'flow kept');
    expect(chart.description).toBe('ai: 3 patients. 1 visit left out: moved; 3 remain.');
    await notebook.shown('agree kept with reader for normal as fewer_pairs');
    expect(notebook.value('fewer_pairs', 'agreement').pairs[0]!.missing).toBe(0);
    expect(await notebook.problem('exclude "P03" visit 2 from ai because "x"')).toMatch(/^unknown-visit/);
    await notebook.shown('exclude "P03" visit 1 from ai because "moved" as fewer');
    expect((await notebook.last('figure', 'flow fewer')).description).toContain(
      '1 visit, with 1 patient left out: moved; 2 remain',
    );
  });

  it('profiles each visit, and counts patients and not scans', async () => {
    const rows = await notebook.rows('profile ai by height for normal as depth');
    expect(new Set(rows.map(({ patient, visit, days }) => `${patient} ${visit} ${days}`))).toEqual(
      new Set(['P01 1 0', 'P01 2 365', 'P02 1 0', 'P02 2 431', 'P03 1 0']),
    );
    expect(await notebook.problem('change ai from 2 to 2 as still_there')).toMatch(/^idle-clause: .* same visit/);
    expect(await notebook.problem('trap ai with ai as trapped')).toMatch(
      /^nothing-compared: .*\n• P01: .*Both are the same CT/s,
    );
  });

  it('compares maps visit by visit, and names the visit that one side lacks', async () => {
    const rows = await notebook.rows(
      'exclude "P01" visit 2 from ai because "moved" as some\nagree ai with some on voxels as voxels',
    );
    expect(rows[0]).toMatchObject({ patient: 'P01', visit: 1, days: 0 });
    expect(messages()).toContain('`some` has nothing of P01, visit 2, left out here.');
  });

  it('takes no visit for missing of a patient who was left out before', async () => {
    await notebook.shown(
      'filter reader where patient == "P01" && visit == "1" as one\nagree reader with one for ggo as lone',
    );
    expect(notebook.value('lone', 'agreement').pairs[0]!.missing).toBe(1);
  });

  it('reads every visit as a case, which is compared with its own measurements', async () => {
    const source = 'read cohort for normal by region scale 0..4 as anna';
    const card = await notebook.last('reading', source);
    expect([card.cases, card.fields]).toEqual([5, 6]);
    const reply = await notebook.session.reading({ name: 'anna' });
    if (!('reading' in reply)) throw new Error('the session is prepared');
    const { session } = reply.reading;
    const read = session.cases.map(({ case: place, visit }) => ({
      case: place,
      isDone: true,
      visits: [{ on: '2026-11-20', seconds: 9 }],
      answers: [{ region: 'total', class: 'normal', value: visit!, ai: false, visit: 1, at: 3 }],
    }));
    notebook.put('anna.scores.json', formatScores({ reader: 'anna', sessions: [{ ...session, read }] }));
    await notebook.shown(source, notebook.outputs.at(-1)!.cellId);
    const rows = await notebook.rows('filter anna where visit == 2');
    expect(rows.map(({ patient, score }) => [patient, score]).sort()).toEqual([
      ['P01', 2],
      ['P02', 2],
    ]);
    await notebook.shown('agree ai with anna for normal as scored');
    expect(notebook.value('scored', 'agreement').pairs[0]).toMatchObject({ missing: 0 });
    const again = await notebook.last('reading', 'read cohort consensus anna, reader for normal beyond 0 as settled');
    expect(again.fields).toBe(1);
  });

  it('joins by patient and visit, and indices are of each visit', async () => {
    const rows = await notebook.rows('join ai with lung on patient, visit as both\nindex both with fvc as indices');
    expect(rows.map(({ patient, visit, days }) => [patient, visit, days])).toEqual([
      ['P01', 1, 0],
      ['P01', 2, 365],
      ['P02', 1, 0],
      ['P02', 2, 431],
    ]);
    const slopes = await notebook.rows('change both on fvc per year as slope');
    expect(Number(slopes.find(({ patient }) => patient === 'P01')!.difference)).toBeCloseTo((-10 / 365) * 365.2425, 6);
  });

  it('keeps what belongs to the rows of one visit alone', async () => {
    await notebook.shown('filter ai where visit == 2 as second');
    expect(notebook.value('second', 'measurements').measured.map(({ patient }) => patient)).toEqual(['P01', 'P02']);
  });
});
