/** `export form`: an empty scoring sheet, and what `load` makes of it filled in. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rowsOf } from '../../../src/kernel/tables/rows.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';

const PATIENTS = ['P01', 'P02', 'P03', 'P04'];
const SCORES = 'xl/worksheets/sheet1.xml';

let notebook: TestSession;
beforeAll(async () => {
  notebook = startSession();
  for (const patient of PATIENTS) writeSeries(join(notebook.folder, 'cohort', patient), undefined, patient);
  await notebook.shown('load "cohort" as cohort');
});

let form = '';
beforeEach(() => {
  form = `form-${Math.random().toString(36).slice(2)}.xlsx`;
});

const write = (clauses = '') => notebook.shown(`export form for cohort to "${form}" ${clauses}`);
const sheet = (part = SCORES) => strFromU8(unzipSync(readFileSync(join(notebook.folder, form)))[part]!);

/** Rows of the sheet of scores as they are written, with the cells' addresses. */
const cell = (address: string, xml = sheet()) => new RegExp(`<c r="${address}"[^>]*?(/>|>.*?</c>)`, 's').exec(xml)?.[0];
const texts = (column: string, rows: number) =>
  Array.from({ length: rows }, (_, n) => /<t[^>]*>(.*?)<\/t>/s.exec(cell(`${column}${n + 2}`) ?? '')?.[1]);

/** Fills cells as a spreadsheet program does. */
function fill(cells: Readonly<Record<string, string | number>>): void {
  const path = join(notebook.folder, form);
  const parts = unzipSync(readFileSync(path));
  let xml = strFromU8(parts[SCORES]!);
  for (const [address, value] of Object.entries(cells)) {
    const filled =
      typeof value === 'number'
        ? `<c r="${address}" s="2"><v>${value}</v></c>`
        : `<c r="${address}" s="2" t="inlineStr"><is><t>${value}</t></is></c>`;
    const before = cell(address, xml);
    if (before === undefined) throw new Error(`the form has no cell ${address}`);
    xml = xml.replace(before, filled);
  }
  writeFileSync(path, zipSync({ ...parts, [SCORES]: strToU8(xml) }));
}

async function loaded(name: string) {
  const result = await notebook.run(`load "${form}" as ${name}`);
  if (result.status !== 'done') throw new Error(result.problem?.message);
  return notebook.value(name, 'table');
}

it('has room for every line of its headings and of its instructions, and pages on which they can be read', async () => {
  await write('by region classes ggo, reticulation, honeycombing seed 7');
  const rowsIn = (part: string) => [...sheet(part).matchAll(/<row r="(\d+)"(?: ht="(\d+)")?/g)];
  // "Ground-glass / opacity / Whole lungs", and rows of answers that grow by themselves.
  expect(rowsIn(SCORES).map(([, , height]) => height)).toEqual(['45', ...PATIENTS.map(() => undefined)]);
  const guide = rowsIn('xl/worksheets/sheet2.xml').map(([, , height]) => height);
  expect(guide.slice(0, 3)).toEqual([undefined, '30', '30']);
  expect(sheet()).toContain('fitToWidth="2"');
});

describe('an empty form', () => {
  it('has every case once in an order by the seed, with labels, and only answers unlocked', async () => {
    await write('by region');
    expect(texts('B', 4).toSorted()).toEqual(PATIENTS);
    const seen = new Set([texts('B', 4).join()]);
    for (const seed of [2, 3, 4]) {
      await notebook.shown(`export form for cohort to "${seed}${form}" seed ${seed}`);
      form = `${seed}${form}`;
      seen.add(texts('B', 4).join());
    }
    expect(seen.size).toBeGreaterThan(1);
    expect(sheet()).toContain('<sheetProtection sheet="1"');
    expect(cell('B2')).toContain('s="0"');
    expect(cell('C2')).toBe('<c r="C2" s="2"/>');
    // The style of answers, the third, is the only one that is unlocked.
    expect(sheet('xl/styles.xml').match(/<xf .*?locked="0"/g)).toHaveLength(1);
    expect(sheet()).toContain('state="frozen"');
  });

  it('has a drop-down list of each scale, in the columns that are answered by it', async () => {
    await write('classes ggo, reticulation ask ild yes-no, pattern "UIP" "NSIP", extent percent, comment');
    const rules = [...sheet().matchAll(/<dataValidation type="(\w+)".*?sqref="([^"]+)"><formula1>(.*?)<\/formula1>/g)];
    expect(rules.map(([, type, cells, formula]) => [type, cells, formula])).toEqual([
      ['list', 'C2:C5 D2:D5', "'LungNB form'!$B$1:$B$5"],
      ['list', 'E2:E5', "'LungNB form'!$C$1:$C$2"],
      ['list', 'F2:F5', "'LungNB form'!$D$1:$D$2"],
      ['decimal', 'G2:G5', '0'],
      ['textLength', 'H2:H5', '4000'],
    ]);
    expect(sheet()).toContain('0: &lt; 1 %; 1: 1–24 %');
    expect(sheet('xl/workbook.xml')).toMatch(/name="LungNB form"[^>]*state="hidden"/);
  });

  it('says no more beside a cell than Excel takes', async () => {
    const words = Array.from({ length: 30 }, (_, n) => `"pattern number ${n} of thirty"`);
    await write(`classes ggo ask pattern ${words.join(' ')}`);
    const said = (name: string) =>
      Array.from(sheet().matchAll(new RegExp(` ${name}="([^"]*)"`, 'g')), ([, text]) => text!.length);
    expect(Math.max(...said('prompt'))).toBe(255);
    expect(Math.max(...said('error'))).toBe(225);
  });

  it('says what is missing, and what it is no file for', async () => {
    expect(await notebook.problem('export form to "a.xlsx"')).toContain('for cohort');
    expect(await notebook.problem('export form for cohort to "a.csv"')).toContain('.xlsx');
    expect(await notebook.problem('export form for cohort to "a.xlsx" cases 2..9')).toContain('4 patients');
  });
});

describe('a form that was filled in', () => {
  it('is a reader’s table; what is empty was not read', async () => {
    await write('classes ggo, reticulation ask pattern "UIP" "NSIP", ild yes-no, extent percent, comment');
    const [first, second] = texts('B', 4);
    fill({ C2: 0, D2: 4, E2: 'nsip', F2: 'yes', G2: 12.5, H2: 'motion', C3: '2' });
    const { table, cutPoints } = await loaded('filled');
    expect(cutPoints).toEqual([1, 25, 50, 75]);
    const common = { patient: first, region: 'total', case: 1, comment: 'motion', percent: undefined };
    expect(rowsOf(table)).toEqual([
      { ...common, class: 'ggo', score: 0 },
      { ...common, class: 'reticulation', score: 4 },
      { ...common, class: 'pattern', score: 'NSIP' },
      { ...common, class: 'ild', score: 1 },
      { ...common, class: 'extent', score: undefined, percent: 12.5 },
      { patient: second, region: 'total', case: 2, comment: undefined, percent: undefined, class: 'ggo', score: 2 },
    ]);
  });

  it('is read as openpyxl saved it, which writes workbooks otherwise', async () => {
    form = 'byOpenpyxl.xlsx';
    notebook.put(form, readFileSync(new URL('../../fixtures/forms/byOpenpyxl.xlsx', import.meta.url)));
    const { table } = await loaded('openpyxl');
    expect(
      rowsOf(table).map((row) => [row.case, row.patient, row.region, row.class, row.score ?? row.percent]),
    ).toEqual([
      [1, 'P03', 'RLL', 'ggo', 4],
      [1, 'P03', 'total', 'pattern', 'NSIP'],
      [1, 'P03', 'total', 'ild', 1],
      [2, 'P01', 'LLL', 'ggo', 0],
      [2, 'P01', 'total', 'extent', 25],
    ]);
  });

  it('is compared like any reader', async () => {
    await write('by region classes ggo');
    fill({ C2: 0, C3: 1, C4: 2, C5: 3 });
    await loaded('one');
    await notebook.shown(`load "${form}" as two`);
    const [row] = await notebook.rows('agree one with two by region for ggo as same');
    expect(row).toMatchObject({ region: 'total', n: 4, kappa: 1 });
  });

  it('names cells that are not on the scale, and keeps the others', async () => {
    await write('classes ggo, reticulation');
    fill({ C2: 7, D2: 1, D3: 'much', D4: 2.5 });
    const { table } = await loaded('wrong');
    expect(table.numRows()).toBe(1);
    expect(JSON.stringify(notebook.outputs)).toContain('C2 (7), D3 (much), D4 (2.5)');
  });

  it('is refused where answers stand in another patient’s row, or columns were moved', async () => {
    await write('classes ggo');
    fill({ B3: 'P99', C3: 1 });
    expect(await notebook.problem(`load "${form}" as moved`)).toMatch(
      /Cell B3 .* says P99, and case 2 of the form is P0/,
    );
    form = `x${form}`;
    await write('classes ggo');
    fill({ C1: 'Honeycombing' });
    expect(await notebook.problem(`load "${form}" as other`)).toMatch(
      /Cell C1 .*Honeycombing.*Ground-glass opacity Whole lungs/,
    );
  });
});
