/** `agree` as a notebook runs it: contingency tables, weights of one's own, pooled lobes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { createSession, type Session } from '../../../src/kernel/session/session.ts';
import type { TableView, ViewModel } from '../../../src/protocol/view.ts';

let folder: string;
let session: Session;
let views: ViewModel[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
  session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [], parameters: {} },
    { progress: () => {}, output: ({ view }) => views.push(view) },
  );
});
afterEach(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

const write = (name: string, rows: readonly (readonly unknown[])[]) =>
  writeFileSync(join(folder, name), rows.map((row) => row.join(',')).join('\n'));

async function rowsOf(source: string): Promise<Record<string, unknown>[]> {
  views = [];
  expect(await session.runCell({ cellId: source, source })).toEqual({ status: 'done' });
  const { columns, rows } = views.at(-1) as TableView;
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, n) => [name, row[n]])));
}
const problemOf = async (source: string) => (await session.runCell({ cellId: source, source })).problem;

/** Two readers of `patients`, whose lobes are all as ill as the patient. */
function writeReaders(patients: number): void {
  const random = createRandom('lobes');
  const lobes = ['RUL', 'RML', 'RLL', 'LUL', 'LLL'];
  const rows = Array.from({ length: patients }, (_, n) => {
    const score = Math.floor(random() * 5);
    const other = random.chance(0.6) ? score : Math.floor(random() * 5);
    return lobes.map((lobe) => ({ patient: `P${n}`, lobe, score, other }));
  }).flat();
  const table = (of: 'score' | 'other') => [
    ['patient', 'region', 'class', 'score'],
    ...rows.map((row) => [row.patient, row.lobe, 'ggo', row[of]]),
  ];
  write('left.csv', table('score'));
  write('right.csv', table('other'));
}

describe('agree of a contingency table', () => {
  it('gives the κ of its counts', async () => {
    // κ 0.4 by hand: 35 of 50 agree, 25 of 50 by chance.
    write('counts.csv', [
      ['left', 'right', 'count'],
      [0, 0, 20],
      [0, 1, 5],
      [1, 0, 10],
      [1, 1, 15],
    ]);
    const [row] = await rowsOf('load "counts.csv" as counts\nagree counts');
    expect(row).toMatchObject({ class: 'counts', n: 50, percent_agreement: 70 });
    expect(row!.kappa).toBeCloseTo(0.4, 12);
  });

  it('refuses what is no count', async () => {
    write('counts.csv', [
      ['left', 'right', 'count'],
      [0, 0, 20],
      [0, 1, 2.5],
    ]);
    expect(await problemOf('load "counts.csv" as counts\nagree counts')).toMatchObject({
      code: 'bad-count',
      message: 'Row 2 of `counts` has 2.5 as count; a whole number from 0 is needed.',
    });
  });
});

describe('agree with weights of one’s own', () => {
  const COUNTS = [
    ['left', 'right', 'count'],
    [0, 0, 20],
    [0, 1, 5],
    [0, 2, 1],
    [1, 1, 9],
    [2, 1, 4],
    [2, 2, 7],
  ];

  it('is κ with linear weights where the table holds them', async () => {
    write('counts.csv', COUNTS);
    write('costs.csv', [
      ['to', 'none', 'some', 'much'],
      ['none', 1, 0.5, 0],
      ['some', 0.5, 1, 0.5],
      ['much', 0, 0.5, 1],
    ]);
    await rowsOf('load "counts.csv" as counts');
    await rowsOf('load "costs.csv" as costs');
    const [own] = await rowsOf('agree counts weights table costs');
    const [linear] = await rowsOf('agree counts weights linear');
    expect(own).toEqual({ ...linear, weights: 'costs' });
  });

  it('refuses a table of another size', async () => {
    write('counts.csv', COUNTS);
    write('costs.csv', [
      ['none', 'some'],
      [1, 0.5],
      [0.5, 1],
    ]);
    await rowsOf('load "counts.csv" as counts');
    await rowsOf('load "costs.csv" as costs');
    expect(await problemOf('agree counts weights table costs')).toMatchObject({ code: 'weight-table-size' });
    expect(await problemOf('agree counts weights table')).toMatchObject({ code: 'weights' });
  });
});

describe('agree with pooled lobes', () => {
  it('is as precise as its patients are many, not its lobes', async () => {
    writeReaders(60);
    await rowsOf('load "left.csv" as left');
    await rowsOf('load "right.csv" as right');
    const [pooled] = await rowsOf('agree left with right for ggo pooling lobes as all');
    const lobes = await rowsOf('agree left with right for ggo by region');
    const one = lobes.find(({ region }) => region === 'RUL')!;
    expect(pooled).toMatchObject({ region: 'lobes', n: 300, missing: 0, kappa: one.kappa });
    const width = (row: Record<string, unknown>) => Number(row.kappa_ci_high) - Number(row.kappa_ci_low);
    expect(width(pooled!) / width(one)).toBeGreaterThan(0.85);
    expect(width(pooled!) / width(one)).toBeLessThan(1.15);
  });

  it('can be compared, lobe by lobe, by bootstrap over patients', async () => {
    writeReaders(40);
    await rowsOf('load "left.csv" as left');
    await rowsOf('load "right.csv" as right');
    await rowsOf('agree left with right for ggo pooling lobes as first');
    await rowsOf('agree right with left for ggo pooling lobes as second');
    const [difference] = await rowsOf('agree first with second ci bootstrap 200');
    expect(difference).toMatchObject({ region: 'lobes', n: 200, kappa_p: 1 });
    expect(difference!.kappa_difference).toBeCloseTo(0, 12);
  });
});
