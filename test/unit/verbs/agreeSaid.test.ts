/** What `agree` and its neighbours say beside their figures. */
import { describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const PATIENTS = Array.from({ length: 12 }, (_, n) => `P${n + 1}`);
const table = (header: string, row: (n: number) => string) =>
  [header, ...PATIENTS.map((patient, n) => `${patient},${row(n)}`)].join('\n');
const FILES = {
  'a.csv': table('patient,sex,ggo', (n) => `${'fm'[n % 2]},${n % 3}`),
  'b.csv': table('patient,ggo', (n) => `${(n + (n === 4 ? 1 : 0)) % 3}`),
  'c.csv': table('patient,ggo', (n) => `${n % 4 === 0 ? 2 : n % 3}`),
  'shares.csv': table('patient,ggo_percent', (n) => `${0.05 * (n + 1)}`),
  'shares_tidy.csv': table('patient,class,percent', (n) => `ggo,${0.05 * (n + 1)}`),
  'percent.csv': table('patient,ggo_percent', (n) => `${5 * (n + 1)}`),
  'v1.csv': table('patient,fvc', (n) => `${2 + 0.1 * n}`),
  'v2.csv': table('patient,fvc', (n) => `${2.1 + 0.1 * n + (n % 2) / 50}`),
};

async function loaded(): Promise<TestSession> {
  const notebook = startSession({ files: FILES });
  await notebook.shown(
    Object.keys(FILES)
      .map((file) => `load "${file}" as ${file.replace('.csv', '')}`)
      .join('\n'),
  );
  return notebook;
}

const notesOf = async (notebook: TestSession, source: string) => (await notebook.last('table', source)).notes ?? [];

describe('classes that nobody has read', () => {
  it.each(['agree a with b', 'agree a with b, c', 'agree a with b by sex', 'agree a with b, c against each'])(
    'are told and not compared in %s',
    async (source) => {
      const notebook = await loaded();
      const rows = await notebook.rows(source);
      expect([...new Set(rows.map((row) => row.class))]).toEqual(['ggo']);
      expect(JSON.stringify(notebook.views)).toContain('No side has a reading of Normal, Consolidation');
    },
  );

  it('are compared where they are asked for', async () => {
    const rows = await (await loaded()).rows('agree a with b for ggo, emphysema');
    expect(rows.map((row) => [row.class, row.n, row.missing])).toEqual([
      ['ggo', 12, 0],
      ['emphysema', 0, 12],
    ]);
  });
});

describe('below a table of groups or of each reader', () => {
  it.each(['agree a with b by sex', 'agree a with b, c against each'])(
    'stand scale and intervals, and a warning where the scale seems shorter: %s',
    async (source) => {
      const notebook = await loaded();
      const notes = (await notesOf(notebook, source)).join('\n');
      expect(notes).toContain('Scale 0 to 4. PABAK and AC1 are on all 5 categories');
      expect(notes).toContain('nobody used 3 or 4 in Ground-glass opacity, whole lungs.');
      expect(notes).toContain('95 % intervals: ρ by');
      expect(JSON.stringify(notebook.views)).toContain('write `scale 0..2`');
    },
  );

  it('says of which group or reader a remark is', async () => {
    const notebook = await loaded();
    const notes = (await notesOf(notebook, 'filter a where patient != "P2" as a2\nagree a2 with a by sex')).join('\n');
    expect(notes).toContain('Ground-glass opacity, whole lungs, sex f; Ground-glass opacity, whole lungs, sex m: ');
    expect((await notesOf(notebook, 'agree a with a2, b against each')).join('\n')).toContain('whole lungs, a2: ');
  });
});

describe('what is advised works as it stands', () => {
  it.each(['shares', 'shares_tidy'])('for percentages that are shares of 1, in %s', async (name) => {
    const notebook = await loaded();
    await notebook.shown(`agree ${name} with percent for ggo`);
    const said = JSON.stringify(notebook.views);
    const [, advised] = /multiply them: `(derive [^`]+)`/.exec(said) ?? [];
    await notebook.shown(advised!);
    const rows = await notebook.rows(`agree ${name}_percent with percent for ggo`);
    expect([rows[0]!.n, Number(rows[0]!.rho).toFixed(6)]).toEqual([12, '1.000000']);
  });

  it('for a comparison of numbers that is to be summarised', async () => {
    const notebook = await loaded();
    await notebook.shown('agree v1 with v2 on fvc as volumes');
    expect(await notebook.problem('summarise volumes')).toContain('write `show volumes`, or `describe volumes`');
  });

  it('names no other name for one of a single letter', async () => {
    expect(await (await loaded()).problem('describe g')).not.toContain('did you mean');
  });
});

describe('regions of sides that were told apart otherwise', () => {
  const scored = (regions: readonly string[]) =>
    `patient,region,class,score\n${['A', 'B', 'C'].flatMap((patient, n) => regions.map((region, r) => `${patient},${region},ggo,${(n + r) % 3}`)).join('\n')}\n`;
  const lungs = ['total', 'right-lung', 'left-lung'];
  const lobes = ['total', 'RUL', 'RML', 'RLL', 'LUL', 'LLL'];
  const sides = () =>
    startSession({
      files: {
        'lungs.csv': scored(lungs),
        'lobes.csv': scored(lobes),
        'zoned.csv': scored([...lobes, 'carina']),
        'levels.csv': scored([...lungs, 'carina']),
      },
    });
  const LOAD = 'load "lungs.csv" as a\nload "lobes.csv" as b\nload "zoned.csv" as c\nload "levels.csv" as d\n';

  it('are refused where lungs stand beside lobes, rather than compared as empty rows', async () => {
    expect(await sides().problem(`${LOAD}agree a with b by region`)).toMatch(
      /`a` has right and left lung without lobes, and `b` has lobes.*Leave `by region` out/,
    );
    expect(await sides().rows(`${LOAD}agree a with b`)).toMatchObject([{ region: 'total', n: 3 }]);
  });

  it('are those in common', async () => {
    const rows = await sides().rows(`${LOAD}agree c with d by region`);
    expect(rows.map(({ region, n }) => [region, n])).toEqual([
      ['total', 3],
      ['carina', 3],
    ]);
  });

  it('are named where a figure is asked for one that is not compared', async () => {
    const message = await sides().problem(`${LOAD}agree a with d by region as ag\nplot ag as scatter for ggo in RUL`);
    expect(message).toContain('`ag` does not compare RUL. It compares total, right-lung and left-lung.');
  });
});
