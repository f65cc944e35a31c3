/** `filter`, `derive`, `exclude` and `flow`, as a notebook runs them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FigureView, TableView } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const REGISTRY = 'patient,hrct,ild,score\nP1,yes,yes,1\nP2,yes,no,\nP3,no,no,3\nP4,yes,yes,0\nP5,yes,yes,2\n';
const MEASURED = `patient,series,region,class,volume_ml,percent
P1,s,total,normal,800,80
P1,s,total,reticulation,150,15
P1,s,total,honeycombing,50,5
P4,s,total,normal,900,90
P4,s,total,reticulation,100,10
`;

let notebook: TestSession;
beforeEach(async () => {
  notebook = startSession({ files: { 'registry.csv': REGISTRY, 'measured.csv': MEASURED } });
  await run('load "registry.csv" as registry');
  await run('load "measured.csv" as ai');
});

const run = (source: string) => notebook.shown(source);
const problemOf = async (source: string) => {
  const result = await notebook.run(source);
  return result.status === 'failed' ? result.problem : result;
};
const rowsOf = async (source: string) => ((await run(source)).at(-1) as TableView).rows;

describe('filter', () => {
  it('keeps rows, in columns that are called like verbs too', async () => {
    expect(await rowsOf('filter registry where score < 2')).toEqual([
      ['P1', 'yes', 'yes', 1],
      ['P4', 'yes', 'yes', 0],
    ]);
  });

  it('points at the expression that is wrong, and says when no row is left', async () => {
    expect(await problemOf('filter registry where scor < 2')).toEqual({
      code: 'unknown-column',
      message: 'There is no column `scor`: did you mean `score`?',
      span: { startLine: 0, startColumn: 22, endLine: 0, endColumn: 26 },
    });
    expect(await problemOf('filter registry where score > 9')).toMatchObject({ code: 'no-rows' });
  });

  it('keeps the pairs of an agreement beside its rows', async () => {
    notebook.put('reader.csv', 'patient,normal,reticulation\nP1,4,1\nP4,4,0\n');
    await run('load "reader.csv" as reader\nagree ai with reader for normal, reticulation as ag');
    await run('filter ag where class == "reticulation" as one');
    const value = notebook.value('one', 'agreement');
    expect(value.pairs.map((pairs) => pairs.class)).toEqual(['reticulation']);
    expect(value.table.array('class')).toEqual(['reticulation']);
  });
});

describe('derive', () => {
  it('computes a column, missing where a value is missing', async () => {
    const rows = await rowsOf('derive registry double = score * 2');
    expect(rows.map((row) => row.at(-1))).toEqual([2, null, 6, 0, 4]);
  });

  it('computes a class from classes, with its volume', async () => {
    expect(
      await rowsOf('derive ai fibrosis = reticulation + honeycombing as ai2\nfilter ai2 where class == "fibrosis"'),
    ).toEqual([
      ['P1', 's', 'total', 'fibrosis', 200, 20],
      ['P4', 's', 'total', 'fibrosis', null, null],
    ]);
  });

  it('refuses to compute classes from scores, and a class that is there', async () => {
    notebook.put('scores.csv', 'patient,region,class,score\nP1,total,ggo,1\n');
    await run('load "scores.csv" as scores');
    expect(await problemOf('derive scores x = ggo + ggo')).toMatchObject({ code: 'missing-columns' });
    expect(await problemOf('derive ai normal = reticulation * 2')).toMatchObject({ code: 'twice-defined' });
  });
});

describe('exclude and flow', () => {
  it('remember who was left out and why, down to the last table', async () => {
    await run('filter registry where hrct == "yes" because "no chest HRCT" as scanned');
    await run('filter scanned where ild == "yes" as included');
    await run('exclude "P5" from included because "left lung half segmented" as kept');
    const view = (await run('flow kept')).at(-1) as FigureView;
    expect(view.description).toBe(
      'registry: 5 patients. 1 left out: no chest HRCT; 4 remain. 1 left out: did not meet: ild is yes; 3 remain. 1 left out: left lung half segmented; 2 remain.',
    );
    const texts = (view.layout.annotations as { text: string }[]).map(({ text }) => text).filter(Boolean);
    expect(texts).toContain('<b>Patients analysed</b><br>n = 2');
    expect(texts).toContain('<b>Left out</b>, n = 1<br>left lung half segmented');
  });

  it('take rows away from tables alone that had the patient', async () => {
    expect(await rowsOf('exclude "P1" from ai because "motion" as rest\nfilter rest where percent >= 0')).toEqual([
      ['P4', 's', 'total', 'normal', 900, 90],
      ['P4', 's', 'total', 'reticulation', 100, 10],
    ]);
  });

  it('say what is wrong', async () => {
    expect(await problemOf('exclude "P11" from ai because "x"')).toMatchObject({
      code: 'unknown-patient',
      message: '`ai` has no patient "P11": did you mean `P1`?',
    });
    expect(await problemOf('exclude "P1", "P4" from ai because "x"')).toMatchObject({ code: 'nobody-left' });
    expect(await problemOf('exclude flagged from registry because "x"')).toMatchObject({ code: 'wrong-kind' });
  });
});

describe('a class of the user’s own', () => {
  beforeEach(async () => {
    notebook.put('reader.csv', 'patient,reticulation,fibrosis,fibrosis_RLL,age_total\nP1,0,1,2,71\nP4,1,0,1,64\n');
    await run('load "reader.csv" as reader\nderive ai fibrosis = reticulation + reticulation as ai2');
  });

  it('is compared where it is named', async () => {
    const rows = (await run('agree ai2 with reader for fibrosis')).at(-1) as TableView;
    expect(rows.rows[0]!.slice(0, 3)).toEqual(['total', 'fibrosis', 2]);
  });

  it('is passed over where it is not, and unknown where one side lacks it', async () => {
    expect(((await run('agree ai2 with reader for reticulation')).at(-1) as TableView).rows).toHaveLength(1);
    expect(await problemOf('agree ai with reader for fibrosis')).toMatchObject({
      code: 'unknown-class',
      message: '`ai` has no class `fibrosis`: known: normal, reticulation, honeycombing.',
    });
  });
});
