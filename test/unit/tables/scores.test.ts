import { describe, expect, it } from 'vitest';
import { readText, writeText } from '../../../src/kernel/tables/delimited.ts';
import { scaleOfCuts } from '../../../src/kernel/tables/scale.ts';
import { scoresOf } from '../../../src/kernel/tables/scores.ts';

/** Without the numbers of the rows that they were read from. */
const read = (text: string, scale = scaleOfCuts([1, 25, 50, 75])) => {
  const { table, percentColumns } = readText(text, 'r.csv');
  return scoresOf(table, 'r', { scale, percentColumns });
};
const scores = (text: string) =>
  read(text).rows.map(({ patient, region, class: name, score, percent }) => ({
    patient,
    region,
    class: name,
    score,
    percent,
  }));

describe('scoresOf', () => {
  const expected = [
    { patient: '007', region: 'total', class: 'ggo', score: 1, percent: undefined },
    { patient: '007', region: 'RML', class: 'honeycombing', score: 2, percent: undefined },
  ];

  it('reads tidy tables with synonyms, whatever their dialect', () => {
    expect(scores('patient,region,class,score\n007,total,GGO,1\n007,ML,Honeycomb,2\n')).toEqual(expected);
    expect(
      scores('\uFEFFpatient;region;class;score\r\n007;Total;ground glass;1\r\n007;rml;honeycombing;2\r\n'),
    ).toEqual(expected);
    expect(scores('patient\tregion\tclass\tscore\n"007"\ttotal\tground-glass\t1\n007\tRML\th\t2')).toEqual(expected);
    expect(
      scores(
        '[{"patient":"007","region":"total","class":"ggo","score":1},{"patient":"007","region":"RML","class":"honeycombing","score":2}]',
      ),
    ).toEqual(expected);
  });

  it('reads wide tables', () => {
    expect(scores('patient,age,ggo,honeycombing_ML\n007,60,1,2\n')).toEqual(expected);
  });

  it('takes empty cells for missing', () => {
    expect(scores('patient,ggo,emphysema\nP1,1,\nP2,,NA\nP3,0,2\n')).toHaveLength(3);
  });

  it('reads decimal commas', () => {
    expect(scores('patient;class;percent\nP1;ggo;12,5\nP2;ggo;3\n').map((r) => r.percent)).toEqual([12.5, 3]);
  });

  it.each([
    ['patient,class,score\nP1,gg0,1\n', 'Unknown class "gg0" in row 1'],
    ['patient,region,class,score\nP1,total,ggo,1\nP1,LUX,ggo,1\n', 'Unknown region "LUX" in row 2'],
    ['patient,ggo\nP1,1.5\n', 'The score 1.5 in row 1'],
    ['patient,ggo\nP1,some\n', '"some" in row 1, column ggo'],
    ['patient,class,percent\nP1,ggo,101\n', 'The percentage 101'],
    ['a,b\n1,2\n', 'has the columns a, b'],
    ['patient,b\n1,2\n', 'has the columns patient, b'],
    ['Patient ID,class,score\nP1,ggo,1\n', 'its column `Patient ID`, call that `patient`'],
    ['patient,class,score\nP1,gg0,1\n', 'did you mean `ggo`?'],
    ['patient,class,percent\nP1,ggo,"3,5"\n', 'Decimals take a point'],
    ['patient,class,score\nP1,ggo,1\n,reticulation,1\n', 'There is no patient in row 2 of `r`'],
    ['patient,ggo\nP1,1\n,2\n', 'of merged cells, only the first one holds it'],
  ])('says what is wrong in %j', (text, reason) => {
    expect(() => scores(text)).toThrow(reason);
  });
});

describe('readText and writeText', () => {
  it('takes no notice of spaces around names and labels, nor of rows without any value', () => {
    const rows = readText(' patient , ggo\nP01 ,1\n,\n 007,2\n', 'x.csv').table.objects();
    expect(rows).toEqual([
      { patient: 'P01', ggo: 1 },
      { patient: '007', ggo: 2 },
    ]);
  });

  it('asks for names of columns that have none', () => {
    expect(() => readText('patient,,\nP1,ggo,1\n', 'x.csv')).toThrow(
      '2 columns of x.csv have no name. One line must name them all; `skip` passes over lines above it.',
    );
  });

  it('names ragged lines', () => {
    expect(() => readText('a,b\n1,2\n3\n4,5,6\n', 'x.csv')).toThrow('line 3 has 1, line 4 has 3');
  });

  it.each([
    ['{"name": "lungnb"}', 'not a table'],
    ['[1, 2]', 'not a table'],
    ['[{"patient": "P1"', 'cannot be read as JSON'],
    ['[]', 'holds no rows'],
  ])('refuses JSON that is no table: %s', (text, reason) => {
    expect(() => readText(text, 'x.json')).toThrow(reason);
  });

  it('brings a table back as it was', () => {
    const text = 'patient,note,percent\n007,"a, b",1.25\n008,"c ""d""",\n';
    expect(writeText(readText(text, 'x.csv').table, 'csv')).toBe(text);
  });
});
