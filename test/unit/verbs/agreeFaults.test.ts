/** `agree` on what researchers really have: other scales, percentages of several readers, counts, excluded patients, other labels. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { TableView } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

type Rows = readonly (readonly unknown[])[];
const write = (name: string, rows: Rows, separator = ',') =>
  notebook.put(name, rows.map((row) => row.join(separator)).join('\n'));
const rowsOf = (source: string) => notebook.rows(source);
async function statisticsOf(source: string): Promise<Record<string, Record<string, unknown>>> {
  return Object.fromEntries((await rowsOf(source)).map((row) => [String(row.statistic), row]));
}
const problemOf = async (source: string) => (await notebook.run(source)).problem;
const notes = () => (notebook.views.at(-1) as TableView).notes.join('\n');
const said = () =>
  notebook.views.flatMap((view) => (view.type === 'messages' ? view.messages.map(({ text }) => text) : []));

/** Two readers, one score each per patient. */
const writeTwo = (left: readonly unknown[], right: readonly unknown[], column = 'score') => {
  for (const [name, scores] of [
    ['a', left],
    ['b', right],
  ] as const)
    write(`${name}.csv`, [['patient', 'class', column], ...scores.map((score, n) => [`P${n}`, 'ggo', score])]);
};
const load = 'load "a.csv" as a\nload "b.csv" as b';

describe('a blank cell', () => {
  it.each([' ', '\u00a0', '%', '-'])('is missing, and no 0: %j', async (blank) => {
    writeTwo([1, 2, 0, blank, 3, 1], [1, 2, 1, 2, 3, 1]);
    const [row] = await rowsOf(`${load}\nagree a with b for ggo`);
    expect(row).toMatchObject({ n: 5, missing: 1 });
    expect(row!.kappa).toBeCloseTo(0.7058823529411764, 12);
  });

  it('is no count, no weight and no volume either', async () => {
    write('counts.csv', [
      ['left', 'right', 'count'],
      [0, 0, 20],
      [0, 1, ' '],
    ]);
    expect(await problemOf('load "counts.csv" as counts\nagree counts')).toMatchObject({
      code: 'bad-count',
      message: 'Row 2 of `counts` has no count; a whole number from 0 is needed.',
    });
    write('costs.csv', [
      ['to', 'none', 'some'],
      ['none', 1, ' '],
      ['some', 0.5, 1],
    ]);
    write('good.csv', [
      ['left', 'right', 'count'],
      [0, 0, 20],
      [0, 1, 3],
      [1, 1, 9],
    ]);
    expect(
      await problemOf('load "costs.csv" as costs\nload "good.csv" as good\nagree good weights table costs'),
    ).toMatchObject({ code: 'weight-table-value', message: 'Row 1, column some of `costs` holds no weight.' });
    write('volumes.csv', [
      ['patient', 'region', 'class', 'percent', 'volume_ml'],
      ['P1', 'total', 'normal', 90, 2700],
      ['P1', 'total', 'ggo', 10, ''],
      ['P2', 'total', 'normal', 80, 2400],
      ['P2', 'total', 'ggo', 20, 600],
    ]);
    const [volume] = await rowsOf('load "volumes.csv" as v\nsummarise v');
    expect(volume!.total).toBe('3000');
  });
});

describe('readings in percent, three or more', () => {
  it('are compared as percentages', async () => {
    // Shrout & Fleiss 1979, table 2: .17, .29, .71.
    const ratings = [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ];
    write('four.csv', [
      ['patient', 'reader', 'class', 'percent'],
      ...ratings.flatMap((row, n) => row.map((value, reader) => [`S${n}`, `J${reader}`, 'ggo', value])),
    ]);
    const [row] = await rowsOf('load "four.csv" as four\nagree four for ggo as all');
    expect(row!.icc).toBeCloseTo(0.29, 2);
    expect(row!.alpha_interval).toBeCloseTo(0.14730785, 7);
    expect(notes()).toContain('compare percentages');
    const statistics = await statisticsOf('describe all');
    expect([statistics['ICC(1,1)']!.value, statistics['ICC(3,1)']!.value].map((v) => Number(v).toFixed(2))).toEqual([
      '0.17',
      '0.71',
    ]);
    expect(statistics['ICC(2,1)']).toMatchObject({ n: 6, df1: 5, df2: 15, note: expect.stringContaining('ICC(A,1)') });
  });
});

describe('the scale', () => {
  it('is the one that is declared, in what depends on it and in the output', async () => {
    writeTwo([0, 0, 1, 1, 1, 0, 1, 0, 1, 0], [0, 0, 1, 1, 1, 0, 1, 0, 0, 1]);
    const [usual] = await rowsOf(`${load}\nagree a with b for ggo`);
    expect(said().join()).toContain('write `scale 0..1`');
    const [row] = await rowsOf('agree a with b for ggo scale 0..1 as g');
    expect([usual!.kappa, row!.kappa]).toEqual([usual!.kappa, usual!.kappa]);
    for (const column of ['pabak', 'ac1']) expect(row![column], column).toBeCloseTo(0.6, 12);
    expect(notes()).toContain('Scale 0 to 1.');
    const statistics = await statisticsOf('describe g');
    expect(statistics['Gwet’s AC2, quadratic']!.value).toBeCloseTo(0.6, 12);
    expect(statistics.PABAK!.note).toContain('on all 2 categories of the scale, 0 to 1');
    expect(notebook.value('g', 'agreement').provenance.parameters).toMatchObject({ scale: '0 to 1', categories: 2 });
  });

  it('may begin at 1, go beyond 4, or be of words, and is that of the exported counts', async () => {
    writeTwo([1, 2, 3, 3, 5, 4], [1, 2, 3, 2, 5, 5]);
    expect(await problemOf(`${load}\nagree a with b for ggo`)).toMatchObject({
      code: 'bad-score',
      message: expect.stringContaining('write `scale 0..5`'),
    });
    const [row] = await rowsOf('agree a with b for ggo scale 1..5 as g\nexport g counts to "counts.csv"\nshow g');
    expect(row!.pabak).toBeCloseTo((5 * (4 / 6) - 1) / 4, 12);
    const [again] = await rowsOf('load "counts.csv" as counts\nagree counts');
    expect(again).toEqual(row);
    notebook.put('w.csv', 'patient,ggo\nP1,none\nP2,mild\nP3,severe\nP4,mild\n');
    notebook.put('x.csv', 'patient,ggo\nP1,none\nP2,mild\nP3,mild\nP4,Mild\n');
    const [words] = await rowsOf(
      'load "w.csv" as w1\nload "x.csv" as w2\nagree w1 with w2 for ggo scale "none", "mild", "severe" as w',
    );
    expect(words).toMatchObject({ n: 4, percent_agreement: 75 });
    expect(Object.keys(await statisticsOf('describe w'))).toContain('agreement in category severe, %');
  });

  it('is refused where percentages have other categories', async () => {
    writeTwo([10, 60], [20, 70], 'percent');
    expect(await problemOf(`${load}\nagree a with b for ggo scale 0..2`)).toMatchObject({ code: 'scale' });
    const [row] = await rowsOf('score a at 5, 50 as a2\nscore b at 5, 50 as b2\nagree a2 with b2 for ggo scale 0..2');
    expect(row!.n).toBe(2);
  });
});

describe('a clause', () => {
  const counts = () =>
    write('counts.csv', [
      ['class', 'left', 'right', 'count'],
      ['ggo', 0, 0, 9],
      ['ggo', 0, 1, 2],
      ['normal', 1, 1, 9],
    ]);

  it('does its work or is refused where it does none', async () => {
    counts();
    writeTwo([0, 1, 2, 1], [0, 1, 1, 1]);
    await rowsOf(`${load}\nload "counts.csv" as counts\nagree a with b for ggo as g\nagree b with a for ggo as h`);
    for (const [source, clause] of [
      ['agree counts by region', 'by'],
      ['agree counts pooling lobes', 'pooling'],
      ['agree g with h weights linear', 'weights'],
      ['agree g with h by region', 'by'],
      ['agree a with b for ggo seed 3', 'seed'],
      ['agree a with b for ggo ci jackknife 500', 'ci jackknife'],
      ['plot g as forest cut 2', 'cut'],
      ['plot g as scatter for ggo scale ratio', 'scale'],
      ['summarise g by region', 'by'],
      ['show a plane coronal', 'plane'],
      ['filter g where n > 1 because "x"', 'because'],
      ['load "a.csv" series "s" as x', 'series'],
      ['param p = 3 step 1', 'step'],
    ] as const) {
      const problem = await problemOf(source);
      expect(problem, source).toMatchObject({ code: 'idle-clause', message: expect.stringContaining(`\`${clause}\``) });
      expect(problem?.span, source).toBeDefined();
    }
    expect((await rowsOf('agree counts for ggo')).map((row) => row.class)).toEqual(['ggo']);
    expect(await problemOf('agree counts for emphysema')).toMatchObject({ code: 'unknown-class' });
    expect(await rowsOf('agree g with h for ggo ci bootstrap 200')).toHaveLength(1);
    expect(await problemOf('agree g with h for normal ci bootstrap 200')).toMatchObject({ code: 'not-compared' });
  });

  it('gives the weights of a published table', async () => {
    const count = (reader: string, ...all: number[]) => all.map((n, category) => ['ggo', reader, category, n, 107]);
    write('published.csv', [
      ['class', 'reader', 'category', 'count', 'n'],
      ...count('AI', 21, 71, 12, 3, 0),
      ...count('radiologist', 14, 78, 10, 4, 1),
    ]);
    await rowsOf('load "published.csv" as p\nagree p');
    const ends = async (weights: string) => {
      const [row] = await rowsOf(`agree p weights ${weights}`);
      return [row!.kappa_least, row!.kappa_most].map((end) => Number(end).toFixed(4));
    };
    // By linear programming (scipy's linprog) over all tables with these margins.
    expect(await ends('none')).toEqual(['-0.2680', '0.8244']);
    expect(await ends('linear')).toEqual(['-0.1559', '0.8438']);
    expect(await ends('quadratic')).toEqual(['-0.8010', '0.8941']);
  });
});

describe('an interval', () => {
  it('is the same in the table and in the statistics, however it is made', async () => {
    writeTwo(
      Array.from({ length: 30 }, (_, n) => n % 5),
      Array.from({ length: 30 }, (_, n) => (n % 3 ? n % 5 : (n + 1) % 5)),
    );
    await rowsOf(load);
    for (const [ci, label] of [
      ['asymptotic', 'Fleiss–Cohen–Everitt'],
      ['jackknife', 'jackknife'],
      ['bootstrap 300 seed 9', 'percentile bootstrap, 300 samples, seed 9'],
      ['bca 300 seed 9', 'BCa bootstrap, 300 samples, seed 9'],
    ] as const)
      for (const weights of ['none', 'linear']) {
        const name = `g_${ci.replace(/\W/g, '_')}_${weights}`;
        const [row] = await rowsOf(`agree a with b for ggo weights ${weights} ci ${ci} as ${name}`);
        expect(notes()).toContain(label);
        const statistics = await statisticsOf(`describe ${name}`);
        const kappa = statistics[`Cohen’s κ, ${weights === 'none' ? 'unweighted' : weights}`]!;
        expect(kappa).toMatchObject({
          value: row!.kappa,
          se: row!.kappa_se,
          ci_low: row!.kappa_ci_low,
          ci_high: row!.kappa_ci_high,
          interval: label,
        });
        expect(statistics['Spearman ρ']).toMatchObject({ ci_low: row!.rho_ci_low, ci_high: row!.rho_ci_high });
      }
  });

  it('that says nothing is said to say nothing, and κ of a single patient too', async () => {
    writeTwo([...new Array(20).fill(0), 1, 2], [...new Array(20).fill(0), 2, 2]);
    const statistics = await statisticsOf(`${load}\nagree a with b for ggo as g\ndescribe g`);
    expect(statistics['agreement in category 1, %']).toMatchObject({ value: 0, ci_low: 0, ci_high: 0 });
    expect(statistics['agreement in category 1, %']!.note).toContain('no width and says nothing of precision');
    expect(statistics['κ of category 2 against the rest']!.note).toContain(
      'hangs on single cases: the sides have 1 and 2 of 22 in the category',
    );
  });

  it('stays within what a coefficient can be', async () => {
    writeTwo([0, 1], [1, 1]);
    const statistics = await statisticsOf(`${load}\nagree a with b for ggo scale 0..1 as g\ndescribe g`);
    for (const [name, { ci_low: low, ci_high: high }] of Object.entries(statistics))
      if (/κ|AC|PABAK/.test(name) && low !== null)
        expect([Number(low) >= -1, Number(high) <= 1], name).toEqual([true, true]);
  });
});

describe('patients who are not compared', () => {
  it('count as missing in a difference where both lack them', async () => {
    writeTwo([0, 1, 2, 3, ''], [0, 1, 1, 3, 2]);
    write('c.csv', [['patient', 'class', 'score'], ...[0, 1, 2, 2, 1].map((score, n) => [`P${n}`, 'ggo', score])]);
    const [row] = await rowsOf(
      `${load}\nload "c.csv" as c\nagree a with b for ggo as g\nagree a with c for ggo as h\nagree g with h ci bootstrap 200`,
    );
    expect(row).toMatchObject({ n: 4, missing: 1 });
  });

  it('are excluded, not missing, where they were left out before, with the reason', async () => {
    writeTwo([0, 1, 2, 3, 1], [0, 1, 1, 3, 2]);
    await rowsOf(`${load}\nexclude "P4" from a because "left lung half segmented" as kept\nshow kept`);
    const [row] = await rowsOf('agree kept with b for ggo as g');
    expect(row).toMatchObject({ n: 4, missing: 0 });
    expect(said().join('\n')).toContain(
      'Left out of `kept` before ("left lung half segmented"), and so not counted as missing: P4.',
    );
    expect(said().join('\n')).not.toContain('not in');
    const [difference] = await rowsOf('agree a with b for ggo as h\nagree g with h ci bootstrap 200');
    expect(difference).toMatchObject({ n: 4, missing: 0 });
  });

  it('are told apart by whether a table has them without a score, or not at all', async () => {
    writeTwo([0, 1, 2, '', 1], [0, 1, 1, 3]);
    await rowsOf(`${load}\nagree a with b for ggo`);
    expect(said()).toEqual(
      expect.arrayContaining([
        '1 patient of `a` is not in `b` and counted as missing: P4.',
        '1 patient of `a` has no value in it and is counted as missing: P3.',
      ]),
    );
  });
});

describe('readers who have not all read every patient', () => {
  it('are compared by methods for incomplete readings, which are named', async () => {
    const truth = [0, 1, 2, 3, 1, 0, 2, 2, 0, 1, 3, 0];
    const readers = ['A', 'B', 'C', 'D'];
    const pairs = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ];
    write('inc.csv', [
      ['patient', 'reader', 'class', 'score'],
      ...truth.flatMap((score, n) =>
        pairs[n % 6]!.map((reader, k) => [`P${n}`, readers[reader], 'ggo', k && n % 4 === 0 ? score + 1 : score]),
      ),
    ]);
    const [row] = await rowsOf('load "inc.csv" as t\nagree t for ggo as g');
    expect(row).toMatchObject({ n: 12, missing: 0 });
    for (const column of ['fleiss_kappa', 'fleiss_ci_low', 'icc', 'icc_ci_low', 'alpha_ordinal', 'kappa_A_B'])
      expect(row![column], column).not.toBeNull();
    expect(notes()).toContain('all have read 0 of 12 patients');
    expect(notes()).toContain('Gwet (2014)');
    const statistics = await statisticsOf('describe g');
    expect(statistics['ICC(2,1), incomplete readings']).toMatchObject({
      value: row!.icc,
      note: expect.stringContaining('irrNA'),
    });
    expect(statistics['Cohen’s κ, unweighted, A and B']!.n).toBe(2);
  });
});

describe('counts', () => {
  it('of millions are no more than their table', async () => {
    const table = [
      [3_000_000, 400_000, 10_000],
      [300_000, 2_000_000, 90_000],
      [20_000, 180_000, 1_500_000],
    ];
    const rows = (times: number) => [
      ['left', 'right', 'count'],
      ...table.flatMap((row, i) => row.map((count, j) => [i, j, count * times])),
    ];
    write('many.csv', rows(1));
    write('few.csv', rows(1e-4));
    const [many] = await rowsOf('load "many.csv" as many\nagree many as m');
    const [few] = await rowsOf('load "few.csv" as few\nagree few as f');
    expect(many!.n).toBe(7_500_000);
    expect(notebook.value('m', 'agreement').pairs[0]!.pairs).toHaveLength(9);
    for (const column of ['rho', 'kappa', 'ac1', 'pabak', 'prevalence_index'])
      expect(many![column], column).toBeCloseTo(Number(few![column]), 12);
    const [ofMany, ofFew] = [await statisticsOf('describe m'), await statisticsOf('describe f')];
    for (const name of ['Pearson r', 'Kendall τ-b', 'Lin’s concordance', 'bias', 'proportional bias (slope)'])
      expect(ofMany[name]!.value, name).toBeCloseTo(Number(ofFew[name]!.value), name.startsWith('K') ? 3 : 9);
    expect(ofMany['ICC(2,1)']).toMatchObject({ n: 7_500_000, df1: 7_499_999 });
  });

  it('give the statistics of as many patients', async () => {
    const [left, right] = [
      [0, 0, 0, 1, 1, 2, 2, 2, 1, 0, 2, 1],
      [0, 0, 1, 1, 1, 2, 2, 1, 1, 1, 2, 0],
    ];
    writeTwo(left!, right!);
    await rowsOf(`${load}\nagree a with b for ggo scale 0..2 as g\nexport g counts to "c.csv"\nshow g`);
    await rowsOf('load "c.csv" as c\nagree c scale 0..2 as h');
    const [ofPatients, ofCounts] = [await statisticsOf('describe g'), await statisticsOf('describe h')];
    expect(Object.keys(ofCounts)).toEqual(Object.keys(ofPatients));
    for (const [name, row] of Object.entries(ofPatients))
      for (const [column, value] of Object.entries(row))
        if (typeof value === 'number') expect(ofCounts[name]![column], `${name} ${column}`).toBeCloseTo(value, 9);
  });

  it('from 1 on are of a scale that begins there', async () => {
    write('counts.csv', [
      ['left', 'right', 'count'],
      [1, 1, 8],
      [1, 2, 2],
      [2, 2, 6],
      [3, 3, 4],
    ]);
    const [row] = await rowsOf('load "counts.csv" as counts\nagree counts');
    expect(row!.pabak).toBeCloseTo((3 * 0.9 - 1) / 2, 12);
    expect(notes()).toContain('Scale 1 to 3.');
  });
});

describe('labels of patients', () => {
  beforeEach(() => {
    write('a.csv', [['patient', 'ggo'], ...[1, 2, 3, 4, 5].map((n) => [`00${n}`, n % 3])]);
    write('b.csv', [['patient', 'ggo'], ...[1, 2, 3, 4, 5].map((n) => [n, n % 2])]);
  });

  it('are matched by their numbers where this is asked for, which is offered where none match', async () => {
    await rowsOf(`${load}\nshow a`);
    const source = 'agree a with b for ggo as g';
    expect(await problemOf(source)).toMatchObject({
      code: 'no-common-patient',
      fixes: [{ title: 'Add `matching numbers`', text: ' matching numbers', span: { startLine: 0, startColumn: 27 } }],
    });
    const [row] = await rowsOf(`${source} matching numbers`);
    expect(row).toMatchObject({ n: 5, missing: 0 });
    expect(notebook.value('g', 'agreement').pairs[0]!.pairs.map(({ patient }) => patient)).toEqual([
      '001',
      '002',
      '003',
      '004',
      '005',
    ]);
  });

  it('are not where a table has a number twice', async () => {
    write('b.csv', [
      ['patient', 'ggo'],
      ['P1', 1],
      ['B1', 2],
    ]);
    expect(await problemOf(`${load}\nagree a with b for ggo matching numbers`)).toMatchObject({
      code: 'patient-spelling',
      message: expect.stringContaining('P1 and B1 with the same number'),
    });
  });
});

describe('tables in other languages and with other names', () => {
  it('are read by one table of synonyms', async () => {
    notebook.put(
      'de.csv',
      'Ergebnisse 2024\nPatient;Lappen;Klasse;Prozent\n007;Gesamt;Milchglas;10,5 %\n008;gesamt;Honigwaben;3 %\n',
    );
    notebook.put(
      'fr.csv',
      'patient;région;classe;pourcentage\n007;total;verre dépoli;10,5\n008;total;rayon de miel;3\n',
    );
    notebook.put('es.csv', 'paciente;región;clase;porcentaje\n007;total;vidrio deslustrado;10,5\n008;total;panal;3\n');
    notebook.put(
      'it.csv',
      'paziente;regione;classe;percentuale\n007;totale;vetro smerigliato;10,5\n008;totale;nido d’ape;3\n',
    );
    await rowsOf('load "de.csv" as de\nload "fr.csv" as fr\nload "es.csv" as es\nload "it.csv" as it');
    for (const other of ['fr', 'es', 'it']) {
      const rows = await rowsOf(`agree de with ${other} for ggo, honeycombing`);
      expect(rows.map(({ class: name, n, percent_agreement: same }) => [name, n, same])).toEqual([
        ['ggo', 1, 100],
        ['honeycombing', 1, 100],
      ]);
    }
    expect((await rowsOf('summarise de')).map((row) => row.total)).toContain('10.5');
  });

  it('are read by the names that `columns` gives', async () => {
    notebook.put('x.csv', 'ID,Typ,Wert\n01,ggo,1\n02,ggo,2\n');
    const rows = await rowsOf('load "x.csv" columns patient "id", class "Typ", score "Wert" as x\nshow x');
    expect(rows[0]).toEqual({ patient: '01', class: 'ggo', score: 1 });
    expect(await problemOf('load "x.csv" columns patient "IDD" as y')).toMatchObject({
      code: 'unknown-column',
      message: 'x.csv has no column "IDD": did you mean `ID`?',
    });
  });
});
