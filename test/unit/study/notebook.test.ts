/** samples/study.lungnb, cell by cell on its own tables. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { clinicRows, TRUTH, trueExtents } from '../../../samples/study/clinic.ts';
import { trueChanges } from '../../../samples/study/followUp.ts';
import { measuredRows, studyPatients } from '../../../samples/study/patients.ts';
import { spearmanRho } from '../../../src/kernel/agreement/correlation/spearman.ts';
import type { TextureClass } from '../../../src/protocol/names.ts';
import { parseNotebook } from '../../../src/protocol/notebookFile.ts';
import type { FigureView, TableView, ViewModel } from '../../../src/protocol/view.ts';
import { plainText } from '../../../src/protocol/views/index.ts';
import { parameterInWords } from '../../../src/protocol/words/parameters.ts';
import { faultsIn, namesIn, withoutCode } from '../../harness/plainWords.ts';
import { startSession } from '../../harness/session.ts';

const samples = join(import.meta.dirname, '../../../samples');
const { cells } = parseNotebook(readFileSync(join(samples, 'study.lungnb'), 'utf8'));
const views: ViewModel[] = [];

beforeAll(async () => {
  const notebook = startSession({ notebookFolder: samples });
  for (const [n, { kind, source }] of cells.entries())
    if (kind === 'code') views.push(...(await notebook.shown(source.join('\n'), String(n))));
}, 60_000);

const titled = (title: string | RegExp) =>
  views.find((view) => 'title' in view && view.title !== undefined && view.title.search(title) === 0);

/** What a figure has written on it. */
const textsOf = ({ layout, data }: FigureView) =>
  [...JSON.stringify([layout, data]).matchAll(/"(?:text|name)":"([^"]*)"/g)].map(([, text]) => text!);

describe('samples/study.lungnb', () => {
  it('says nothing that a reader of a paper would not understand', () => {
    const known = namesIn(cells.flatMap(({ source }) => source).join('\n'));
    const columns = views.flatMap((view) => (view.type === 'table' ? view.columns : []));
    // A column without a heading of ours is called as its file calls it.
    const headings = columns.filter(({ name, label }) => name !== label);
    const said = [
      ...views.map((view) => plainText(view)),
      ...views.flatMap((view) => (view.type === 'figure' ? textsOf(view) : [])),
      ...headings.map(({ label, description = '' }) => `${label} ${description}`),
      ...views.flatMap((view) =>
        'provenance' in view
          ? Object.entries(view.provenance?.parameters ?? {}).map(([name, value]) =>
              name === 'where' ? '' : Object.values(parameterInWords(name, value)).join(': '),
            )
          : [],
      ),
    ];
    // A package by its own name.
    const faults = said.flatMap((text) => faultsIn(withoutCode(text), [...known, 'irrNA']));
    expect([...new Set(faults)]).toEqual([]);
  });

  it('draws the flow of the study: 402, 277, 107 and 106 patients', () => {
    expect((titled('Flow of patients') as FigureView).description).toMatch(
      /^registry: 402 patients\. 125 left out: no chest HRCT; 277 remain\. 170 left out: .*; 107 remain\. 1 left out: .*; 106 remain\.$/,
    );
  });

  it('summarises 106 patients like Table 2', () => {
    const table = titled('Summary of ai: 106 patients') as TableView;
    expect(table.columns.map(({ label }) => label)).toEqual([
      'Class',
      'Whole lungs',
      'RUL',
      'RML',
      'RLL',
      'LUL',
      'LLL',
    ]);
    expect(table.rows.map(([label]) => label)).toEqual([
      'Lung volume (ml)',
      'Normal',
      'Ground-glass opacity',
      'Consolidation',
      'Reticulation',
      'Honeycombing',
      'Emphysema',
    ]);
  });

  it('lays the agreement out like Tables 3 to 5', () => {
    expect((titled('Summary of whole_lungs') as TableView).rows).toHaveLength(6);
    const table5 = titled('Summary of table5') as TableView;
    expect(table5.rows.map(([label, region]) => `${label}, ${region}`).sort()).toEqual([
      'Consolidation, LLL',
      'Consolidation, RLL',
      'Emphysema, LUL',
      'Emphysema, RUL',
      'Ground-glass opacity, LLL',
      'Ground-glass opacity, RLL',
      'Honeycombing, LLL',
      'Honeycombing, RLL',
      'Reticulation, LLL',
      'Reticulation, RLL',
    ]);
  });
});

describe('the published tables of the study', () => {
  const warnings = (place: string) =>
    views
      .flatMap((view) => (view.type === 'messages' ? view.messages : []))
      .map(({ text }) => text)
      .filter((text) => text.startsWith(place));

  it('are found not to add up where they do not', () => {
    expect(warnings('consolidation, AI')).toEqual([
      'consolidation, AI: the counts 70 + 28 + 0 + 0 + 0 add up to 98, not 107 (9 too few).',
      'consolidation, AI: category 0 has 70 beside 73.8 %, but 70 of 107 is 65.4 %, and 73.8 % is 79; with 79 the counts add up to 107.',
    ]);
    expect(warnings('normal, AI')).toEqual([
      'normal, AI: the counts 0 + 1 + 8 + 21 + 78 add up to 108, not 107 (1 too many).',
    ]);
    expect(warnings('emphysema, radiologist')).toEqual([
      'emphysema, radiologist: the counts 102 + 4 + 2 + 0 + 0 add up to 108, not 107 (1 too many).',
    ]);
    expect(warnings('ggo: ')).toEqual([]);
  });

  it('have the κ that their margins allow, and intervals that plain κ cannot have', () => {
    const table = titled('What published allows') as TableView;
    const column = (name: string) => table.columns.findIndex((c) => c.name === name);
    expect(table.rows.find(([name]) => name === 'ggo')![column('kappa_most')]).toBeCloseTo(0.82, 2);
    expect(table.rows.map((row) => [row[0], row[column('findings')]])).toEqual([
      ['normal', 3],
      ['consolidation', 3],
      ['ggo', 0],
      ['reticulation', 1],
      ['honeycombing', 1],
      ['emphysema', 2],
    ]);
    expect(warnings('honeycombing: ')[0]).toMatch(
      /^honeycombing: the interval of κ 0\.16 \[0\.04–0\.29\] is ± 0\.125; /,
    );
  });

  it('have p-values that their ρ and n give, in Table 5', () => {
    const table = titled('What published_lobes allows') as TableView;
    const column = (name: string) => table.columns.findIndex((c) => c.name === name);
    expect(table.rows.map((row) => row[column('findings')])).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('are joined by readers compared three at a time, and by the difference of two agreements', () => {
    expect((titled('Agreement of 3 readings') as TableView).rows).toHaveLength(6);
    const difference = titled('Difference of whole_lungs and readers') as TableView;
    expect(difference.rows.map((row) => row[1])).toContain('honeycombing');
    expect((titled('Difference of with_fibrosis and rescan') as FigureView).data).toHaveLength(4);
  });
});

describe('groups, lung function and outcome of the simulated study', () => {
  const included = clinicRows().filter(({ ild, patient }) => ild === 'yes' && patient !== 'S163');
  const extents = trueExtents();
  const column = ({ columns, rows }: TableView, name: string) => {
    const at = columns.findIndex((own) => own.name === name);
    return rows.map((row) => row[at]);
  };
  const line = (table: TableView, label: string | RegExp) =>
    table.rows.find(([own]) => String(own).search(label) === 0)!;
  const percentOf = (count: number, of: number) => `${count} (${((100 * count) / of).toFixed(1)})`;

  it('show the patients of the registry by antibody, as they were drawn', () => {
    const table = titled('Summary of measured by antibody: 106 patients') as TableView;
    const groups = table.columns.slice(1, -1).map(({ label }) => label);
    const sizes = ['none', 'Jo-1', 'MDA5', 'other', 'PL-7/PL-12'].map(
      (name) => `${name} (n ${included.filter(({ antibody }) => antibody === name).length})`,
    );
    expect(groups).toEqual(['All (n 106)', ...sizes]);
    const ages = included.map(({ age }) => age);
    const mean = ages.reduce((a, b) => a + b, 0) / ages.length;
    const sd = Math.sqrt(ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / (ages.length - 1));
    expect(line(table, 'age, mean')[1]).toBe(`${mean.toFixed(1)} ± ${sd.toFixed(1)}`);
    const female = included.filter(({ sex }) => sex === 'female');
    expect(line(table, /.female/)[1]).toBe(percentOf(female.length, 106));
    const died = included.filter((own) => own.died && own.antibody === 'MDA5').length;
    const [, , , , mda5] = line(table, 'died');
    expect(mda5).toBe(percentOf(died, included.filter(({ antibody }) => antibody === 'MDA5').length));
    const missing = table.rows[table.rows.findIndex(([own]) => String(own).startsWith('fvc')) + 1]!;
    expect(missing[1]).toBe(String(included.filter(({ fvc }) => fvc === undefined).length));
  });

  it('find more consolidation in the group that was drawn with more', () => {
    const table = titled('Summary of both by antibody') as TableView;
    expect(column(table, 'class')).toEqual(['Ground-glass opacity', 'Consolidation', 'Fibrosis']);
    const median = (name: string) => Number.parseFloat(String(column(table, `group_${name}`)[1]));
    for (const other of ['none', 'Jo-1', 'other', 'PL-7/PL-12']) expect(median('MDA5')).toBeGreaterThan(median(other));
    expect(Number(column(table, 'p')[1])).toBeLessThan(0.001);
    const agreement = titled('Agreement of both with reader by antibody') as TableView;
    const n = column(agreement, 'n').slice(0, 5).map(Number);
    const missing = column(agreement, 'missing').slice(0, 5).map(Number);
    expect(n.reduce((a, b) => a + b, 0) + missing.reduce((a, b) => a + b, 0)).toBe(106);
  });

  it('relate lung function to the extents as it was drawn, for all that the program mistakes', () => {
    const table = titled('percent of both with fvc, dlco') as TableView;
    const at = (name: string, row: number) => Number(column(table, name)[row]);
    expect(table.rows.map(([outcome, own]) => [outcome, own])).toEqual([
      ['fvc', 'ggo'],
      ['fvc', 'fibrosis'],
      ['dlco', 'ggo'],
      ['dlco', 'fibrosis'],
    ]);
    for (const [row, outcome] of [
      [1, 'fvc'],
      [3, 'dlco'],
    ] as const) {
      // The true ρ of these patients lies within the interval of the measured one.
      const known = included.filter((own) => own[outcome] !== undefined);
      const fibrosis = known.map(
        ({ patient }) => extents.get(patient)!.reticulation + extents.get(patient)!.honeycombing,
      );
      const rho = spearmanRho(
        fibrosis,
        known.map((own) => own[outcome]!),
      )!;
      expect(at('n', row)).toBe(known.length);
      expect(at('rank_ci_low', row)).toBeLessThan(rho);
      expect(at('rank_ci_high', row)).toBeGreaterThan(rho);
      expect(at('effect_ci_low', row)).toBeLessThan(TRUTH[outcome].fibrosis);
      expect(at('effect_ci_high', row)).toBeGreaterThan(TRUTH[outcome].fibrosis);
    }
    expect(
      (titled('percent of both and fvc, dlco') as FigureView).data.filter(({ mode }) => mode === 'markers'),
    ).toHaveLength(4);
    expect((titled(/^β of fvc, dlco per 1 % of both/) as FigureView).description).toMatch(/Forest plot of 4 effects/);
  });

  it('draw the patients that were drawn: boxes, points and effects', () => {
    const box = titled('Extent in the whole lungs by antibody: both') as FigureView;
    const sizes = box.data.slice(0, 5).map(({ name, y }) => [String(name).split('<br>')[0], (y as number[]).length]);
    expect(sizes).toEqual(
      ['none', 'Jo-1', 'MDA5', 'other', 'PL-7/PL-12'].map((name) => [
        name,
        included.filter(({ antibody }) => antibody === name).length,
      ]),
    );
    const scatter = titled('percent of both and fvc, dlco') as FigureView;
    const [points] = scatter.data.filter(({ mode }) => mode === 'markers');
    const fvc = new Map(included.map((own) => [own.patient, own.fvc]));
    const drawn = (points!.customdata as string[]).map((patient, n) => [
      fvc.get(patient)!,
      (points!.y as number[])[n]!,
    ]);
    expect(drawn).toHaveLength(included.filter((own) => own.fvc !== undefined).length);
    for (const [truth, shown] of drawn) expect(shown).toBeCloseTo(truth!, 0);
    const forest = titled(/^β of fvc, dlco per 1 % of both/) as FigureView;
    const effects = column(titled('percent of both with fvc, dlco') as TableView, 'effect');
    expect(forest.data[0]!.x).toEqual(effects);
  });

  it('find the hazard of fibrosis, and draw the deaths of all patients', () => {
    const table = titled('percent of both with died') as TableView;
    const row = column(table, 'class').indexOf('fibrosis');
    const truth = Math.exp(10 * TRUTH.death.fibrosis);
    const deaths = included.filter(({ died }) => died).length;
    expect(column(table, 'events')[row]).toBe(deaths);
    expect(Number(column(table, 'effect_ci_low')[row])).toBeLessThan(truth);
    expect(Number(column(table, 'effect_ci_high')[row])).toBeGreaterThan(truth);
    const figure = titled('died over months by percent of both at 5') as FigureView;
    const counts = [...figure.description.matchAll(/(\d+) events? in (\d+)/g)].map(([, events, n]) => [
      Number(events),
      Number(n),
    ]);
    expect(counts.reduce((sum, [events]) => sum + events!, 0)).toBe(deaths);
    expect(counts.reduce((sum, [, n]) => sum + n!, 0)).toBe(106);
  });

  it('stage every patient by extent or FVC', () => {
    const table = titled('Summary of indices: 106 patients') as TableView;
    const measured = Map.groupBy(
      studyPatients().flatMap((patient) => measuredRows(patient, 0)),
      ({ patient }) => patient,
    );
    const stages = included.map(({ patient, fvc }) => {
      const total = measured.get(patient)!.filter(({ region }) => region === 'total');
      const extent = total.reduce(
        (sum, row) => sum + (['normal', 'emphysema'].includes(row.class) ? 0 : row.percent),
        0,
      );
      if (extent < 10) return 'limited';
      return extent > 30 ? 'extensive' : fvc === undefined ? undefined : fvc < 70 ? 'extensive' : 'limited';
    });
    const staged = stages.filter((stage) => stage !== undefined);
    const start = table.rows.findIndex(([own]) => own === 'Goh, n (%)');
    for (const [n, stage] of ['extensive', 'limited'].entries())
      expect(table.rows[start + 1 + n]).toEqual([
        `\u2003${stage}`,
        percentOf(staged.filter((own) => own === stage).length, staged.length),
      ]);
  });
});

describe('a year later in the simulated study', () => {
  const truth = trueChanges();
  truth.delete('S163');
  const changeOf = (patient: string, names: readonly TextureClass[]) => {
    const { before, after } = truth.get(patient)!;
    return names.reduce((sum, name) => sum + after[name] - before[name], 0);
  };
  const table = () => titled('Change of followed from visit 1 to 2') as TableView;
  const cells = (view: TableView, name: string) => {
    const at = view.columns.findIndex((own) => own.name === name);
    return view.rows.map((row) => row[at]);
  };
  const CLASSES = {
    ggo: ['Ground-glass opacity', ['ggo']],
    fibrosis: ['Fibrosis', ['reticulation', 'honeycombing']],
  } as const;

  it.each(['ggo', 'fibrosis'] as const)('finds the mean change of %s that was drawn', (name) => {
    const [label, parts] = CLASSES[name];
    const row = cells(table(), 'class').indexOf(label);
    const changes = [...truth.keys()].map((patient) => changeOf(patient, parts));
    const mean = changes.reduce((a, b) => a + b, 0) / changes.length;
    expect(cells(table(), 'n')[row]).toBe(truth.size);
    expect(Number(cells(table(), 'mean_ci_low')[row])).toBeLessThan(mean);
    expect(Number(cells(table(), 'mean_ci_high')[row])).toBeGreaterThan(mean);
    expect(Number(cells(table(), 'p')[row])).toBeLessThan(0.05);
  });

  it.each(['ggo', 'fibrosis'] as const)('draws in the waterfall who truly changed, for %s', (name) => {
    const figure = titled('Change of followed from visit 1 to 2, whole lungs') as FigureView;
    const panel = figure.patients!.panels.findIndex((own) => own.class === name);
    const bars = figure.data.filter(({ type }) => type === 'bar')[panel]!;
    const colours = (bars.marker as { color: string[] }).color;
    const { rows } = figure.patients!.panels[panel]!;
    expect(rows.map(({ patient }) => patient).sort()).toEqual([...truth.keys()].sort());
    const beyond = rows.flatMap(({ patient }, n) => {
      const colour = colours[n];
      if (colour !== '#D55E00' && colour !== '#0072B2') return [];
      return [Math.sign(changeOf(patient, CLASSES[name][1])) === (colour === '#D55E00' ? 1 : -1)];
    });
    expect(beyond.length).toBeGreaterThan(5);
    // The repeatability coefficient lets 5 % of the unchanged pass: nearly all who are beyond it truly changed this way.
    expect(beyond.filter(Boolean).length / beyond.length).toBeGreaterThanOrEqual(0.95);
    for (const { patient, left, right } of rows) {
      const change = changeOf(patient, CLASSES[name][1]);
      if (Math.abs(change) > 5) expect(Math.sign(right - left)).toBe(Math.sign(change));
    }
  });

  it('draws a line for each patient, and their mean', () => {
    const figure = titled('followed over days') as FigureView;
    expect(figure.data.filter(({ mode }) => mode === 'lines')).toHaveLength(2 * truth.size);
  });

  it('says who did not come back, and how far two scans of one day differ', () => {
    const lost = 106 - truth.size;
    const said = views.flatMap((view) => (view.type === 'messages' ? view.messages.map(({ text }) => text) : []));
    expect(said.join('\n')).toContain(`${lost} patients with no visit 2 are left out`);
    const retest = titled('Repeated scans of yearly') as TableView;
    expect(cells(retest, 'n').every((n) => n === 20)).toBe(true);
  });
});
