/** `agree … between`, `… against` true values, and `over`: what reading sessions are evaluated by. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatScores } from '../../../src/protocol/reading/scoresFile.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { caseRead, given, planned, sessionOf } from '../reading/scores.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

const reference = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../reference/${name}.json`, import.meta.url), 'utf8'));

type Cell = string | number | boolean | null;
function write(name: string, header: string, rows: readonly (readonly Cell[])[]): void {
  const lines = rows.map((row) => row.map((cell) => cell ?? '').join(','));
  notebook.put(`${name}.csv`, [header, ...lines].join('\n'));
}
const load = (...names: string[]) =>
  notebook.shown(names.map((name) => `load "${name}.csv" as ${name}`).join('\n'), 'load');

/** Six cases of ggo in RLL; the last three are cases 1 to 3 again, each a category higher or the same. */
const FIRST = [0, 1, 2, 3, 4, 1];
const AGAIN = [0, 2, 2];
async function loadSession(name = 'reader3'): Promise<void> {
  const cases = [
    ...FIRST.map((_, n) => planned(n + 1, `P0${n + 1}`)),
    ...AGAIN.map((_, n) => planned(n + 7, `P0${n + 1}`, { repeat: 2 })),
  ];
  const read = [...FIRST, ...AGAIN].map((score, n) =>
    caseRead(n + 1, [given('RLL', 'ggo', score)], { visits: [{ on: '2026-11-27', seconds: 90 - 10 * n }] }),
  );
  const session = sessionOf({ repeats: 3, cases, read });
  notebook.put(`${name}.scores.json`, formatScores({ reader: name, sessions: [session] }));
  await notebook.shown(`load "${name}.scores.json" as ${name}`);
}

describe('a reader with himself', () => {
  it('is compared in the cases that were shown twice, and nobody else is missing', async () => {
    await loadSession();
    const rows = await notebook.rows('agree reader3 between repeat by region for ggo as intra');
    expect(rows.find(({ region }) => region === 'RLL')).toMatchObject({ n: 3, missing: 0 });
    const { pairs, names } = notebook.value('intra', 'agreement');
    expect(names).toEqual({ left: 'reader3 (first reading)', right: 'reader3 (second reading)' });
    const rll = pairs.find(({ region }) => region === 'RLL')!;
    expect(rll.pairs.map(({ patient, left, right }) => [patient, left, right])).toEqual([
      ['P01', 0, 0],
      ['P02', 1, 2],
      ['P03', 2, 2],
    ]);
  });

  it('is a row for each of several readers', async () => {
    for (const [name, shift] of [
      ['reader1', 0],
      ['reader2', 1],
    ] as const)
      write(name, 'patient,class,score,session', [
        ...[0, 1, 2, 3].map((score, n) => [`P${n}`, 'ggo', score, 1]),
        ...[0, 1, 2, 3].map((score, n) => [`P${n}`, 'ggo', Math.min(4, score + shift), 2]),
      ]);
    await load('reader1', 'reader2');
    const rows = await notebook.rows('agree reader1 with reader2 between session for ggo as intra');
    expect(rows).toMatchObject([
      { reader: 'reader1', n: 4, kappa: 1 },
      { reader: 'reader2', n: 4, percent_agreement: 0 },
    ]);
  });

  it('says what is wrong where no two conditions can be told', async () => {
    write('reader1', 'patient,class,score,session', [
      ['P1', 'ggo', 1, 1],
      ['P1', 'ggo', 1, 2],
      ['P1', 'ggo', 1, 3],
    ]);
    write('truth', 'patient,class,score', [['P1', 'ggo', 1]]);
    await load('reader1', 'truth');
    expect(await notebook.problem('agree reader1 between ai')).toContain('no column `ai`');
    expect(await notebook.problem('agree reader1 between session')).toMatch(/1, 2, 3.*session != 3/);
    expect(await notebook.problem('agree reader1 between session against majority')).toContain('true values');
    expect(await notebook.problem('agree reader1 with truth against truth')).toContain('`between ai`');
    expect(await notebook.problem('agree reader1 between session against truth ci bootstrap 200')).toContain(
      'by jackknife',
    );
  });

  it('is compared with other readers by their files of scores', async () => {
    await loadSession('reader1');
    await loadSession('reader2');
    await loadSession('reader3');
    const rows = await notebook.rows('agree reader1 with reader2, reader3 by region for ggo as all');
    expect(rows.find(({ region }) => region === 'RLL')).toMatchObject({ n: 6, fleiss_kappa: 1 });
  });
});

describe('readers without and with AI', () => {
  it('have the areas under the curve of Van Dyke’s study as OR-DBM MRMC prints them', async () => {
    const { normal, diseased } = reference('vanDyke');
    const names = [1, 2, 3, 4, 5].map((n) => `reader${n}`);
    for (const [n, name] of names.entries()) {
      const pairs = [...normal[n].split(' '), ...diseased[n].split(' ')];
      write(
        name,
        'patient,class,score,ai',
        pairs.flatMap((pair: string, place) => [0, 1].map((i) => [`P${place}`, 'ggo', Number(pair[i]), i === 1])),
      );
    }
    write(
      'truth',
      'patient,class,score',
      Array.from({ length: 114 }, (_, n) => [`P${n}`, 'ggo', n < 69 ? 1 : 2]),
    );
    await load(...names, 'truth');
    const said =
      'agree reader1 with reader2, reader3, reader4, reader5 between ai against truth for ggo scale 1..5 as mrmc';
    const [row, ...others] = await notebook.rows(said);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ statistic: 'AUC', readers: 5, n: 114, missing: 0 });
    for (const [name, value] of [
      ['first', 0.89703704],
      ['first_ci_low', 0.8252236],
      ['second_ci_high', 0.98753689],
      ['difference', 0.0438],
      ['difference_ci_low', -0.00036],
      ['p', 0.0517],
    ] as const)
      expect(row![name]).toBeCloseTo(value, 4);
    expect(row!.df).toBeCloseTo(15.26, 2);
    const all = await notebook.rows('describe mrmc');
    const fixed = all.find(({ statistic }) => statistic === 'Difference in AUC, readers fixed');
    expect(fixed!.p).toBeCloseTo(0.0193, 4);
    expect(all.find(({ statistic }) => statistic === 'Difference in AUC of reader5')!.p).toBeCloseTo(0.023, 4);
    const figure = await notebook.last('figure', 'plot mrmc as readers');
    // A line for each reader, and the mean.
    expect(figure.data).toHaveLength(6);
    expect(figure.data[0]).toMatchObject({ x: ['without AI', 'with AI'], name: 'reader1' });
  });

  it('have κ and ρ as base R has them, and what they lack is counted', async () => {
    const set = reference('multireader').sets[1];
    const names = ['reader1', 'reader2', 'reader3'];
    for (const [n, name] of names.entries())
      write(
        name,
        'patient,class,score,ai',
        set.readings[n].flatMap((scores: (number | null)[], i: number) =>
          scores.map((score, place) => [`P${place}`, 'ggo', score, i === 1]),
        ),
      );
    write(
      'truth',
      'patient,class,score',
      set.truth.map((score: number, n: number) => [`P${n}`, 'ggo', score]),
    );
    await load(...names, 'truth');
    const [rho, kappa] = await notebook.rows(
      'agree reader1 with reader2, reader3 between ai against truth for ggo weights quadratic as mrmc',
    );
    const lacking = set.readings.flatMap(([own]: (number | null)[][]) => own!.filter((score) => score === null)).length;
    for (const [row, expected] of [
      [rho, set.rho.both],
      [kappa, set.kappa.both],
    ] as const) {
      expect(row).toMatchObject({ readers: 3, n: 40, missing: lacking });
      const found = [row!.difference, row!.p, row!.difference_ci_low, row!.difference_ci_high, row!.df];
      for (const [n, place] of [0, 2, 3, 4, 5].entries()) expect(found[n]).toBeCloseTo(expected[place], 6);
    }
  });

  it('weigh a yes or a no by the confidence in it', async () => {
    const answers = [1, 1, 0, 1, 0, 0, 1, 0];
    const sure = [5, 2, 1, 5, 4, 5, 1, 3];
    const truths = [1, 1, 1, 1, 0, 0, 0, 0];
    for (const name of ['reader1', 'reader2'])
      write(
        name,
        'patient,class,score,ai',
        [false, true].flatMap((ai) =>
          answers.flatMap((answer, n) => [
            [`P${n}`, 'ild', ai && n === 2 ? 1 : answer, ai],
            [`P${n}`, 'confidence', sure[n]!, ai],
          ]),
        ),
      );
    write(
      'truth',
      'patient,class,score',
      truths.map((score, n) => [`P${n}`, 'ild', score]),
    );
    await load('reader1', 'reader2', 'truth');
    const rows = await notebook.rows('agree reader1 with reader2 between ai against truth for ild scale 0..1 as mrmc');
    // −1 (no, hardly sure) is below 1 (yes, hardly sure) alone; with AI both are 1.
    expect(rows.map(({ statistic, first, second }) => [statistic, first, second])).toEqual([
      ['AUC', 15 / 16, 15.5 / 16],
      ['κ', 0.5, 0.75],
    ]);
  });

  it('are compared of one reader for cases alone', async () => {
    write(
      'reader1',
      'patient,class,score,session',
      [1, 2].flatMap((session) =>
        [0, 1, 2, 3, 4, 0, 1, 2].map((score, n) => [`P${n}`, 'ggo', session === 1 && n % 3 === 0 ? 2 : score, session]),
      ),
    );
    write(
      'truth',
      'patient,class,score',
      [0, 1, 2, 3, 4, 0, 1, 1].map((score, n) => [`P${n}`, 'ggo', score]),
    );
    await load('reader1', 'truth');
    const view = await notebook.last('table', 'agree reader1 between session against truth for ggo as single');
    expect(view.notes.join(' ')).toContain('Nothing is said of other readers');
    const [row] = await notebook.rows('agree reader1 between session against truth for ggo as single');
    expect(row!.p).toBeGreaterThan(0);
    expect(row!.df).toBeNull();
  });

  it('are left out by name where they have read under one condition alone', async () => {
    const scores = [0, 1, 2, 3, 4, 0, 1, 2];
    const rows = (name: string, conditions: readonly boolean[]) =>
      write(
        name,
        'patient,class,score,ai',
        conditions.flatMap((ai) => scores.map((score, n) => [`P${n}`, 'ggo', ai || n > 3 ? score : 2, ai])),
      );
    rows('reader1', [false, true]);
    rows('reader2', [false]);
    write(
      'truth',
      'patient,class,score',
      [0, 1, 2, 3, 4, 0, 1, 1].map((score, n) => [`P${n}`, 'ggo', score]),
    );
    await load('reader1', 'reader2', 'truth');
    const view = await notebook.last('table', 'agree reader1 with reader2 between ai against truth for ggo as one');
    expect(view.notes.join(' ')).toContain('no case under both conditions: reader2');
    expect(view.rows).toHaveLength(2);
  });
});

describe('a reader in the order of reading', () => {
  it('is followed in time, and in the difference to another reading', async () => {
    await loadSession();
    write(
      'ai',
      'patient,region,class,score',
      [1, 1, 2, 2, 2, 0].map((score, n) => [`P0${n + 1}`, 'RLL', 'ggo', score]),
    );
    await load('ai');
    expect(await notebook.rows('agree reader3 over case as time')).toMatchObject([
      { measure: 'seconds', n: 9, whole: 50, first_half: 75, second_half: 25, rho: -1 },
    ]);
    const rows = await notebook.rows('agree reader3 with ai over case by region for ggo as drift');
    // −1, 0, 0, 1, 2, 1 and, of the cases shown again, −1, 1, 0.
    expect(rows[1]).toMatchObject({ measure: 'difference', region: 'RLL', n: 9, first_half: 0, second_half: 0.25 });
    const figure = await notebook.last('figure', 'plot drift as drift in RLL');
    expect(figure.data[3]).toMatchObject({ y: [-1, 0, 0, 1, 2, 1, -1, 1, 0] });
    expect(await notebook.problem('agree reader3 over place')).toContain('no column `place`');
  });
});
