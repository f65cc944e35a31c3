/** `agree … on COLUMN`: numbers in the same unit. Coefficients have their references; here is what is paired, refused and drawn. */
import { beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

const write = (name: string, rows: readonly (readonly unknown[])[]) =>
  notebook.put(name, rows.map((row) => row.join(',')).join('\n'));
const LOAD = 'load "left.csv" as a\nload "right.csv" as b\n';

/** Volumes of six patients; `right` is 2 more, and 1 % more. */
function writeVolumes(): void {
  const volumes = [120, 80, 310, 95, 200, 154];
  write('left.csv', [['patient', 'fvc'], ...volumes.map((value, n) => [`P${n}`, value])]);
  write('right.csv', [['patient', 'fvc'], ...volumes.map((value, n) => [`P${n}`, value * 1.01 + 2 + (n % 3)])]);
}

describe('agree on a column', () => {
  it('pairs patients, counts those that one side lacks, and has intervals of the level asked for', async () => {
    writeVolumes();
    write('right.csv', [
      ['patient', 'fvc'],
      ['P0', 121],
      ['P1', 84],
      ['P2', ''],
      ['P3', 95],
      ['P4', 207],
    ]);
    const [row] = await notebook.rows(`${LOAD}agree a with b on fvc as ag`);
    expect(row).toMatchObject({ region: 'total', n: 4, missing: 2, bias: -3 });
    const [narrow] = await notebook.rows('agree a with b on fvc level 80');
    expect(Number(narrow!.bias_ci_high)).toBeLessThan(Number(row!.bias_ci_high));
    const view = await notebook.last('table', 'agree a with b on fvc level 80');
    expect(view.notes[0]).toMatch(/^Intervals are 80 % confidence intervals/);
    expect(view.columns.find(({ name }) => name === 'bias_ci_low')!.description).toContain('80 %');
  });

  it('takes measurements of a region and class each, and densities', async () => {
    const table = (more: number) => [
      ['patient', 'region', 'class', 'volume_ml'],
      ...[0, 1, 2, 3].flatMap((n) =>
        ['total', 'RUL'].flatMap((region) =>
          ['ggo', 'normal'].map((name) => [`P${n}`, region, name, 100 * n + 10 + more * (n + 1)]),
        ),
      ),
    ];
    write('left.csv', table(0));
    write('right.csv', table(3));
    const rows = await notebook.rows(`${LOAD}agree a with b on volume_ml by region for ggo as ag`);
    expect(rows.slice(0, 2).map((row) => [row.region, row.class, row.n])).toEqual([
      ['total', 'ggo', 4],
      ['RUL', 'ggo', 4],
    ]);
    expect((await notebook.rows('agree a with b on volume_ml')).map((row) => row.class)).toEqual(['normal', 'ggo']);
    const { title, data } = await notebook.last('figure', 'plot ag as bland-altman in RUL');
    expect(title).toBe('Difference of a and b, RUL');
    expect(data[0]!.x).toHaveLength(4);
  });

  it('links repeated measurements by their number, and takes others as repeats of one value', async () => {
    const repeated = (side: number) =>
      [0, 1, 2, 3].flatMap((n) => [1, 2].map((k) => [`P${n}`, k, 50 + 10 * n + side * 2 + (k * (n + side)) / 2]));
    for (const [name, side] of [['left', 0] as const, ['right', 1] as const])
      write(`${name}.csv`, [['patient', 'visit', 'fvc'], ...repeated(side)]);
    const linked = await notebook.last('table', `${LOAD}agree a with b on fvc as pairs`);
    expect(linked.notes.join(' ')).toContain('several pairs of measurements');
    const { data } = await notebook.last('figure', 'plot pairs as bland-altman');
    expect(data[0]!.x).toHaveLength(8);
    for (const [name, side] of [['left', 0] as const, ['right', 1] as const])
      write(`${name}.csv`, [['patient', 'fvc'], ...repeated(side).map(([patient, , value]) => [patient, value])]);
    const unlinked = await notebook.last(
      'table',
      `${LOAD}agree a with b on fvc as repeats`
        .replaceAll(' as a\n', ' as c\n')
        .replaceAll(' as b\n', ' as d\n')
        .replace('agree a with b', 'agree c with d'),
    );
    expect(unlinked.notes.join(' ')).toContain('measured repeatedly');
    expect((await notebook.last('figure', 'plot repeats as bland-altman')).data[0]!.x).toHaveLength(4);
  });

  it('draws limits that follow the mean, and lines of regression', async () => {
    writeVolumes();
    await notebook.run(`${LOAD}agree a with b on fvc as ag`);
    const trend = await notebook.last('figure', 'plot ag as bland-altman scale trend');
    expect(trend.data.filter(({ mode }) => mode === 'lines')).toHaveLength(3);
    expect(trend.provenance!.parameters).toMatchObject({ on: 'fvc', measureLimits: 'trend' });
    const scatter = await notebook.last('figure', 'plot ag as scatter');
    expect(scatter.data.map(({ name }) => name)).toEqual([undefined, 'identity', 'Deming', 'Passing–Bablok']);
    const statistics = (await notebook.rows('describe ag')).map((row) => row.statistic);
    expect(statistics).toContain('tolerance interval of 95 % of differences');
    expect(statistics).toContain('Deming (error ratio 1), slope');
  });

  it('compares three sides by the intraclass correlation, and readers of one table with each other', async () => {
    write('left.csv', [
      ['patient', 'reader', 'rating'],
      ...[9, 6, 8, 7].flatMap((value, n) => [0, 1, 2].map((k) => [`P${n}`, `r${k}`, value + ((n + k) % 2)])),
    ]);
    const [row] = await notebook.rows('load "left.csv" as a\nagree a on rating as three');
    expect(row).toMatchObject({ n: 4, missing: 0 });
    const statistics = (await notebook.rows('describe three')).map((own) => own.statistic);
    expect(statistics.filter((name) => String(name).startsWith('ICC'))).toHaveLength(6);
    expect(statistics.filter((name) => String(name).startsWith('Pearson r'))).toHaveLength(3);
  });

  it.each([
    ['agree a with b on fcv', /^unknown-column: `a` has no column `fcv`\. Its columns of numbers are fvc\./],
    ['agree a with b on fvc for ggo', /^no-classes: None of `a`, `b` has a column `class`/],
    ['agree a with b on fvc by region', /^no-regions: `a` has no column `region`/],
    ['agree a with b on fvc weights linear', /^idle-clause: `weights` does nothing in `agree` on a column/],
    ['agree a with b on fvc ci bootstrap', /^idle-clause: `ci` does nothing in `agree` on a column/],
    ['agree a on fvc', /^too-few: `on fvc` compares two sides or more/],
  ])('refuses %s', async (source, problem) => {
    writeVolumes();
    await notebook.run(LOAD);
    expect(await notebook.problem(source)).toMatch(problem);
  });

  it('compares groups of patients, and says whether the bias differs between them', async () => {
    const sex = (n: number) => (n % 2 ? 'm' : 'f');
    write('left.csv', [['patient', 'fvc', 'sex'], ...[0, 1, 2, 3, 4, 5].map((n) => [`P${n}`, 100 + 9 * n, sex(n)])]);
    // Women by 1 to 3 less on the right, men by 11 to 13 more.
    const off = [1, -11, 2, -12, 3, -13];
    write('right.csv', [['patient', 'fvc'], ...off.map((less, n) => [`P${n}`, 100 + 9 * n - less])]);
    const rows = await notebook.rows(`${LOAD}agree a with b on fvc by sex as ag`);
    expect(rows.map(({ group, n, bias }) => [group, n, bias])).toEqual([
      ['f', 3, 2],
      ['m', 3, -12],
    ]);
    // Welch's t of two groups of three with a variance of 1: 14/√(2/3), 4 degrees of freedom.
    expect(Number(rows[0]!.bias_p_groups)).toBeCloseTo(6.7e-5, 5);
    expect(await notebook.problem('agree a with b on fvc by kernel')).toMatch(
      /^unknown-column: Neither `a` nor `b` has a column `kernel`/,
    );
  });

  it('refuses what is no number, and says where it stands', async () => {
    writeVolumes();
    write('left.csv', [
      ['patient', 'fvc'],
      ['P0', 'much'],
      ['P1', 3],
    ]);
    await notebook.run(LOAD);
    expect(await notebook.problem('agree a with b on fvc')).toMatch(
      /^not-a-number: "much" in row 1 of `a`, column fvc/,
    );
  });
});
