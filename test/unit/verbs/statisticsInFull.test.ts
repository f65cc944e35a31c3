/** What long tables of statistics say of every value, whichever comparison they are of. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../../src/kernel/tables/rows.ts';
import { statisticsOf } from '../../../src/kernel/values/statistics.ts';
import { startSession } from '../../harness/session.ts';

const PATIENTS = Array.from({ length: 12 }, (_, n) => `P${n + 1}`);
/** A reading of patient `n` that differs between readers. */
const score = (n: number, reader: number) => Math.min(4, (n % 5) + ((n * reader) % 7 === 3 ? 1 : 0));
const volume = (n: number, reader: number) => 100 + 5 * n + 3 * ((n * (reader + 3)) % 11);

const scores = (reader: number) => ['patient,ggo', ...PATIENTS.map((p, n) => `${p},${score(n, reader)}`)].join('\n');
const volumes = (reader: number) => ['patient,fvc', ...PATIENTS.map((p, n) => `${p},${volume(n, reader)}`)].join('\n');
const visits = (reader: number) =>
  [
    'patient,visit,fvc',
    ...PATIENTS.flatMap((p, n) => [1, 2].map((visit) => `${p},${visit},${volume(n, reader) + visit}`)),
  ].join('\n');
const counts = [
  'patient,none,mild,severe',
  ...PATIENTS.map((p, n) => `${p},${[4 - (n % 3), n % 3, 0].join(',')}`),
  'P13,0,1,3',
].join('\n');

const COMPARISONS = {
  'two readings': 'agree s1 with s2 for ggo as found',
  'several readings': 'agree s1 with s2, s3 for ggo weights linear as found',
  'numbers of two sides': 'agree v1 with v2 on fvc as found',
  'repeated numbers': 'agree r1 with r2 on fvc as found',
  'numbers of three sides': 'agree v1 with v2, v3 on fvc as found',
  'counts per category': 'agree counts as found',
} as const;

describe('every statistic', () => {
  it.each(Object.entries(COMPARISONS))('of %s has its n, how its interval is made, and its test', async (_, source) => {
    const notebook = startSession({
      files: {
        ...Object.fromEntries(
          [1, 2, 3].flatMap((n) => [
            [`s${n}.csv`, scores(n)],
            [`v${n}.csv`, volumes(n)],
            [`r${n}.csv`, visits(n)],
          ]),
        ),
        'counts.csv': counts,
      },
    });
    const names = [1, 2, 3].flatMap((n) => [`s${n}`, `v${n}`, `r${n}`]);
    await notebook.shown([...names, 'counts'].map((name) => `load "${name}.csv" as ${name}`).join('\n'));
    await notebook.shown(source);
    const rows = statisticsIn(notebook);
    const filled = (column: string) => rows.filter((row) => row[column] !== undefined && row[column] !== null);
    expect(filled('value').length).toBeGreaterThan(8);
    const named = (found: typeof rows) => found.map(({ statistic }) => statistic);
    expect(named(filled('value').filter(({ n }) => !(Number(n) > 0)))).toEqual([]);
    expect(named(filled('ci_low').filter(({ interval }) => !interval))).toEqual([]);
    expect(named(filled('p').filter(({ test }) => !test))).toEqual([]);
    const withoutValue = ['exact', 'bootstrap'];
    const bare = filled('p').filter(
      (row) => !withoutValue.includes(String(row.test)) && typeof row.test_value !== 'number',
    );
    expect(named(bare)).toEqual([]);
  });
});

it('a value outside its bootstrap interval is said to be so', async () => {
  const readings = [10, 14, 18, 22, 3, 6, 12, 13, 20, 24, 4, 5, 9, 15, 19, 20, 2, 8];
  const notebook = startSession({
    files: {
      'pct.csv': ['patient,reader,class,percent']
        .concat(readings.map((percent, n) => `P${n % 6},${'abc'[Math.floor(n / 6)]},ggo,${percent}`))
        .join('\n'),
    },
  });
  await notebook.shown('load "pct.csv" as t\nagree t for ggo as found');
  const row = statisticsIn(notebook).find(({ statistic }) => statistic === 'Krippendorff’s α, ordinal')!;
  expect(Number(row.value)).toBeGreaterThan(Number(row.ci_high));
  expect(row.note).toContain('the value lies outside its interval');
});

function statisticsIn(notebook: ReturnType<typeof startSession>): Record<string, unknown>[] {
  try {
    return rowsOf(statisticsOf(notebook.value('found', 'agreement')));
  } catch {
    const { statistics, table } = notebook.value('found', 'table');
    return rowsOf(statistics!(table));
  }
}
