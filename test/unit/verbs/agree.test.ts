/** `agree` as a notebook runs it: contingency tables, weights of one's own, pooled lobes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import type { TableView } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

const write = (name: string, rows: readonly (readonly unknown[])[]) =>
  notebook.put(name, rows.map((row) => row.join(',')).join('\n'));
const rowsOf = (source: string) => notebook.rows(source);
async function statisticsOf(source: string): Promise<Record<string, Record<string, unknown>>> {
  return Object.fromEntries((await rowsOf(source)).map((row) => [String(row.statistic), row]));
}
const problemOf = async (source: string) => (await notebook.run(source)).problem;

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

  it('lists every statistic with intervals over patients, and no test that needs independent cases', async () => {
    writeReaders(30);
    await rowsOf('load "left.csv" as left');
    await rowsOf('load "right.csv" as right');
    await rowsOf('agree left with right for ggo pooling lobes as pooled');
    const [row] = await rowsOf('show pooled');
    const statistics = await statisticsOf('describe pooled');
    await rowsOf('agree left with right for ggo by region as lobes');
    const ofOneLobe = (await rowsOf('describe lobes')).filter(({ region }) => region === 'RUL');
    const one = Object.fromEntries(ofOneLobe.map((line) => [String(line.statistic), line]));
    const kappa = statistics['Cohen’s κ, unweighted']!;
    for (const [own, column] of [
      [kappa.value, 'kappa'],
      [kappa.ci_low, 'kappa_ci_low'],
      [kappa.ci_high, 'kappa_ci_high'],
    ] as const)
      expect(own, column).toBeCloseTo(Number(row![column]), 12);
    for (const name of ['Gwet’s AC1', 'agreement, %', 'ICC(2,1)', 'upper limit of agreement']) {
      const width = (line: Record<string, unknown>) => Number(line.ci_high) - Number(line.ci_low);
      expect(width(statistics[name]!) / width(one[name]!), name).toBeGreaterThan(0.7);
      expect(width(statistics[name]!) / width(one[name]!), name).toBeLessThan(1.4);
    }
    expect(statistics['Bowker χ²']).toMatchObject({ p: null, note: 'the test needs independent cases' });
  });
});

describe('agree of a table with a column reader', () => {
  const READINGS = [
    ['patient', 'reader', 'class', 'score'],
    ...[0, 0, 1, 2, 1, 3].flatMap((score, n) => [
      [`P${n}`, 'Ada', 'ggo', score],
      [`P${n}`, 'Ben', 'ggo', Math.min(4, score + (n % 3 === 0 ? 1 : 0))],
    ]),
  ];

  it('compares its two readers with each other', async () => {
    write('both.csv', READINGS);
    const [row] = await rowsOf('load "both.csv" as both\nagree both for ggo');
    expect(row).toMatchObject({ class: 'ggo', n: 6, missing: 0 });
    // Four of six in the same category.
    expect(row!.percent_agreement).toBeCloseTo((100 * 4) / 6, 12);
  });

  it('takes each of them as a reading beside others', async () => {
    write('both.csv', READINGS);
    write('ai.csv', [
      ['patient', 'class', 'percent'],
      ...[0, 30, 3, 26, 4, 50].map((percent, n) => [`P${n}`, 'ggo', percent]),
    ]);
    const [row] = await rowsOf('load "both.csv" as both\nload "ai.csv" as ai\nagree ai with both for ggo as all');
    expect(row).toMatchObject({ n: 6, missing: 0 });
    expect(Object.keys(row!)).toEqual(expect.arrayContaining(['kappa_ai_Ada', 'kappa_ai_Ben', 'kappa_Ada_Ben']));
  });

  it('names the row that names no reader', async () => {
    write('both.csv', [...READINGS, ['P9', '', 'ggo', 1]]);
    expect(await problemOf('load "both.csv" as both\nagree both for ggo')).toMatchObject({
      code: 'no-reader',
      message: 'Row 13 of `both` names no reader, and other rows do.',
    });
  });
});

describe('agree of several readings', () => {
  const SCORES = [0, 0, 1, 2, 1, 3, 0, 2];
  const writeThree = () => {
    for (const [name, shift] of [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ] as const)
      write(`${name}.csv`, [
        ['patient', 'class', 'score'],
        ...SCORES.map((score, n) => [`P${n}`, 'ggo', (n + shift) % 4 === 0 ? Math.min(4, score + 1) : score]),
      ]);
  };
  const load = 'load "a.csv" as a\nload "b.csv" as b\nload "c.csv" as c';

  it('cuts all percentages where any of them was scored', async () => {
    writeThree();
    write('ai.csv', [['patient', 'class', 'percent'], ...SCORES.map((score, n) => [`P${n}`, 'ggo', 10 * score])]);
    await rowsOf(`${load}\nload "ai.csv" as ai\nscore ai at 5, 15, 25, 35 as scored`);
    const [middle] = await rowsOf('agree a with scored, b for ggo');
    const [last] = await rowsOf('agree a with b, scored for ggo');
    expect(middle!.kappa_a_scored).toBe(last!.kappa_a_scored);
    expect(middle!.fleiss_kappa).toBe(last!.fleiss_kappa);
  });

  it('is described by κ of each category and pair, every α with its interval, and every ICC', async () => {
    writeThree();
    await rowsOf(`${load}\nagree a with b, c for ggo as three`);
    const statistics = await statisticsOf('describe three');
    expect(Object.keys(statistics)).toEqual([
      'Fleiss’ κ',
      ...[0, 1, 2, 3, 4].map((category) => `Fleiss’ κ of category ${category}`),
      ...['nominal', 'ordinal', 'interval'].map((level) => `Krippendorff’s α, ${level}`),
      ...['agreement of two readers (0–1)', 'Gwet’s AC1', 'Brennan–Prediger', 'Fleiss’ κ, all readings', 'Conger’s κ'],
      ...['1,1', '2,1', '3,1', '1,k', '2,k', '3,k'].map((form) => `ICC(${form})`),
      ...['a and b', 'a and c', 'b and c'].map((pair) => `Cohen’s κ, unweighted, ${pair}`),
      'mean pairwise κ, unweighted',
    ]);
    const alpha = statistics['Krippendorff’s α, ordinal']!;
    expect(Number(alpha.ci_low)).toBeLessThan(Number(alpha.value));
    expect(Number(alpha.ci_high)).toBeGreaterThan(Number(alpha.value));
    expect(statistics['Fleiss’ κ']).toMatchObject({ p_holm: statistics['Fleiss’ κ']!.p });
  });

  it('refuses what is for two readings, and does not pass over it', async () => {
    writeThree();
    await rowsOf(load);
    expect(await problemOf('agree a with b, c for ggo pooling lobes')).toMatchObject({ code: 'two-readings-only' });
    expect(await problemOf('agree a with b, c for ggo ci jackknife')).toMatchObject({ code: 'two-readings-only' });
  });
});

describe('agree of two agreements', () => {
  const writeSides = (score: (n: number) => number) => {
    for (const name of ['left', 'right', 'other'])
      write(`${name}.csv`, [
        ['patient', 'class', 'score'],
        ...Array.from({ length: 12 }, (_, n) => [`P${n}`, 'ggo', score(n + (name === 'other' ? n % 3 : 0))]),
      ]);
  };
  const agreements =
    'load "left.csv" as left\nload "right.csv" as right\nload "other.csv" as other\nagree left with right for ggo as same\nagree left with other for ggo as another';

  it('takes BCa intervals where they are asked for, and refuses those that are no bootstrap', async () => {
    writeSides((n) => n % 5);
    await rowsOf(agreements);
    const [percentile] = await rowsOf('agree same with another ci bootstrap 500');
    const [bca] = await rowsOf('agree same with another ci bca 500');
    expect(bca!.kappa_difference).toBe(percentile!.kappa_difference);
    expect(bca!.kappa_ci_low).not.toBe(percentile!.kappa_ci_low);
    expect(percentile).toMatchObject({ rho_p_holm: percentile!.rho_p, kappa_p_bh: percentile!.kappa_p, missing: 0 });
    expect(await problemOf('agree same with another ci jackknife')).toMatchObject({ code: 'bootstrap-only' });
  });

  it('heads its columns as those of differences', async () => {
    writeSides((n) => n % 5);
    await rowsOf(`${agreements}\nagree same with another ci bootstrap 200`);
    const headings = (notebook.views.at(-1) as TableView).columns.map(({ label }) => label);
    expect(headings.slice(4)).toEqual(
      ['ρ', 'κ']
        .flatMap((sign) => [`Δ${sign} [95 % CI]`, `Δ${sign} low`, `Δ${sign} high`, `p (Δ${sign})`])
        .concat(['ρ', 'κ'].flatMap((sign) => [`p (Δ${sign}, Holm)`, `p (Δ${sign}, BH)`])),
    );
  });

  it('leaves empty what has no value, and says why', async () => {
    writeSides(() => 1);
    const [row] = await rowsOf(`${agreements}\nagree same with another ci bootstrap 200`);
    expect(row).toMatchObject({ n: 12, rho_difference: null, kappa_difference: null, kappa_p: null });
    expect((notebook.views.at(-1) as TableView).notes.join(' ')).toContain(
      'κ empty where at least one of the two statistics has no value for these data',
    );
  });
});

describe('agree by bootstrap', () => {
  it('draws 2000 samples where nothing else is said', async () => {
    write('few.csv', [
      ['patient', 'class', 'score'],
      ['P1', 'ggo', 0],
      ['P2', 'ggo', 1],
      ['P3', 'ggo', 2],
    ]);
    await rowsOf('load "few.csv" as few\nagree few with few for ggo ci bootstrap as ag');
    expect(notebook.value('ag', 'agreement').provenance.parameters).toMatchObject({ repetitions: 2000 });
  });

  it('says how many samples gave no value', async () => {
    write('rare.csv', [
      ['patient', 'class', 'score'],
      ...Array.from({ length: 20 }, (_, n) => [`P${n}`, 'ggo', n < 2 ? 1 : 0]),
    ]);
    await rowsOf('load "rare.csv" as rare\nagree rare with rare for ggo ci bootstrap 1000 as ag');
    await rowsOf('show ag');
    const notes = notebook
      .value('ag', 'agreement')
      .remarks.map(({ message }) => message)
      .join('\n');
    // No patient of the two in a sample: 0.9 to the power of 20, 12 %.
    const left = Number(/(\d+) of 1000 bootstrap samples have no κ/.exec(notes)?.[1]);
    expect(left).toBeGreaterThan(90);
    expect(left).toBeLessThan(155);
  });
});

describe('rows of an agreement', () => {
  it('keep what is said of them, and lose what is said of others', async () => {
    write('rare.csv', [
      ['patient', 'class', 'score'],
      ...Array.from({ length: 20 }, (_, n) => [`P${n}`, 'ggo', n < 2 ? 1 : 0]),
      ...Array.from({ length: 20 }, (_, n) => [`P${n}`, 'normal', n % 5]),
    ]);
    await rowsOf('load "rare.csv" as rare\nagree rare with rare for ggo, normal as ag');
    const notes = () => (notebook.views.at(-1) as TableView).notes.join(' ');
    await rowsOf('describe ag');
    expect(notes()).toContain('Ground-glass opacity, whole lungs (2 and 2 of 20 patients): κ hangs on single patients');
    await rowsOf('filter ag where class == "normal" as normal_only');
    await rowsOf('describe normal_only');
    expect(notes()).toContain('Normal, whole lungs: ');
    expect(notes()).not.toContain('Ground-glass');
  });
});

describe('contingency tables of an agreement', () => {
  it('are exported on the full scale, and read again with the same κ', async () => {
    write('left.csv', [['patient', 'class', 'score'], ...[0, 0, 1, 1, 3].map((score, n) => [`P${n}`, 'ggo', score])]);
    write('right.csv', [['patient', 'class', 'score'], ...[0, 1, 1, 1, 3].map((score, n) => [`P${n}`, 'ggo', score])]);
    const [row] = await rowsOf(
      'load "left.csv" as left\nload "right.csv" as right\nagree left with right for ggo weights linear as ag\nexport ag counts to "counts.csv"\nshow ag',
    );
    const [again] = await rowsOf('load "counts.csv" as counts\nagree counts weights linear');
    expect(again).toEqual(row);
  });

  it('share one scale, so that weighted κ does not hang on which categories a class uses', async () => {
    write('counts.csv', [
      ['class', 'left', 'right', 'count'],
      ['ggo', 0, 0, 4],
      ['ggo', 0, 1, 2],
      ['ggo', 1, 1, 5],
      ['normal', 4, 4, 3],
      ['normal', 3, 4, 3],
    ]);
    const [ggo] = await rowsOf('load "counts.csv" as counts\nagree counts weights quadratic');
    expect(ggo!.pabak).toBeCloseTo((5 * (9 / 11) - 1) / 4, 12);
  });
});

describe('agree of two tables', () => {
  const scores = (name: string, labels: readonly string[]) =>
    write(name, [['patient', 'ggo', 'emphysema'], ...labels.map((label, n) => [label, n % 3, 0])]);
  const LABELS = ['P01', 'P02', 'P03', 'P04', 'P05'];

  it.each([
    [['p01', 'p02', 'p03', 'p04', 'p05'], 'p01 for P01, p02 for P02, p03 for P03, p04 for P04, p05 for P05.'],
    [['P1', 'P2', 'P3', 'P4', 'P5'], 'P1 for P01,'],
    [['1', '2', '3', '4', '5'], '1 for P01,'],
  ])('says which labels are the same but for their spelling: %j', async (labels, expected) => {
    scores('a.csv', LABELS);
    scores('b.csv', labels);
    const problem = await problemOf('load "a.csv" as a\nload "b.csv" as b\nagree a with b for ggo');
    expect(problem?.code).toBe('no-common-patient');
    expect(problem?.message).toContain(`Labels must be equal to the letter, and \`b\` has ${expected}`);
  });

  it('asks about a single label that is spelled otherwise, but not where letters may say where a patient is from', async () => {
    scores('a.csv', LABELS);
    scores('b.csv', ['P01', 'P02', 'P03', 'P04', 'p5']);
    scores('c.csv', ['P01', 'P02', 'P03', 'P04', 'B05']);
    await rowsOf(
      'load "a.csv" as a\nload "b.csv" as b\nload "c.csv" as c\nagree a with b for ggo\nagree a with c for ggo',
    );
    const said = notebook.views.flatMap((v) => (v.type === 'messages' ? v.messages.map(({ text }) => text) : []));
    expect(said.filter((text) => text.includes('spelled otherwise'))).toEqual([
      'The same patients spelled otherwise? `b` has p5 for P05. Labels must be equal to the letter, or `matching numbers` written.',
    ]);
  });

  it('says that a table holds no score at all', async () => {
    scores('a.csv', LABELS);
    write('b.csv', [['patient', 'ggo'], ...LABELS.map((label) => [label, ''])]);
    expect(await problemOf('load "a.csv" as a\nload "b.csv" as b\nagree a with b for ggo')).toMatchObject({
      code: 'no-scores',
    });
  });

  it('compares a class once that is named twice, and gives each reason for an empty cell once', async () => {
    scores('a.csv', LABELS.slice(0, 2));
    scores('b.csv', LABELS.slice(0, 2));
    const rows = await rowsOf(
      'load "a.csv" as a\nload "b.csv" as b\nagree a with b for ggo, "ground-glass", G, emphysema',
    );
    expect(rows.map((row) => row.class)).toEqual(['ggo', 'emphysema']);
    const { notes } = notebook.views.at(-1) as TableView;
    expect(notes[0]).toBe(
      'Ground-glass opacity, whole lungs; Emphysema, whole lungs: empty where a correlation needs at least 3 pairs, and there are 2.',
    );
    expect(notes).toContain(
      'Ground-glass opacity, whole lungs (1 and 1 of 2 patients): κ hangs on single patients where so few have the class.',
    );
  });
});
