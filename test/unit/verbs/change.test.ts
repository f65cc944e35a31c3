/** `change` and `repeat`, each number against R (test/reference/change.R). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

interface Reference {
  readonly change: readonly {
    readonly data: Readonly<Record<'v1' | 'v2' | 'v3' | 'days2' | 'days3', readonly number[]>> & {
      readonly patient: readonly string[];
      readonly lacks3: readonly boolean[];
    };
    readonly reference: {
      readonly mean: readonly number[];
      readonly relative: readonly (number | null)[];
      readonly beyond: { readonly up: number; readonly down: number };
      readonly wilson: readonly number[];
      readonly slope: readonly number[];
      readonly slopeSe: readonly (number | null)[];
    };
  }[];
  readonly repeats: readonly {
    readonly data: readonly (readonly number[])[];
    readonly wsd: readonly number[];
    readonly repeatability: readonly number[];
    readonly wcv: number | readonly number[];
    readonly icc: readonly number[];
    readonly pair: readonly number[];
  }[];
}

// SAFETY: `change.R` writes it so.
const REFERENCE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../reference/change.json'), 'utf8'),
) as Reference;

const csv = (rows: readonly (readonly unknown[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;

function visitsTable({ patient, v1, v2, v3, days2, days3, lacks3 }: Reference['change'][number]['data']): string {
  return csv([
    ['patient', 'visit', 'days', 'region', 'class', 'percent', 'sex'],
    ...patient.flatMap((label, n) => [
      [label, 1, 0, 'total', 'ggo', v1[n], n % 2 ? 'f' : 'm'],
      [label, 2, days2[n], 'total', 'ggo', v2[n], n % 2 ? 'f' : 'm'],
      ...(lacks3[n] ? [] : [[label, 3, days3[n], 'total', 'ggo', v3[n], n % 2 ? 'f' : 'm']]),
    ]),
  ]);
}

const close = (found: unknown, wanted: number | null | undefined) => {
  if (wanted === null || wanted === undefined) expect(found).toBeNull();
  else if (wanted === 0) expect(Number(found)).toBeCloseTo(0, 8);
  else expect(Number(found) / wanted).toBeCloseTo(1, 8);
};
const messages = (notebook: TestSession) =>
  notebook.views.flatMap((view) => ('messages' in view ? view.messages.map(({ text }) => text) : []));

describe('change against R', () => {
  it.each(REFERENCE.change.map((one, n) => [n + 1, one] as const))('between two visits, set %i', async (_, one) => {
    const { data, reference } = one;
    const notebook = startSession({ files: { 'ai.csv': visitsTable(data) } });
    const rows = await notebook.rows('load "ai.csv" as ai\nchange ai beyond 3 as delta');
    expect(rows.map(({ patient }) => patient)).toEqual(data.patient);
    for (const [n, row] of rows.entries()) {
      expect(row.difference).toBeCloseTo(data.v2[n]! - data.v1[n]!, 10);
      close(row.difference_percent, reference.relative[n]);
      expect(row.days).toBe(data.days2[n]);
      expect(row.sex).toBe(n % 2 ? 'f' : 'm');
    }
    expect(rows.filter(({ beyond }) => beyond === 'up').length).toBe(reference.beyond.up);
    expect(rows.filter(({ beyond }) => beyond === 'down').length).toBe(reference.beyond.down);
    const [summary] = await notebook.rows('summarise delta');
    for (const [n, column] of ['mean', 'mean_ci_low', 'mean_ci_high', 'p'].entries())
      close(summary![column], reference.mean[n]);
    const statistics = await notebook.rows('describe delta');
    const up = statistics.find(({ statistic }) => String(statistic).endsWith('up (%)'));
    close(up!.ci_low, reference.wilson[0]);
    close(up!.ci_high, reference.wilson[1]);
  });

  it.each(REFERENCE.change.map((one, n) => [n + 1, one] as const))('by slope, set %i', async (_, one) => {
    const notebook = startSession({ files: { 'ai.csv': visitsTable(one.data) } });
    const rows = await notebook.rows('load "ai.csv" as ai\nchange ai per year as slope');
    for (const [n, row] of rows.entries()) {
      close(row.difference, one.reference.slope[n]);
      close(row.difference_se, one.reference.slopeSe[n]);
    }
  });
});

describe('repeat against R', () => {
  it.each(REFERENCE.repeats.map((one, n) => [n + 1, one] as const))('set %i', async (_, one) => {
    const table = csv([
      ['patient', 'visit', 'days', 'fvc'],
      ...one.data.flatMap((values, n) => values.map((value, k) => [`P${n}`, k + 1, 0, value])),
    ]);
    const notebook = startSession({ files: { 'scans.csv': table } });
    const [row] = await notebook.rows('load "scans.csv" as scans\nrepeat scans as retest');
    for (const [n, end] of ['', '_ci_low', '_ci_high'].entries()) {
      close(row![`wsd${end}`], one.wsd[n]);
      close(row![`repeatability${end}`], one.repeatability[n]);
      close(row![`icc${end}`], one.icc[n]);
    }
    close(row!.wcv_percent, [one.wcv].flat()[0]);
    const columns = ['bias', 'bias_ci_low', 'bias_ci_high', 'bias_p', 'lower_limit', 'upper_limit'];
    for (const [n, wanted] of one.pair.entries()) close(row![columns[n]!], wanted);
  });
});

const FVC = [
  'patient,visit,days,fvc,dlco',
  'P1,1,0,80,60',
  'P1,2,365,70,',
  'P2,1,0,90,70',
  'P2,2,-30,88,72',
  'P3,1,0,75,50',
  'P4,2,365,60,40',
];

describe('change', () => {
  it('takes every column of numbers, names who lacks a visit, and tells days that go backwards', async () => {
    const notebook = startSession({ files: { 'fvc.csv': FVC.join('\n') } });
    const rows = await notebook.rows(
      'load "fvc.csv" as lung\nchange lung beyond 10 relative source "Raghu 2022" as decline',
    );
    expect(rows.map((row) => [row.patient, row.measure, row.difference, row.beyond])).toEqual([
      ['P1', 'fvc', -10, 'down'],
      ['P2', 'fvc', -2, 'within'],
      ['P2', 'dlco', 2, 'within'],
    ]);
    const said = messages(notebook).join('\n');
    expect(said).toContain('1 patient with no visit 2 is left out: P3.');
    expect(said).toContain('1 patient with no visit 1 is left out: P4.');
    expect(said).toContain('The second visit is before the first of P2');
    const view = await notebook.last('table', 'summarise decline');
    expect(view.notes.join()).toContain('10 % of the first value (Raghu 2022)');
  });

  it('says which visits there are, and what a table without visits needs', async () => {
    const notebook = startSession({ files: { 'fvc.csv': FVC.join('\n'), 'one.csv': 'patient,fvc\nP1,80\n' } });
    await notebook.shown('load "fvc.csv" as lung\nload "one.csv" as one');
    expect(await notebook.problem('change lung from 1 to 4')).toMatch(
      /^unknown-visit: `lung` has no visit 4: it has 1 and 2/,
    );
    expect(await notebook.problem('change one')).toMatch(/^missing-columns: `one` has no column `visit`/);
    expect(await notebook.problem('change lung per year from 1')).toMatch(/^idle-clause/);
    expect(await notebook.problem('change lung beyond 0')).toMatch(/^out-of-range/);
    expect(await notebook.problem('change lung source "x"')).toMatch(/^missing-clause/);
  });

  it('refuses a visit that is there twice', async () => {
    const notebook = startSession({ files: { 'fvc.csv': [...FVC, 'P1,2,366,71,'].join('\n') } });
    await notebook.shown('load "fvc.csv" as lung');
    expect(await notebook.problem('change lung on fvc')).toMatch(
      /^repeated-rows: Visit 2 of P1 is there twice in `lung`, in rows 2 and 7/,
    );
  });

  it('tells new from gone at the cut, compares groups, and draws', async () => {
    const table = csv([
      ['patient', 'visit', 'region', 'class', 'percent', 'antibody'],
      ...[
        ['A', 0, 4],
        ['B', 3, 0.5],
        ['C', 2, 2],
        ['D', 0, 0.9],
      ].flatMap(([patient, before, after], n) => [
        [patient, 'baseline', 'total', 'ggo', before, n % 2 ? 'Jo-1' : 'none'],
        [patient, 'M12', 'total', 'ggo', after, n % 2 ? 'Jo-1' : 'none'],
      ]),
    ]);
    const notebook = startSession({ files: { 'ai.csv': table } });
    const rows = await notebook.rows('load "ai.csv" as ai\nchange ai from "baseline" to "M12" beyond 1 as delta');
    expect(rows.map(({ presence }) => presence)).toEqual(['new', 'gone', 'present', 'absent']);
    const [summary] = await notebook.rows('summarise delta');
    expect([summary!.up, summary!.down, summary!.new, summary!.gone]).toEqual([
      '1 (25 %)',
      '1 (25 %)',
      '1 (25 %)',
      '1 (25 %)',
    ]);
    const grouped = await notebook.last('table', 'summarise delta by antibody');
    expect(grouped.columns.map(({ label }) => label)).toEqual([
      'Region',
      'Class',
      'none (n 2)',
      'Jo-1 (n 2)',
      'r',
      'p',
    ]);
    const waterfall = await notebook.last('figure', 'plot delta as waterfall');
    expect(waterfall.patients!.panels[0]!.rows.map(({ patient }) => patient)).toEqual(['A', 'D', 'C', 'B']);
    const spaghetti = await notebook.last('figure', 'plot delta as spaghetti');
    expect(spaghetti.data.filter(({ mode }) => mode === 'lines')).toHaveLength(4);
    const related = await notebook.rows('relate delta difference with antibody');
    expect(related[0]!.n).toBe(4);
    await notebook.last('figure', 'plot delta as box on difference by antibody');
  });

  it('takes what is beyond measurement error from repeated scans, by class', async () => {
    const rows = ['ggo', 'reticulation'].flatMap((own, c) =>
      Array.from({ length: 6 }, (_, n) =>
        [1, 2].map((scan) => [`R${n}`, `series-${scan}`, 'total', own, n + scan * 0.1 * (c + 1)]),
      ).flat(),
    );
    const changes = ['ggo', 'reticulation'].flatMap((own) => [
      ['P1', 1, 'total', own, 10],
      ['P1', 2, 'total', own, 10.3],
    ]);
    const notebook = startSession({
      files: {
        'retest.csv': csv([['patient', 'series', 'region', 'class', 'percent'], ...rows]),
        'ai.csv': csv([['patient', 'visit', 'region', 'class', 'percent'], ...changes]),
      },
    });
    await notebook.shown('load "retest.csv" as scans\nload "ai.csv" as ai\nrepeat scans as retest');
    const found = await notebook.rows('change ai beyond retest as delta');
    expect(found.map(({ class: own, beyond }) => [own, beyond])).toEqual([
      ['ggo', 'up'],
      ['reticulation', 'within'],
    ]);
    await notebook.last('figure', 'plot retest as bland-altman for ggo');
  });
});

describe('repeat', () => {
  it('says what to do where nothing is repeated', async () => {
    const notebook = startSession({ files: { 'fvc.csv': FVC.join('\n') } });
    await notebook.shown('load "fvc.csv" as lung');
    expect(await notebook.problem('repeat lung on fvc')).toMatch(
      /^no-pairs: No patient of `lung` has two scans of one day/,
    );
    const [row] = await notebook.rows('repeat lung by visit on fvc as stable');
    expect([row!.n, row!.bias]).toEqual([2, -6]);
    expect(messages(notebook).join()).toContain('2 patients without a scan of each visit are left out: P3, P4.');
  });
});
