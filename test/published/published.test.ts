/** The tables that papers print, from notebooks that a user could write; values as printed, to the digits printed. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/kernel/tables/rows.ts';
import type { Value } from '../../src/kernel/values/value.ts';
import { parseNotebook } from '../../src/protocol/notebookFile.ts';
import { startSession, type TestSession } from '../harness/session.ts';

const HERE = import.meta.dirname;

/** Runs all cells of a notebook of this folder, each of which has to succeed. */
async function runNotebook(name: string): Promise<TestSession> {
  const data = globSync('*.csv', { cwd: HERE }).map((file) => [file, readFileSync(join(HERE, file), 'utf8')] as const);
  const notebook = startSession({ files: Object.fromEntries(data) });
  for (const { kind, source } of parseNotebook(readFileSync(join(HERE, `${name}.lungnb`), 'utf8')).cells)
    if (kind === 'code') await notebook.shown(source.join('\n'));
  return notebook;
}

/** The only row of a table or an agreement, or the one of a class. */
function rowOf(notebook: TestSession, name: string, textureClass?: string): Record<string, number> {
  const value = comparedIn(notebook, name);
  const rows = rowsOf(value.table) as Record<string, number>[];
  return rows.find((row) => textureClass === undefined || String(row.class) === textureClass)!;
}

function comparedIn(notebook: TestSession, name: string): Extract<Value, { kind: 'table' | 'agreement' }> {
  try {
    return notebook.value(name, 'table');
  } catch {
    return notebook.value(name, 'agreement');
  }
}

function statisticsOf(notebook: TestSession, name: string): Record<string, Record<string, number>> {
  const value = notebook.value(name, 'table');
  const rows = rowsOf(value.statistics!(value.table)) as Record<string, number>[];
  return Object.fromEntries(rows.map((row) => [String(row.statistic), row]));
}

/** As the paper writes it. */
const printed = (value: number | undefined, digits: number) => value?.toFixed(digits);

describe('published tables', () => {
  it('are all those of the notebooks here', () => {
    const tested = readFileSync(join(HERE, basename(import.meta.filename)), 'utf8');
    for (const file of globSync('*.lungnb', { cwd: HERE })) expect(tested).toContain(`'${file.slice(0, -7)}'`);
  });

  it('Shrout & Fleiss 1979, table 4: six intraclass correlations', async () => {
    const statistics = statisticsOf(await runNotebook('shroutFleiss1979'), 'together');
    const forms = ['1,1', '2,1', '3,1', '1,k', '2,k', '3,k'].map((form) =>
      printed(statistics[`ICC(${form})`]!.value, 2),
    );
    expect(forms).toEqual(['0.17', '0.29', '0.71', '0.44', '0.62', '0.91']);
  });

  it('Bland & Altman 1986: differences of two meters, and of each with itself', async () => {
    const notebook = await runNotebook('blandAltman1986');
    const { bias, bias_ci_low, bias_ci_high, upper_limit, pearson, n } = rowOf(notebook, 'meters');
    expect([n, printed(bias, 1), printed(pearson, 2)]).toEqual([17, '-2.1', '0.94']);
    expect([bias_ci_low, bias_ci_high].map((end) => printed(end, 1))).toEqual(['-22.0', '17.8']);
    // The paper takes 2 standard deviations, of the rounded numbers: −79.7 and 75.5.
    const [mean, sd] = [bias, (upper_limit! - bias!) / 1.959964].map((value) => Number(printed(value, 1)));
    expect([sd, printed(mean! - 2 * sd!, 1), printed(mean! + 2 * sd!, 1)]).toEqual([38.8, '-79.7', '75.5']);
    // Standard deviations of the differences of repeated readings, half the coefficients 43.2 and 56.4.
    for (const [name, deviation] of [['wright_repeated', '21.6'] as const, ['mini_repeated', '28.2'] as const]) {
      const repeated = statisticsOf(notebook, name)['within-patient SD']!.value!;
      expect(printed(Math.SQRT2 * repeated, 1)).toBe(deviation);
    }
  });

  it('Bland & Altman 1999, table 4: limits with repeated measurements, in pairs and not', async () => {
    const notebook = await runNotebook('blandAltman1999');
    const statistics = statisticsOf(notebook, 'alone');
    // Section 5.2: mean squares within patients, and limits of single measurements.
    const within = ['left', 'right'].map((side) => statistics[`within-patient SD, ${side}`]!.value! ** 2);
    expect(within.map((square) => printed(square, 4))).toEqual(['0.1072', '0.1379']);
    const alone = rowOf(notebook, 'alone');
    expect([alone.bias, alone.lower_limit, alone.upper_limit].map((value) => printed(value, 2))).toEqual([
      ...['0.71', '-1.35', '2.77'],
    ]);
    // Section 5.3: pairs whose true value changes.
    const pairs = rowOf(notebook, 'pairs');
    expect([pairs.bias, pairs.lower_limit, pairs.upper_limit].map((value) => printed(value, 2))).toEqual([
      ...['0.60', '-1.34', '2.54'],
    ]);
  });

  it('Giavarina 2015: bias, its SD, and limits', async () => {
    const notebook = await runNotebook('giavarina2015');
    const { bias, lower_limit, upper_limit } = rowOf(notebook, 'methods');
    const sd = statisticsOf(notebook, 'methods')['SD of a difference']!.value;
    expect([bias, sd, upper_limit, lower_limit].map((value) => printed(value, 2))).toEqual([
      ...['-27.17', '34.81', '41.05', '-95.39'],
    ]);
  });

  // Not the rows of the paper's table 1, but counts made with the sums that its printed shares and κ imply.
  it('Fleiss 1971: κ of thirty patients and six psychiatrists, overall and of each diagnosis', async () => {
    const notebook = await runNotebook('fleiss1971');
    const { fleiss_kappa, percent_agreement, n } = rowOf(notebook, 'psychiatrists');
    expect([n, printed(fleiss_kappa, 3), printed(percent_agreement, 1)]).toEqual([30, '0.430', '55.6']);
    const statistics = statisticsOf(notebook, 'psychiatrists');
    const categories = ['depression', 'personality_disorder', 'schizophrenia', 'neurosis', 'other'];
    expect(categories.map((category) => printed(statistics[`Fleiss’ κ of ${category}`]!.value, 3))).toEqual([
      ...['0.245', '0.245', '0.520', '0.471', '0.566'],
    ]);
  });

  it('Landis & Koch 1977: κ of two neurologists, in patients of two cities', async () => {
    const notebook = await runNotebook('landisKoch1977');
    const [winnipeg, newOrleans] = ['winnipeg', 'new-orleans'].map((city) => rowOf(notebook, 'diagnoses', city));
    expect([winnipeg!.n, newOrleans!.n]).toEqual([149, 69]);
    expect([winnipeg, newOrleans].map((row) => printed(row!.kappa, 3))).toEqual(['0.208', '0.297']);
  });

  it('Cohen 1968: κ .492 and weighted κ .348', async () => {
    const notebook = await runNotebook('cohen1968');
    expect(['plain', 'weighted'].map((name) => printed(rowOf(notebook, name).kappa, 3))).toEqual(['0.492', '0.348']);
  });

  it('Agresti’s pathologists: κ .493 with the standard error .057', async () => {
    const { n, kappa, kappa_se } = rowOf(await runNotebook('agresti'), 'pathologists');
    expect([n, printed(kappa, 3), printed(kappa_se, 3)]).toEqual([118, '0.493', '0.057']);
  });

  it('numbers of patients of Donner & Eliasziw 1992 (by kappaSize), Walter et al. 1998, Jan & Shieh 2018', async () => {
    const notebook = await runNotebook('sampleSizes');
    const planned = ['donner', 'walter', 'shieh'].map(
      (name) => notebook.value(name, 'table').provenance.parameters.patients,
    );
    expect(planned).toEqual([74, 39, 155]);
  });
});
