/** Sheets as people keep them: titles above, names in two rows, names in other languages, percentages in wide columns. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readText } from '../../../src/kernel/tables/delimited.ts';
import { inPercent, percentStyles } from '../../../src/kernel/tables/percentCells.ts';
import { scaleOfCuts, scaleOfRange } from '../../../src/kernel/tables/scale.ts';
import { scoresOf } from '../../../src/kernel/tables/scores.ts';
import { readWorkbook } from '../../../src/kernel/tables/workbook.ts';

const namesOf = (text: string, skip = 0) => readText(text, 'a.csv', { skip }).table.columnNames();
const rowsOf = (text: string) => readText(text, 'a.csv').table.objects();
const scoresIn = (text: string, scale = scaleOfCuts([1, 25, 50, 75])) => {
  const { table, percentColumns } = readText(text, 'a.csv');
  return scoresOf(table, 'a', { scale, percentColumns });
};

describe('titles above the names of columns', () => {
  it.each([
    'Scores of 2024\npatient,class,score\nP1,ggo,1\n',
    'Scores, all of 2024\n\npatient;class;score\nP1;ggo;1\n',
    'Scores of 2024;;\nby Ada;;\npatient;class;score\nP1;ggo;1\n',
  ])('are passed over, and this is said: %j', (text) => {
    const { table, remarks } = readText(text, 'a.csv');
    expect(table.objects()).toEqual([{ patient: 'P1', class: 'ggo', score: 1 }]);
    expect(remarks.map(({ code }) => code)).toEqual(['title-rows']);
  });

  it.each([
    'patient\nP1\nP2\n',
    'patient,\nP1,3\n',
    'patient,note\nP1,\nP2,a\n',
    ',note\nP1,a\n',
    'patient,\nP1,abc\n',
  ])('are none in a table that has names in its first line: %j', (text) => {
    expect(readText(text, 'a.csv').remarks).toEqual([]);
    expect(rowsOf(text)).toHaveLength(text.trimEnd().split('\n').length - 1);
  });

  it('are passed over by number where `skip` says so', () => {
    expect(namesOf('a,b\nc;d\npatient;ggo\nP1;1\n', 2)).toEqual(['patient', 'ggo']);
  });
});

describe('names in two rows', () => {
  it('are joined where they are classes and regions, as merged cells leave them', () => {
    const text = 'patient,GGO,,Reticulation,\n,total,RLL,total,RLL\nP1,1,2,0,1\n';
    expect(namesOf(text)).toEqual(['patient', 'GGO_total', 'GGO_RLL', 'Reticulation_total', 'Reticulation_RLL']);
    expect(scoresIn(text).rows.map(({ region, class: name, score }) => [name, region, score])).toEqual([
      ['ggo', 'total', 1],
      ['ggo', 'RLL', 2],
      ['reticulation', 'total', 0],
      ['reticulation', 'RLL', 1],
    ]);
    expect(namesOf('patient,RLL,,LLL,\n,ggo,emphysema,ggo,emphysema\nP1,1,2,0,1\n')).toContain('emphysema_LLL');
  });

  it('are not where the second row holds values', () => {
    expect(rowsOf('patient,class,region\nP1,ggo,RLL\nP2,ggo,LLL\n')).toHaveLength(2);
  });
});

describe('a wide sheet', () => {
  const percents = (text: string) => scoresIn(text).rows.map(({ percent, score }) => percent ?? `score ${score}`);

  it('holds percentages where its names, its cells or most of its numbers say so', () => {
    expect(percents('patient,ggo_RLL_percent,ggo (%)\nP1,1,2\n')).toEqual([1, 2]);
    expect(percents('patient;ggo_RLL;ggo\nP1;1 %;2,5 %\nP2;0 %;3 %\n')).toEqual([1, 2.5, 0, 3]);
    const read = scoresIn('patient,ggo_RLL,ggo\nP1,12.5,40\nP2,33,2\nP3,0,0\n');
    expect(read.rows.map(({ percent }) => percent)).toEqual([12.5, 40, 33, 2, 0, 0]);
    expect(read.remarks.map(({ code }) => code)).toEqual(['read-as-percent']);
  });

  it('holds scores where a single one is wrong, or all may be of a longer scale', () => {
    expect(() => percents('patient,ggo\nP1,1\nP2,44\nP3,2\n')).toThrow('The score 44 in row 2');
    expect(() => percents('patient,ggo\nP1,7\nP2,9\nP3,10\nP4,8\n')).toThrow('write `scale 0..7`');
    expect(percents('patient,ggo_score\nP1,1\n')).toEqual(['score 1']);
  });

  it('may write class and region in any order and with any sign between', () => {
    const found = (column: string) =>
      scoresIn(`patient,${column}\nP1,1\n`).rows.map((row) => `${row.class} ${row.region}`);
    expect(['ground glass_RLL', 'RLL ggo', 'GGO-LUL', 'ggo.total', 'Milchglas_Mittellappen'].flatMap(found)).toEqual([
      'ggo RLL',
      'ggo RLL',
      'ggo LUL',
      'ggo total',
      'ggo RML',
    ]);
    expect(() => found('total n')).toThrow('A table of scores needs');
  });
});

describe('a percentage', () => {
  it('that cannot be one makes the user look: all of them are 1 or less', () => {
    const codes = (text: string) => scoresIn(text).remarks.map(({ code }) => code);
    const table = (values: readonly string[]) =>
      `patient,class,percent\n${values.map((value, n) => `P${n},ggo,${value}`).join('\n')}\n`;
    expect(codes(table(['0.11', '0.4', '0.2']))).toEqual(['percent-fractions']);
    expect(codes(table(['0.11', '40', '0.2']))).toEqual([]);
    expect(codes(table(['0.1 %', '0.4 %', '0.2 %']))).toEqual([]);
  });
});

describe('a scale', () => {
  it('of words gives the places of its words, and names the one that is none', () => {
    const scale = { low: 0, categories: 3, words: ['none', 'mild', 'severe'], isDeclared: true };
    expect(scoresIn('patient,ggo\nP1,Mild\nP2,severe\nP3,\n', scale).rows.map(({ score }) => score)).toEqual([1, 2]);
    expect(() => scoresIn('patient,ggo\nP1,mld\n', scale)).toThrow('did you mean `mild`?');
  });

  it('goes from one whole number to a higher one', () => {
    expect(scaleOfRange(1, 5)).toMatchObject({ low: 1, categories: 5 });
    for (const [low, high] of [
      [2, 2],
      [0, 1.5],
      [0, 1000],
    ] as const)
      expect(() => scaleOfRange(low, high)).toThrow('A scale goes from');
  });
});

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0&quot; % of lung&quot;"/><numFmt numFmtId="165" formatCode="0.0 %"/></numFmts><fonts><font/></fonts><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;
const text = (cell: string, value: string) => `<c r="${cell}" t="inlineStr"><is><t>${value}</t></is></c>`;
const workbook = (...sheets: readonly (readonly [name: string, rows: readonly string[]])[]) =>
  Buffer.from(
    zipSync({
      'xl/workbook.xml': strToU8(
        `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map(([name], n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`).join('')}</sheets></workbook>`,
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${sheets.map((_, n) => `<Relationship Id="rId${n + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`).join('')}<Relationship Id="rId9" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
      ),
      'xl/styles.xml': strToU8(STYLES),
      ...Object.fromEntries(
        sheets.map(([, rows], n) => [
          `xl/worksheets/sheet${n + 1}.xml`,
          strToU8(
            `<worksheet xmlns="${MAIN}"><sheetData>${rows.map((row, r) => `<row r="${r + 1}">${row}</row>`).join('')}</sheetData></worksheet>`,
          ),
        ]),
      ),
    }),
  );

describe('a workbook', () => {
  it('shows in per cent what is read in per cent, and nothing else', async () => {
    const sheet = [
      text('A1', 'patient') + text('B1', 'percent') + text('C1', 'ratio'),
      `${text('A2', 'P1')}<c r="B2" s="1"><v>0.07</v></c><c r="C2" s="2"><v>0.07</v></c>`,
      `${text('A3', 'P2')}<c r="B3" s="3"><f>A1/2</f><v>0.115</v></c><c r="C3"><v>2</v></c>`,
      `${text('A4', 'P3')}<c r="B4" s="1"/><c r="C4" s="0"><v>3</v></c>`,
    ];
    const { table, percentColumns } = await readWorkbook(workbook(['One', sheet]), 'a.xlsx');
    expect(table.objects()).toEqual([
      { patient: 'P1', percent: 7, ratio: 0.07 },
      { patient: 'P2', percent: 11.5, ratio: 2 },
      { patient: 'P3', percent: undefined, ratio: 3 },
    ]);
    expect(percentColumns).toEqual(['percent']);
    expect(percentStyles(STYLES)).toEqual(new Set([1, 3]));
    expect(inPercent('<c r="AA1" s="1" t="s"><v>0</v></c>', new Set([1])).columns).toEqual(new Set());
  });

  it('has the sheet that is named, below its title', async () => {
    const first = [text('A1', 'a') + text('B1', 'b'), text('A2', '1') + text('B2', '2')];
    const second = [
      text('A1', 'Reader two'),
      '',
      text('A3', 'patient') + text('B3', 'ggo') + text('C3', 'note'),
      text('A4', 'P1'),
    ];
    const bytes = workbook(['One', first], ['Two &amp; more', second]);
    const { table, otherSheets, remarks } = await readWorkbook(bytes, 'a.xlsx', { sheet: 'two & more' });
    expect(table.columnNames()).toEqual(['patient', 'ggo', 'note']);
    expect([otherSheets, remarks.map(({ code }) => code)]).toEqual([['One'], ['title-rows']]);
    await expect(readWorkbook(bytes, 'a.xlsx', { sheet: 'Three' })).rejects.toMatchObject({ code: 'unknown-sheet' });
  });
});
