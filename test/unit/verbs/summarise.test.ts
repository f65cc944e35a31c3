/** `summarise` of patients: a study's Table 1. */
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const ROWS = [
  'patient,age,extent,sex,fvc,note,died,seen,hospital',
  'P1,50,0.1,f,80,fine,yes,2020-01-01,Bern',
  'P2,60,0.2,m,,fine,no,2020-01-02,Bern',
  'P3,70,0.1,f,90,n/a,no,2020-01-03,Bern',
  'P4,55,0.3,m,100,odd,yes,2020-01-04,Bern',
  'P5,65,0.2,f,broken,fine,no,2020-01-05,Bern',
  'P6,58,40,,85,fine,no,2020-01-06,Bern',
];

let notebook: TestSession;
beforeEach(async () => {
  notebook = startSession({
    files: { 'registry.csv': ROWS.join('\n'), 'visits.csv': 'patient,visit,fvc\nP1,1,80\nP1,2,70\nP2,1,90\n' },
  });
  await notebook.shown('load "registry.csv" as registry\nload "visits.csv" as visits');
});
const messages = () =>
  notebook.views.flatMap((view) => ('messages' in view ? view.messages.map(({ text }) => text) : []));

describe('summarise of patients', () => {
  it('has numbers by their shape, categories as n (%), and what is missing', async () => {
    const { title, rows, notes } = await notebook.last('table', 'summarise registry for age, extent, sex, fvc, died');
    expect(title).toBe('Summary of registry: 6 patients');
    expect(rows).toEqual([
      ['age, mean ± SD', '59.7 ± 7.1'],
      ['extent, median [IQR]', '0.20 [0.13; 0.28]'],
      ['sex, n (%)', null],
      ['\u2003f', '3 (60.0)'],
      ['\u2003m', '2 (40.0)'],
      ['\u2003missing', '1'],
      ['fvc, mean ± SD', '88.8 ± 8.5'],
      ['\u2003missing', '2'],
      ['died, n (%)', '2 (33.3)'],
    ]);
    expect(notes[0]).toMatch(
      /^By their shape: mean ± standard deviation of age and fvc; median .* of extent, whose skewness/,
    );
    expect(messages()).toEqual([
      '1 cell of `fvc` in `registry` is no number and counts as missing: "broken" of P5. Write a number, or leave the cell empty.',
    ]);
  });

  it('takes medians or means of all where told so', async () => {
    const median = await notebook.last('table', 'summarise registry for age numbers median');
    expect(median.rows).toEqual([['age, median [IQR]', '59.0 [55.8; 63.8]']]);
    const mean = await notebook.last('table', 'summarise registry for extent numbers mean');
    expect(mean.rows[0]![0]).toBe('extent, mean ± SD');
  });

  it('shows groups side by side, with tests and differences where asked for', async () => {
    const view = await notebook.last(
      'table',
      'summarise registry by died for age, sex with tests, differences as table1',
    );
    expect(view.columns.map(({ label }) => label)).toEqual([
      'Characteristic',
      'All (n 6)',
      'no (n 4)',
      'yes (n 2)',
      'SMD',
      'p',
      'p (Holm)',
    ]);
    // Shown again it is the same table, and not its columns as `export` writes them.
    expect(await notebook.last('table', 'show table1')).toEqual(view);
    const [age] = await notebook.rows('show table1');
    expect(age!.smd).toBeCloseTo(10.75 / Math.sqrt((86.75 / 3 + 12.5) / 2), 9);
    expect(await notebook.problem('summarise registry with tests')).toMatch(
      /^missing-clause: `with tests` compares groups/,
    );
  });

  it('leaves out dates and free text, and says so', async () => {
    const { rows } = await notebook.last('table', 'summarise registry');
    expect(rows.map(([label]) => label).join()).not.toContain('seen');
    expect(messages()).toContain('Not summarised: `seen` (dates).');
  });

  it('says where patients have several rows', async () => {
    const { title } = await notebook.last('table', 'summarise visits');
    expect(title).toBe('Summary of visits: 3 rows');
    expect(messages()).toEqual([
      'Patients of `visits` have several rows, each of which counts: 3 rows of 2 patients. Take the rows of one visit first by `filter`.',
    ]);
  });
});

describe('summarise of a reader', () => {
  beforeEach(async () => {
    const rows = ['P1,RLL,ggo,1,1', 'P1,RLL,ggo,2,2', 'P2,RLL,ggo,0,1', 'P2,RLL,ggo,0,2'];
    notebook.put('reader3.csv', ['patient,region,class,score,repeat', ...rows].join('\n'));
    notebook.put('both.csv', 'patient,region,class,score,reader\nP1,RLL,ggo,1,ann\nP1,RLL,ggo,2,bob\n');
    await notebook.shown('load "reader3.csv" as reader3\nload "both.csv" as both');
  });

  it('by what tells readings apart says how they are compared, and how one is taken, and both do', async () => {
    expect(await notebook.problem('summarise reader3 by repeat')).toMatch(
      /^changing-group: .*`agree reader3 between repeat` compares them, and `filter reader3 where repeat == 1` takes one of them\.$/,
    );
    expect(await notebook.problem('plot both as box by reader')).toContain(
      '`agree both` compares the readers, and `filter both where reader == "ann"` takes one of them.',
    );
    await notebook.shown('agree reader3 between repeat by region for ggo as intra');
    expect(await notebook.rows('filter both where reader == "ann" as one')).toHaveLength(1);
  });

  it('says that scores are no percentages, and what shows them', async () => {
    expect(await notebook.problem('summarise reader3')).toContain('It holds scores, and percentages are wanted here');
  });
});
