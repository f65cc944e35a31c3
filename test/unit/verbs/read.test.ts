/** `read`: what it prepares, what its file may be, and what is made of the answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReadingSession } from '../../../src/protocol/reading/scores.ts';
import { formatScores } from '../../../src/protocol/reading/scoresFile.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { caseRead, given } from '../reading/scores.ts';

const PATIENTS = ['P01', 'P02', 'P03', 'P04'];

async function withCohort(now?: () => number): Promise<TestSession> {
  const notebook = startSession(now ? { now } : {});
  for (const patient of PATIENTS) writeSeries(join(notebook.folder, 'cohort', patient), undefined, patient);
  await notebook.shown('load "cohort" as cohort');
  return notebook;
}

async function sessionOf({ session }: TestSession, name: string): Promise<ReadingSession> {
  const reply = await session.reading({ name });
  if ('problem' in reply) throw new Error(reply.problem);
  return reply.reading.session;
}

/** Puts the file as if a reader had read, and runs the cell again. */
async function filled(
  notebook: TestSession,
  source: string,
  answers: (one: ReadingSession['cases'][number]) => ReadingSession['read'][number],
): Promise<ReadingSession> {
  await notebook.shown(source);
  const session = await sessionOf(notebook, 'reader3');
  const read = { ...session, read: session.cases.map(answers) };
  notebook.put('reader3.scores.json', formatScores({ reader: 'reader3', sessions: [read] }));
  await notebook.shown(source);
  return read;
}

describe('a session that nobody has begun', () => {
  it('is a card without patients, and an empty table of a reader', async () => {
    const notebook = await withCohort();
    const view = await notebook.last('reading', 'read cohort as reader3 scale 0..4 by region repeats 2 seed 7');
    expect(view).toMatchObject({ name: 'reader3', cases: 6, done: 0, begun: false, fields: 36 });
    expect(JSON.stringify(view)).not.toMatch(/P0\d/);
    const { table, cutPoints } = notebook.value('reader3', 'table');
    expect(table.numRows()).toBe(0);
    expect(table.columnNames()).toEqual(
      expect.arrayContaining(['patient', 'region', 'class', 'score', 'session', 'repeat']),
    );
    expect(cutPoints).toEqual([1, 25, 50, 75]);
  });

  it('shows everybody once, two of them twice, in an order that is the reader’s own', async () => {
    const notebook = await withCohort();
    await notebook.shown('read cohort repeats 2 as reader3');
    const { cases } = await sessionOf(notebook, 'reader3');
    expect(
      cases
        .filter(({ repeat }) => repeat === 1)
        .map(({ patient }) => patient)
        .sort(),
    ).toEqual(PATIENTS);
    expect(cases.filter(({ repeat }) => repeat === 2)).toHaveLength(2);
    expect(cases.map((one) => one.case)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('asks for what the clauses say', async () => {
    const notebook = await withCohort();
    await notebook.shown(
      'read cohort for ggo, honeycombing by level scale percent ask pattern "UIP" "NSIP" "OP", ild yes-no, severity 1..3, confidence, comment as reader3',
    );
    const { form } = await sessionOf(notebook, 'reader3');
    expect(form).toEqual({
      regions: ['great-vessels', 'carina', 'pulmonary-veins', 'halfway', 'diaphragm'],
      classes: ['ggo', 'honeycombing'],
      scale: { kind: 'percent' },
      questions: [
        { name: 'pattern', answer: { kind: 'list', words: ['UIP', 'NSIP', 'OP'] } },
        { name: 'ild', answer: { kind: 'yes-no' } },
        { name: 'severity', answer: { kind: 'scale', low: 1, high: 3 } },
        { name: 'confidence', answer: { kind: 'scale', low: 1, high: 5 } },
        { name: 'comment', answer: { kind: 'text' } },
      ],
    });
  });

  it('shows slices of a case that say nothing of whose they are', async () => {
    const notebook = await withCohort();
    await notebook.shown('read cohort as reader3');
    const [first, second] = await Promise.all(
      [1, 2].map((place) => notebook.session.readingCase({ name: 'reader3', case: place, ai: false })),
    );
    if (!('view' in first!) || !('view' in second!)) throw new Error('no slices');
    expect(first.view.slices).toHaveLength(3);
    expect(JSON.stringify({ ...first.view, slices: [] })).not.toMatch(/P0\d|series-|Scanner|flags/);
    // The same CT here, and two cases all the same.
    expect(first.view.handle).not.toBe(second.view.handle);
    expect(await notebook.session.slice({ handle: first.view.handle, plane: 'axial', index: 0 })).toHaveProperty(
      'slice',
    );
  });
});

describe('what was read', () => {
  it('is a reader’s table, of which the first reading counts, and the repeat stands apart', async () => {
    const notebook = await withCohort();
    const source = 'read cohort for ggo by region repeats 4 as reader3';
    await filled(notebook, source, ({ case: place, patient, repeat }) =>
      caseRead(place, [given('RLL', 'ggo', 0), given('RLL', 'ggo', Number(patient.at(-1)) - (repeat === 2 ? 1 : 0))]),
    );
    const { table } = notebook.value('reader3', 'table');
    const scored = (table.objects() as Record<string, unknown>[]).map(({ patient, score, repeat }) => [
      patient,
      score,
      repeat,
    ]);
    expect(scored).toHaveLength(8);
    expect(scored).toEqual(
      expect.arrayContaining([
        ['P03', 3, 1],
        ['P03', 2, 2],
      ]),
    );
    notebook.put('other.csv', 'patient,region,class,score\nP01,RLL,ggo,1\nP02,RLL,ggo,2\nP03,RLL,ggo,3\nP04,RLL,ggo,4');
    await notebook.shown('load "other.csv" as other');
    const inRll = async (statement: string) => {
      const rows = await notebook.rows(statement);
      return rows.find(({ region }) => region === 'RLL');
    };
    expect(await inRll('agree reader3 with other by region for ggo')).toMatchObject({ n: 4, percent_agreement: 100 });
    await notebook.shown('filter reader3 where repeat == 2 as again');
    expect(await inRll('agree reader3 with again by region for ggo')).toMatchObject({ n: 4, percent_agreement: 0 });
  });

  it('is loaded from a file that came by mail', async () => {
    const notebook = await withCohort();
    const source = 'read cohort for ggo by region as reader3';
    await filled(notebook, source, ({ case: place }) => caseRead(place, [given('total', 'ggo', 2)]));
    notebook.put('from mail.json', readFileSync(join(notebook.folder, 'reader3.scores.json')));
    await notebook.shown('load "from mail.json" as mailed');
    const mailed = notebook.value('mailed', 'table');
    expect(mailed.table.objects()).toEqual(notebook.value('reader3', 'table').table.objects());
    expect(mailed.cutPoints).toEqual([1, 25, 50, 75]);
  });

  it('never holds calibration cases, whose right answers the room is told', async () => {
    const notebook = await withCohort();
    notebook.put('truth.csv', 'patient,region,class,percent\nP02,total,ggo,30\nP02,total,reticulation,0.5');
    await notebook.shown('load "truth.csv" as truth');
    const source = 'read cohort for ggo calibrate "P02" answers truth as reader3';
    const { cases } = await filled(notebook, source, ({ case: place }) => caseRead(place, [given('total', 'ggo', 1)]));
    expect(cases[0]).toMatchObject({ patient: 'P02', calibration: true });
    expect(cases.filter(({ patient }) => patient === 'P02')).toHaveLength(1);
    const { table } = notebook.value('reader3', 'table');
    expect(Array.from(table.array('patient'), String).sort()).toEqual(['P01', 'P03', 'P04']);
    const reply = await notebook.session.reading({ name: 'reader3' });
    expect(reply).toMatchObject({ reading: { truths: { 1: { 'total ggo': 2 } } } });
  });

  it('belongs to the first session until a filter asks for the second', async () => {
    const notebook = await withCohort(() => Date.parse('2026-12-11'));
    const first = await filled(notebook, 'read cohort for ggo as reader3', ({ case: place }) =>
      caseRead(place, [given('total', 'ggo', 1)]),
    );
    await notebook.shown('read cohort for ggo session 2 after 14 days as reader3', 'read cohort for ggo as reader3');
    const second = await sessionOf(notebook, 'reader3');
    expect(second.session).toBe(2);
    expect(second.cases.map(({ patient }) => patient).sort()).toEqual(PATIENTS);
    expect(second.cases).not.toEqual(first.cases);
    expect(await notebook.session.reading({ name: 'reader3' })).not.toHaveProperty('reading.blocked');
  });
});

describe('a session that cannot go on', () => {
  it('is told when it begins, where it is too early', async () => {
    const notebook = await withCohort(() => Date.parse('2026-12-10T23:00:00Z'));
    await filled(notebook, 'read cohort for ggo as reader3', ({ case: place }) => caseRead(place, []));
    const [view] = await notebook.shown(
      'read cohort for ggo session 2 after 14 days as reader3',
      'read cohort for ggo as reader3',
    );
    expect(view).toMatchObject({ type: 'reading', blocked: expect.stringContaining('2026-12-11') });
  });

  it('is refused where it was begun on another scale, and nothing is written over', async () => {
    const notebook = await withCohort();
    const source = 'read cohort for ggo as reader3';
    await filled(notebook, source, ({ case: place }) => caseRead(place, [given('total', 'ggo', 1)]));
    const before = readFileSync(join(notebook.folder, 'reader3.scores.json'), 'utf8');
    expect(await notebook.problem('read cohort for ggo scale 0..2 as reader3', source)).toMatch(
      /scores-file: .*another scale/,
    );
    expect(readFileSync(join(notebook.folder, 'reader3.scores.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['cut short', '{\n  "lungnb-scores": 1,\n  "rea'],
    ['another reader’s', formatScores({ reader: 'reader4', sessions: [] })],
    ['a foreign file', '{"patients": []}'],
  ])('is refused where its file is %s', async (_, text) => {
    const notebook = await withCohort();
    notebook.put('reader3.scores.json', text);
    expect(await notebook.problem('read cohort as reader3')).toMatch(/^scores-file: /);
  });

  it('keeps its file within the notebook’s folder', async () => {
    const notebook = await withCohort();
    expect(await notebook.problem('read cohort to "../elsewhere.json" as reader3')).toMatch(/^outside-folder: /);
    expect(await notebook.problem('read cohort to "other.lungnb" as reader3')).toMatch(/^bad-path: /);
  });

  it.each([
    ['read cohort', /missing-clause/],
    ['read cohort repeats 5 as reader3', /out-of-range/],
    ['read cohort cases 2..9 as reader3', /out-of-range.*4 patients/],
    ['read cohort calibrate "P01" as reader3', /missing-clause.*answers/],
    ['read cohort ask pattern as reader3', /missing-value.*ask pattern/],
    ['read cohort scale 0..2 at 1, 25, 50 as reader3', /cut-points/],
    ['read cohort for ggo ask ggo yes-no as reader3', /repeated-clause/],
    ['read cohort consensus cohort as reader3', /wrong-kind/],
  ])('is refused: %s', async (source, said) => {
    const notebook = await withCohort();
    expect(await notebook.problem(source)).toMatch(said);
  });
});

describe('a consensus', () => {
  it('shows what differs by more than a step, blinded to who said it, and makes one table of all', async () => {
    const notebook = await withCohort();
    const csv = (scores: readonly number[]) =>
      `patient,region,class,score\n${scores.map((score, n) => `P0${n + 1},total,ggo,${score}`).join('\n')}`;
    notebook.put('a.csv', csv([0, 1, 3, 2]));
    notebook.put('b.csv', csv([0, 2, 1, 4]));
    await notebook.shown('load "a.csv" as anna\nload "b.csv" as bert');
    const source = 'read cohort for ggo consensus anna, bert beyond 1 as reader3';
    await notebook.shown(source);
    const reply = await notebook.session.reading({ name: 'reader3' });
    if ('problem' in reply) throw new Error(reply.problem);
    const { said, session } = reply.reading;
    expect(session.cases.map(({ patient, asks }) => [patient, asks])).toEqual([
      ['P03', ['total ggo']],
      ['P04', ['total ggo']],
    ]);
    expect(said[1]?.['total ggo']?.map(({ by }) => by)).toEqual(['Reader A', 'Reader B']);
    expect(said[1]?.['total ggo']?.map(({ value }) => value).sort()).toEqual([1, 3]);
    await filled(notebook, source, ({ case: place }) =>
      place === 1 ? caseRead(1, [given('total', 'ggo', 3)]) : caseRead(2, []),
    );
    const rows = notebook.value('reader3', 'table').table.objects() as Record<string, unknown>[];
    expect(rows.map(({ patient, score, source: by, anna, bert }) => [patient, score, by, anna, bert])).toEqual([
      ['P01', 0, 'agreed', 0, 0],
      ['P02', 2, 'median', 1, 2],
      ['P03', 3, 'consensus', 3, 1],
      ['P04', undefined, 'open', 2, 4],
    ]);
  });
});
