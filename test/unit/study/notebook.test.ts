/** samples/study.lungnb, cell by cell on its own tables. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
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
});

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
