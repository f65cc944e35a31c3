/** `plot`, and `summarise` of an agreement, as a notebook makes them from the simulated study. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const STUDY = join(import.meta.dirname, '../../../samples/study');
let notebook: TestSession;

async function problemOf(source: string) {
  const result = await notebook.run(source);
  return result.status === 'failed' ? result.problem : result;
}
const figureOf = (source: string) => notebook.last('figure', source);
const agreementRows = () =>
  notebook.value('ag', 'agreement').table.objects() as {
    n: number;
    region: string;
    class: string;
    kappa: number;
    kappa_ci_high: number;
    rho: number;
  }[];

beforeAll(async () => {
  const tables = ['measurements.csv', 'reader1.csv', 'rescan.csv'];
  notebook = startSession({
    files: Object.fromEntries(tables.map((name) => [name, readFileSync(join(STUDY, name), 'utf8')])),
  });
  await notebook.run(
    'load "measurements.csv" as ai\nload "reader1.csv" as reader\nagree ai with reader by region as ag',
  );
});

describe('plot of an agreement', () => {
  it('draws κ and ρ of every class and region with their intervals as a forest', async () => {
    const { data, layout, sizes } = await figureOf('plot ag as forest for ggo, emphysema');
    const rows = agreementRows().filter((row) => row.class === 'ggo' || row.class === 'emphysema');
    expect(data.map((trace) => trace.x)).toEqual([rows.map((row) => row.kappa), rows.map((row) => row.rho)]);
    expect((data[0]!.error_x as { array: number[] }).array).toEqual(rows.map((row) => row.kappa_ci_high - row.kappa));
    expect(data[0]!.y).toHaveLength(12);
    expect(sizes).toEqual(rows.map((row) => row.n));
    expect(layout.height).toBeGreaterThan(12 * 20);
  });

  it('draws a map of classes and regions, empty where a coefficient is undefined or was not asked for', async () => {
    const { data, sizes } = await figureOf('plot ag as heatmap');
    expect(sizes).toEqual(agreementRows().map((row) => row.n));
    const kappas = agreementRows().filter((row) => row.class === 'normal');
    expect((data[0]!.z as number[][])[0]).toEqual(kappas.map((row) => row.kappa));
    expect(data[1]!.x).toEqual(['Whole<br>lungs', 'RUL', 'RML', 'RLL', 'LUL', 'LLL']);
  });

  it('draws a point per patient, and a box of percentages for each score', async () => {
    const { data } = await figureOf('plot ag as scatter for ggo, reticulation in RLL');
    expect(data.map((trace) => [trace.type, trace.xaxis])).toEqual([
      ['box', 'x'],
      ['scatter', 'x'],
      ['box', 'x2'],
      ['scatter', 'x2'],
    ]);
    expect(data[0]!.orientation).toBe('h');
    expect(data[1]!.x).toHaveLength(106);
  });

  it('counts the patients in each pair of categories', async () => {
    const { data } = await figureOf('plot ag as confusion for ggo');
    const counts = (data[0]!.text as string[][]).flat().map((text) => Number.parseInt(text, 10));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(106);
    for (const row of data[0]!.z as number[][]) expect([0, 100]).toContain(Math.round(row.reduce((a, b) => a + b, 0)));
  });

  it('draws κ by every weight and the share of equal scores as a cut moves', async () => {
    const { data, layout, description } = await figureOf('plot ag as kappa-curve for ggo cut 1');
    expect(data.map((trace) => trace.name)).toEqual([
      'κ',
      'κ, linear weights',
      'κ, quadratic weights',
      'share in the same category',
    ]);
    const [kappa] = agreementRows().filter((row) => row.class === 'ggo' && row.region === 'total');
    const chosen = (data[0]!.x as number[]).indexOf(1);
    expect((data[0]!.y as number[])[chosen]).toBeCloseTo(kappa!.kappa, 12);
    expect((layout.shapes as { x0: number }[])[0]!.x0).toBe(1);
    expect(description).toMatch(/^ground-glass opacity: κ 0\.67 at 1 %, 0\.\d\d to 0\.\d\d between 0 and 25 %$/);
  });

  it('draws differences with their limits and trend, or ratios on a logarithmic axis', async () => {
    await notebook.run('load "rescan.csv" as rescan\nagree ai with rescan for ggo as repeated');
    const differences = await figureOf('plot repeated as bland-altman');
    expect(differences.data.map((trace) => trace.mode)).toEqual(['markers', 'lines']);
    expect(differences.layout.yaxis).toMatchObject({ title: { text: 'ai − rescan (% points)', standoff: 10 } });
    expect(differences.description).toMatch(/bias 0\.02, limits −1\.47 to 1\.51, n 20, slope 0\.01, p 0\.417\.$/);
    const ratios = await figureOf('plot repeated as bland-altman scale ratio');
    expect(ratios.layout.yaxis).toMatchObject({ title: { text: 'ai / rescan', standoff: 10 }, type: 'log' });
    expect(ratios.description).toContain('bias 0.99, limits 0.89 to 1.10, n 20');
  });

  it('names the unit of scores as scores, and of percentages as percentages though all of them are whole', async () => {
    const rows = (values: readonly number[], column: string) =>
      [`patient,class,${column}`, ...values.map((value, n) => `P${n},ggo,${value}`)].join('\n');
    notebook.put('whole.csv', rows([0, 0, 0, 0], 'percent'));
    notebook.put('scores.csv', rows([0, 1, 0, 2], 'score'));
    const load = 'load "whole.csv" as whole_percents\nload "scores.csv" as scores';
    await notebook.run(`${load}\nagree whole_percents with scores for ggo as units`);
    const { layout } = await figureOf('plot units as scatter');
    expect(layout.xaxis).toMatchObject({ title: { text: 'whole_percents (%)' } });
    expect(layout.yaxis).toMatchObject({ title: { text: 'scores (score)' } });
    await notebook.run('agree whole_percents with whole_percents for ggo as constant');
    const curve = await figureOf('plot constant as kappa-curve');
    expect(curve.description).toBe('ground-glass opacity: κ none at 1 %, none at every cut between 0 and 25 %');
    await notebook.run('agree scores with scores for ggo as both');
    const bland = await figureOf('plot both as bland-altman');
    expect(bland.layout.xaxis).toMatchObject({ title: { text: 'Mean of both (score)' } });
  });

  it('maps pooled lobes as one region', async () => {
    await notebook.run('agree ai with reader for ggo pooling lobes as pooled');
    const { data } = await figureOf('plot pooled as heatmap');
    expect(data[0]!.x).toEqual(['Lobes<br>pooled']);
    expect((data[0]!.z as number[][])[0]![0]).toBeGreaterThan(0.5);
  });

  it('draws the difference of percentage and score by their categories', async () => {
    const mixed = await figureOf('plot ag as bland-altman for ggo');
    expect(mixed.notes[0]).toBe(
      'ai holds percentages and reader scores: the categories of both are compared, at the cut points 1, 25, 50, 75.',
    );
    const differences = mixed.data[0]!.y as number[];
    expect(differences).toHaveLength(106);
    for (const difference of differences) expect([-4, -3, -2, -1, 0, 1, 2, 3, 4]).toContain(difference);
    expect(mixed.layout.yaxis).toMatchObject({ title: { text: 'ai − reader (scores)' } });
  });

  it('says what it cannot draw', async () => {
    expect(await problemOf('plot ag as stacked')).toMatchObject({ code: 'wrong-kind' });
    await notebook.run('agree ai with reader for ggo as whole');
    expect(await problemOf('plot whole as scatter in RLL')).toMatchObject({ code: 'not-compared' });
    expect(await problemOf('plot whole as forest for emphysema')).toMatchObject({ code: 'not-compared' });
  });
});

describe('summarise of an agreement', () => {
  it('is laid out like the study’s Tables 3 to 5, with the words for both coefficients', async () => {
    const table = await notebook.last('table', 'agree ai with reader for ggo, emphysema as ag2\nsummarise ag2');
    expect(table.columns.map(({ label }) => label)).toContain('reader 0 / 1 / 2 / 3 / 4');
    const [row] = agreementRows().filter((r) => r.class === 'ggo' && r.region === 'total');
    const interval = expect.stringMatching(/^0\.\d\d \[0\.\d\d; 0\.\d\d\]$/);
    expect(table.rows[0]).toEqual([
      'Ground-glass opacity',
      106,
      1,
      interval,
      expect.closeTo(0, 6),
      'strong',
      interval,
      'substantial',
      '11 / 86 / 6 / 3 / 0',
      '16 / 79 / 8 / 3 / 0',
      expect.closeTo(0, 6),
      expect.closeTo(0, 6),
    ]);
    expect(table.title).toBe('Summary of ag2: ai and reader, whole lungs');
    expect(table.rows[0]![3]).toContain(row!.rho.toFixed(2));
    expect(table.rows[0]![6]).toContain(row!.kappa.toFixed(2));
    // The larger p of two, and twice the smaller one, by Holm.
    const [first, second] = table.rows.map((line) => Number(line[4]));
    expect(table.rows.map((line) => Number(line.at(-2)))).toEqual([2 * first!, Math.max(2 * first!, second!)]);
  });
});

describe('plot of measurements', () => {
  it('stacks the means of the abnormal classes', async () => {
    const { data } = await figureOf('plot ai as stacked');
    expect(data.map((trace) => (trace.meta as { class: string }).class)).toEqual([
      'ggo',
      'consolidation',
      'reticulation',
      'honeycombing',
      'emphysema',
    ]);
    const ggo = (
      notebook.value('ai', 'table').table.objects() as { region: string; class: string; percent: number }[]
    ).filter((row) => row.region === 'total' && row.class === 'ggo');
    const mean = ggo.reduce((sum, row) => sum + row.percent, 0) / ggo.length;
    expect((data[0]!.y as number[])[0]).toBeCloseTo(mean, 9);
  });

  it('draws a box per region with every patient', async () => {
    const { data } = await figureOf('plot ai as box for ggo');
    expect(data.map((trace) => trace.name)).toEqual(['Whole<br>lungs', 'RUL', 'RML', 'RLL', 'LUL', 'LLL']);
    expect(data.every((trace) => (trace.y as number[]).length === 107)).toBe(true);
  });

  it('says what it cannot draw', async () => {
    expect(await problemOf('plot ai as forest')).toMatchObject({ code: 'wrong-kind' });
    expect(await problemOf('plot reader as stacked')).toMatchObject({ code: 'missing-columns' });
  });
});

describe('summarise of measurements', () => {
  it('counts every CT of a patient who has several, and adds up no volumes of different CTs', async () => {
    const lines = ['patient,series,region,class,volume_ml,percent'];
    for (const [patient, series, volume] of [
      ['P1', 'series-1', 3000],
      ['P1', 'series-2', 3200],
      ['P2', 'series-1', 4000],
    ] as const)
      lines.push(
        `${patient},${series},total,normal,${0.9 * volume},90`,
        `${patient},${series},total,ggo,${0.1 * volume},10`,
      );
    notebook.put('twice.csv', lines.join('\n'));
    const table = await notebook.last('table', 'load "twice.csv" as twice\nsummarise twice');
    expect(table.title).toBe('Summary of twice: 2 patients, 3 CTs');
    expect(table.rows[0]).toEqual(['Lung volume (ml)', '3400 ± 529']);
    expect(table.notes[0]).toContain('Some patients have several CTs');
  });
});
