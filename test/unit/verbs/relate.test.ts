/** `relate`: what is done with each kind of outcome, and what is said of input that is not as it should be. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSession, type TestSession } from '../../harness/session.ts';

const PATIENTS = Array.from({ length: 24 }, (_, n) => `P${String(n + 1).padStart(2, '0')}`);
/** Extents that rise, lung function that falls, with what is no straight line. */
const extentOf = (n: number) => n + (n % 3) / 2;
const wave = (n: number) => [0, 5, -3, 2, -6, 4, 1][n % 7]!;

const columns: Record<string, (n: number) => unknown> = {
  patient: (n) => PATIENTS[n],
  extent: extentOf,
  fvc: (n) => 95 - extentOf(n) + wave(n),
  dlco: (n) => (n === 3 ? 'not done' : n === 7 ? '' : 80 - 1.5 * extentOf(n) - wave(n)),
  age: (n) => 50 + ((n * 7) % 23),
  centre: () => 'Bern',
  sex: (n) => (n % 2 ? 'male' : 'female'),
  severe: (n) => (n > 11 ? 'yes' : 'no'),
  progressed: (n) => ((n * 5) % 24 > 14 - n / 3 ? 1 : 0),
  antibody: (n) => ['Jo-1', 'MDA5', 'none'][n % 3],
  days: (n) => (n === 2 ? -12 : 900 - 25 * n + 11 * wave(n)),
  died: (n) => ((n * 3) % 5 < 2 ? 'yes' : 'no'),
  outcome: (n) => ['dead', 'alive', 'lost'][n % 3],
  remark: (n) => `seen by ${n}`,
  twice: (n) => 2 * extentOf(n),
  scanned: (n) => `2020-01-${String(n + 1).padStart(2, '0')}`,
};
const REGISTRY = [
  Object.keys(columns).join(','),
  ...PATIENTS.map((_, n) =>
    Object.values(columns)
      .map((of) => of(n))
      .join(','),
  ),
].join('\n');
const EXTENTS = [
  'patient,region,class,percent',
  ...PATIENTS.flatMap((patient, n) =>
    ['total', 'RLL'].flatMap((region, r) => [
      `${patient},${region},ggo,${extentOf(n) + r}`,
      `${patient},${region},reticulation,${(n * 11) % 17}`,
    ]),
  ),
].join('\n');

let notebook: TestSession;
beforeAll(async () => {
  notebook = startSession({ files: { 'registry.csv': REGISTRY, 'ai.csv': EXTENTS } });
  await notebook.shown('load "registry.csv" as registry\nload "ai.csv" as ai\njoin ai with registry as both');
}, 60_000);
let cell = 0;
beforeEach(() => {
  cell++;
});
const messages = () =>
  notebook.views.flatMap((view) => ('messages' in view ? view.messages.map(({ text }) => text) : []));
const rows = (source: string) => notebook.rows(`${source} as r${cell}`);
const problem = (source: string) => notebook.problem(`${source} as r${cell}`);

describe('relate', () => {
  it('takes ρ and β of numbers, for each class and region', async () => {
    const found = await rows('relate both percent with fvc for ggo, reticulation by region adjusting age, sex');
    expect(found.map((row) => [row.region, row.class, row.n])).toEqual([
      ['total', 'ggo', 24],
      ['total', 'reticulation', 24],
      ['RLL', 'ggo', 24],
      ['RLL', 'reticulation', 24],
    ]);
    expect(Number(found[0]!.rank)).toBeLessThan(-0.8);
    expect(Number(found[0]!.effect)).toBeCloseTo(-1, 0);
    expect(Number(found[0]!.effect_p_holm)).toBeGreaterThanOrEqual(Number(found[0]!.effect_p));
  });

  it('gives effects per unit, per so many units, and per standard deviation', async () => {
    const effects = await Promise.all(
      ['', ' per 10', ' per sd'].map(async (per, n) => {
        const [row] = await notebook.rows(`relate registry extent with fvc${per} as per${n}`);
        return Number(row!.effect);
      }),
    );
    const x = PATIENTS.map((_, n) => extentOf(n));
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const sd = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (x.length - 1));
    expect(effects[1]).toBeCloseTo(10 * effects[0]!, 9);
    expect(effects[2]).toBeCloseTo(sd * effects[0]!, 9);
  });

  it('takes ranks and odds of yes and no, and says of what', async () => {
    const [row] = await rows('relate registry extent with sex');
    expect([row!.n, row!.events]).toEqual([24, 12]);
    const view = notebook.views.at(-1)!;
    expect('notes' in view && view.notes.join(' ')).toContain('Odds of sex: male against female.');
  });

  it('takes ranks of several groups, and hazard ratios of times', async () => {
    const [groups] = await rows('relate registry extent with antibody');
    expect([groups!.n, groups!.effect]).toEqual([24, undefined]);
    const [times] = await notebook.rows('relate registry extent with days event died as times');
    expect([times!.n, times!.missing, times!.events]).toEqual([23, 1, 9]);
    expect(Number(times!.effect)).toBeGreaterThan(1);
  });

  it('relates within groups, and says whether the effect differs', async () => {
    const found = await rows('relate registry extent with fvc by antibody');
    expect(found.map(({ group, n }) => [group, n])).toEqual([
      ['none', 8],
      ['Jo-1', 8],
      ['MDA5', 8],
    ]);
    const p = found.map((row) => row.effect_p_groups);
    expect(new Set(p).size).toBe(1);
    expect(Number(p[0])).toBeGreaterThan(0.05);
  });

  it('lists every coefficient', async () => {
    await rows('relate registry extent with fvc adjusting age, antibody');
    const found = await notebook.rows(`describe r${cell}`);
    expect(found.map(({ statistic }) => statistic)).toEqual([
      'Spearman’s ρ',
      'β of extent, adjusted',
      'β of extent, alone',
      'β of age',
      'β of antibody: Jo-1 against none',
      'β of antibody: MDA5 against none',
      'intercept',
      'R²',
      'adjusted R²',
    ]);
  });
});

describe('the pictures of relations', () => {
  it('are those that the outcomes have', async () => {
    await notebook.shown(
      'relate both percent with fvc for ggo, reticulation by region as p1\nrelate registry extent with sex, antibody as p2\nrelate registry extent with days event died as p3\nparam cut = 9 in 1..20 step 1',
    );
    const scatter = await notebook.last('figure', 'plot p1 as scatter for ggo in RLL');
    expect(scatter.data.map(({ mode }) => mode)).toEqual(['lines', 'lines', 'markers']);
    expect((await notebook.last('figure', 'plot p1 as forest')).description).toMatch(/^Forest plot of 4 effects/);
    expect((await notebook.last('figure', 'plot p2 as box')).data.map(({ name }) => name)).toEqual([
      'female<br>n 12',
      'male<br>n 12',
      'none<br>n 8',
      'Jo-1<br>n 8',
      'MDA5<br>n 8',
    ]);
    const curves = await notebook.last('figure', 'plot p3 as kaplan-meier');
    expect(curves.data.filter(({ showlegend }) => showlegend)).toHaveLength(3);
    const divided = await notebook.last('figure', 'plot p3 as kaplan-meier at cut');
    expect(divided.title).toBe('died over days by extent of registry at 9');
    expect(divided.data.filter(({ showlegend }) => showlegend).map(({ name }) => name)).toEqual([
      '< 9 (n 7)',
      '≥ 9 (n 16)',
    ]);
    expect((await notebook.last('figure', 'plot p3 as forest')).layout.xaxis).toMatchObject({ type: 'log' });
    expect(await notebook.problem('plot p1 as kaplan-meier')).toMatch(
      /^wrong-kind: `p1` cannot be drawn as `kaplan-meier`\. Write scatter, forest\.$/,
    );
    expect(await notebook.problem('plot p3 as kaplan-meier at 9, 5')).toBe('cut-points: The cuts 9, 5 do not rise.');
  });
});

describe('a relation of several outcomes', () => {
  it('is filtered like any table, with its statistics and its pictures', async () => {
    await notebook.shown('relate registry extent with fvc, sex as mixed');
    expect(await notebook.problem('plot mixed as forest')).toMatch(
      /^not-compared: Slopes and ratios have no axis in common/,
    );
    await notebook.shown('filter mixed where outcome == "fvc" as slopes');
    expect((await notebook.last('figure', 'plot slopes as forest')).description).toMatch(/^Forest plot of 1 effect:/);
    expect((await notebook.rows('describe slopes')).map(({ statistic }) => statistic)).toEqual([
      'fvc, Spearman’s ρ',
      'fvc, β of extent',
      'fvc, intercept',
      'fvc, R²',
      'fvc, adjusted R²',
    ]);
    await notebook.shown('export mixed statistics to "mixed.csv"');
  });
});

describe('input that is not as it should be', () => {
  it('with texts among numbers counts them as missing, and names them', async () => {
    const [row] = await rows('relate registry extent with dlco');
    expect([row!.n, row!.missing]).toEqual([22, 2]);
    expect(messages()).toEqual([
      '1 cell of `dlco` in `registry` is no number and counts as missing: "not done" of P04. Write a number, or leave the cell empty.',
      '2 patients have no dlco: P04, P08.',
    ]);
  });

  it('with a constant covariate is related without it', async () => {
    const [row] = await rows('relate registry extent with fvc adjusting centre, age');
    expect(Number(row!.effect)).toBeLessThan(0);
    expect(messages()).toEqual([
      '`centre` is the same for all patients, and so not adjusted for there. Leave it out of `adjusting`.',
    ]);
  });

  it('with separation keeps the rank test, and says why there are no odds', async () => {
    const [row] = await rows('relate registry extent with severe');
    // The values meet at one extent, so that odds still have no end.
    expect(row!.rank).toBeCloseTo(1 - 1 / 144, 9);
    expect(row!.effect ?? undefined).toBeUndefined();
    const view = notebook.views.at(-1)!;
    expect('notes' in view && view.notes.join(' ')).toMatch(
      /extent tells both outcomes apart without error \(separation\)/,
    );
  });

  it('with a hazard ratio that changes over time warns', async () => {
    // The first half die in the order of their extent, the second in the reverse order.
    const rows = Array.from({ length: 40 }, (_, n) => [`Q${n}`, n < 20 ? 40 - n : n, n + 1, 1]);
    notebook.put(
      'changing.csv',
      [['patient', 'extent', 'days', 'died'], ...rows].map((row) => row.join(',')).join('\n'),
    );
    await notebook.shown('load "changing.csv" as changing');
    await notebook.shown('relate changing extent with days event died as changes');
    expect(messages().join()).toMatch(
      /The hazard ratio of the column changes over time \(p .*, Grambsch and Therneau\)/,
    );
  });

  it('with few events warns, and with fewer than variables has no ratio', async () => {
    await rows('relate registry extent with days event died adjusting age, sex, antibody');
    expect(messages()).toContain(
      '9 events for 5 variables: below 10 for each, estimates are unreliable. Adjust for fewer.',
    );
    const [row] = await notebook.rows(
      'filter registry where days > 600 as long\nrelate long extent with days event died adjusting age, sex, antibody, fvc, dlco as few',
    );
    expect(row!.effect ?? undefined).toBeUndefined();
  });

  it('with a negative follow-up counts it as missing, and names the patient', async () => {
    await rows('relate registry extent with days event died');
    expect(messages()).toContain(
      'The follow-up of 1 patient is below 0 and counts as missing: -12 of P03. Dates may be swapped: correct `days`.',
    );
    expect(messages()).toContain('1 patient has no follow-up to died: P03.');
  });

  it('says what an event has to be, and what free text and dates are no good for', async () => {
    expect(await problem('relate registry extent with days event outcome')).toMatch(
      /^not-yes-no: "lost" of P03 in `outcome` of `registry` is neither yes nor no\. Write 1 where the event happened/,
    );
    expect(await problem('relate registry extent with remark')).toMatch(
      /^free-text: `remark` of `registry` has 24 different texts/,
    );
    expect(await problem('relate registry extent with scanned')).toMatch(
      /^free-text: `scanned` of `registry` holds dates/,
    );
    expect(await problem('relate registry extent with fvc, dlco event died')).toMatch(
      /^too-many: `event` belongs to one column/,
    );
    expect(await problem('relate ai percent with fvc')).toMatch(
      /^unknown-column: `ai` has no column `fvc`.* What another table has comes beside it by `join ai with … as …`\.$/,
    );
  });

  it('says which variable follows from the others', async () => {
    const [row] = await rows('relate registry extent with fvc adjusting twice');
    expect(row!.effect ?? undefined).toBeUndefined();
    const view = notebook.views.at(-1)!;
    expect('notes' in view && view.notes.join(' ')).toContain(
      'twice follows from the other variables: leave one of them out of `adjusting`',
    );
  });
});

describe('plot and summarise by a column', () => {
  it('show the groups with n and a test between them', async () => {
    const box = await notebook.last('figure', 'plot both as box for ggo by sex');
    expect(box.data.map(({ name }) => name)).toEqual(['female<br>n 12', 'male<br>n 12']);
    expect(box.description).toMatch(/Mann–Whitney, rank-biserial r/);
    const numbers = await notebook.last('figure', 'plot registry as box on fvc by antibody');
    expect(numbers.description).toMatch(/Kruskal–Wallis, ε²/);
    const stacked = await notebook.last('figure', 'plot both as stacked for ggo in RLL by sex');
    expect(stacked.data[0]!.x).toEqual(['female (n 12)', 'male (n 12)']);
    const [row] = await notebook.rows('summarise both by sex for ggo');
    expect(Object.keys(row!)).toEqual(['class', 'group_female', 'group_male', 'effect', 'p', 'p_holm']);
    expect(await notebook.problem('plot both as box in RLL')).toMatch(/^idle-clause: `in` does nothing without `by`/);
    expect(await notebook.problem('plot registry as box on fvc')).toMatch(/^missing-clause: `on fvc` draws groups/);
  });
});
