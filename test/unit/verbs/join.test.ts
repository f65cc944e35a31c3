/** `join`: the columns of two tables in one, by patient. */
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const AI = [
  'patient,region,class,percent',
  ...['P01', 'P02', 'P03'].flatMap((patient, n) => [`${patient},total,ggo,${n + 1}`, `${patient},RLL,ggo,${n + 5}`]),
].join('\n');

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession({
    files: {
      'ai.csv': AI,
      'registry.csv': 'patient,age,class\nP01,60,III\nP03,70,II\nP04,50,I\n,40,I\n',
      'visits.csv': 'patient,visit,fvc\nP01,1,80\nP01,2,70\nP03,1,90\n',
      'months.csv': 'patient,visit,dlco\nP01,1,60\nP01,2,50\nP03,1,55\n',
      'spelled.csv': 'patient,sex\np1,f\np2,m\np3,f\n',
    },
  });
});

const load = 'load "ai.csv" as ai\nload "registry.csv" as registry\n';
const messages = () =>
  notebook.views.flatMap((view) => ('messages' in view ? view.messages.map(({ text }) => text) : []));

describe('join', () => {
  it('puts columns side by side, names who has no partner, and tells columns of one name apart', async () => {
    const rows = await notebook.rows(`${load}join ai with registry as both`);
    expect(rows.map((row) => [row.patient, row.region, row.class, row.percent, row.age, row.class_registry])).toEqual([
      ['P01', 'total', 'ggo', 1, 60, 'III'],
      ['P01', 'RLL', 'ggo', 5, 60, 'III'],
      ['P03', 'total', 'ggo', 3, 70, 'II'],
      ['P03', 'RLL', 'ggo', 7, 70, 'II'],
    ]);
    expect(messages()).toEqual([
      '2 rows of `ai` (1 patient: P02) have no partner in `registry` and are left out.',
      '1 row of `registry` (1 patient: P04) has no partner in `ai` and is left out.',
      '1 row of `registry` has no patient and is left out.',
      '`ai` has several rows for one of `registry`, which stands beside each of them: 4 rows in all.',
      'Both tables have `class`: that of `ai` keeps its name, that of `registry` is `class_registry`.',
    ]);
    expect(notebook.value('both', 'table').flow?.steps).toEqual([
      { reason: 'no partner in registry', excluded: ['P02'], name: 'both', remaining: 2 },
    ]);
  });

  it('gives the reason of those who were left out before', async () => {
    await notebook.shown(
      `${load}exclude "P03" from ai because "left lung half segmented" as kept\njoin kept with registry as both`,
    );
    expect(messages()).toContain('Left out of `kept` before ("left lung half segmented"): P03.');
    expect(messages()).toContain('1 row of `registry` (1 patient: P04) has no partner in `kept` and is left out.');
  });

  it('wants to know what belongs together where both sides have several rows', async () => {
    const tables = 'load "visits.csv" as visits\nload "months.csv" as months\n';
    await notebook.shown(tables);
    expect(await notebook.problem('join visits with months as both')).toBe(
      'many-to-many: Both `visits` and `months` have several rows of P01, so that every one of these would stand beside every other. Both also have `visit`: write for example `on patient, visit`, or `filter` one side first.',
    );
    const rows = await notebook.rows('join visits with months on patient, visit as both');
    expect(rows.map(({ patient, visit, fvc, dlco }) => [patient, visit, fvc, dlco])).toEqual([
      ['P01', 1, 80, 60],
      ['P01', 2, 70, 50],
      ['P03', 1, 90, 55],
    ]);
  });

  it('tells labels that are spelled otherwise, and matches their numbers where asked to', async () => {
    const tables = 'load "ai.csv" as ai\nload "spelled.csv" as spelled\n';
    await notebook.shown(tables);
    expect(await notebook.problem('join ai with spelled as both')).toMatch(
      /^no-common-patient: .*`spelled` has p1 for P01, p2 for P02, p3 for P03\. Labels must be equal to the letter, or `matching numbers` written\.$/,
    );
    const rows = await notebook.rows('join ai with spelled matching numbers as both');
    expect(rows.map(({ patient, sex }) => [patient, sex])).toEqual([
      ['P01', 'f'],
      ['P01', 'f'],
      ['P02', 'm'],
      ['P02', 'm'],
      ['P03', 'f'],
      ['P03', 'f'],
    ]);
  });

  it('says which table lacks a column', async () => {
    expect(await notebook.problem(`${load}join ai with registry on patient, visit as both`)).toMatch(
      /^unknown-column: `ai` has no column `visit`/,
    );
  });

  it('leaves a change what it is: summarised by the groups of another table, from either side, and drawn', async () => {
    const joined = async (statement: string) => {
      await notebook.shown(`${statement} matching numbers as both`, 'join');
      const { title, columns, rows } = await notebook.last('table', 'summarise both by sex');
      expect(title).toBe('Change of lung from visit 1 to 2 by sex');
      expect([columns[0]!.label, rows[0]![0]]).toEqual(['f (n 1)', '−10.00']);
      expect((await notebook.last('figure', 'plot both as waterfall')).description).toContain('n 1');
    };
    await notebook.shown(
      'load "visits.csv" as lung\nload "spelled.csv" as sexes\nchange lung on fvc from 1 to 2 as delta',
    );
    await joined('join delta with sexes');
    await joined('join sexes with delta');
  });

  it('takes from a change what it is where its rows stand several times', async () => {
    await notebook.shown(
      'load "visits.csv" as lung\nchange lung on fvc from 1 to 2 as delta\njoin delta with lung as twice',
    );
    expect(notebook.value('twice', 'table').summary).toBeUndefined();
  });
});
