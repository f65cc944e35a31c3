/** `agree` beyond two readings: against a consensus or each reader, in groups, within a margin, from counts. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

let notebook: TestSession;
beforeEach(() => {
  notebook = startSession();
});

const write = (name: string, rows: readonly (readonly unknown[])[]) =>
  notebook.put(name, rows.map((row) => row.join(',')).join('\n'));

/** A reader's table of ggo from scores by patient; undefined ones are left out. */
function writeReader(
  name: string,
  scores: readonly (number | undefined)[],
  more: (n: number) => unknown = () => 'x',
): void {
  write(`${name}.csv`, [
    ['patient', 'class', 'score', 'site'],
    ...scores.flatMap((score, n) => (score === undefined ? [] : [[`P${n}`, 'ggo', score, more(n)]])),
  ]);
}
const load = (...names: string[]) => names.map((name) => `load "${name}.csv" as ${name}`).join('\n');

describe('agree against several readings', () => {
  const SCORES = {
    one: [0, 1, 2, 3, 1, 0],
    r1: [0, 1, 2, 3, 0, 0],
    r2: [0, 1, 3, 3, 2, undefined],
    r3: [0, 2, 2, 1, 4, 4],
  };
  beforeEach(async () => {
    for (const [name, scores] of Object.entries(SCORES)) writeReader(name, scores);
    await notebook.run(load('one', 'r1', 'r2', 'r3'));
  });

  it('takes the category that most have, and says where there is none', async () => {
    // Majorities 0, 1, 2, 3; P4 has 0, 2, 4, and P5 0, 4.
    const { outputs } = notebook;
    const [row] = await notebook.rows('agree one with r1, r2, r3 against majority for ggo as ag');
    expect(row).toMatchObject({ n: 4, missing: 2, kappa: 1 });
    expect(JSON.stringify(outputs)).toContain(
      'no value where several categories are the most common, and these are left out as missing: Ground-glass opacity, whole lungs (2 patients).',
    );
    expect(notebook.value('ag', 'agreement').names.right).toBe('majority of r1, r2, r3');
  });

  it('takes the median, between two categories the higher one', async () => {
    // Medians 0, 1, 2, 3, 2 and of 0 and 4 exactly 2.
    await notebook.run('agree one with r1, r2, r3 against median for ggo as ag');
    const { pairs } = notebook.value('ag', 'agreement');
    expect(pairs[0]!.pairs.map((pair) => pair.rightCategory)).toEqual([0, 1, 2, 3, 2, 2]);
    await notebook.run('agree one with r1, r2 against median for ggo as two');
    expect(notebook.value('two', 'agreement').pairs[0]!.pairs.map((pair) => pair.rightCategory)).toEqual([
      0, 1, 3, 3, 1,
    ]);
  });

  it('compares with each, and gives the mean of κ with its interval', async () => {
    const rows = await notebook.rows('agree one with r1, r2, r3 against each for ggo as ag');
    expect(rows.map((row) => [row.reader, row.n])).toEqual([
      ['r1', 6],
      ['r2', 5],
      ['r3', 6],
      ['mean of all', 5],
    ]);
    expect(Number(rows[3]!.kappa_ci_low)).toBeLessThan(Number(rows[3]!.kappa));
  });

  it('refuses one reading alone, and several in the place of one', async () => {
    expect(await notebook.problem('agree one with r1 against majority')).toMatch(
      /^too-few: `against majority` needs two/,
    );
    write('many.csv', [
      ['patient', 'class', 'score', 'reader'],
      ['P0', 'ggo', 1, 'x'],
      ['P0', 'ggo', 1, 'y'],
    ]);
    await notebook.run('load "many.csv" as many');
    expect(await notebook.problem('agree many with r1, r2 against majority')).toMatch(
      /^too-many: `against` compares one/,
    );
  });
});

describe('agreements compared', () => {
  /** A reader who agrees with the truth as often as `share`. */
  const scores = (seed: string, share: number, from = 0) => {
    const random = createRandom(seed);
    const truth = createRandom('truth');
    return Array.from({ length: 60 }, (_, n) => {
      const own = Math.floor(truth() * 3);
      const read = random.chance(share) ? own : Math.floor(random() * 3);
      return n < from ? undefined : read;
    });
  };

  it('are non-inferior, inferior or neither, by where their interval lies beside the margin', async () => {
    writeReader('truth', scores('truth', 1));
    writeReader('good', scores('good', 0.9));
    writeReader('alike', scores('alike', 0.9));
    writeReader('bad', scores('bad', 0.1));
    await notebook.run(
      `${load('truth', 'good', 'alike', 'bad')}\nagree truth with good for ggo as g\nagree truth with alike for ggo as a\nagree truth with bad for ggo as b`,
    );
    const verdict = async (source: string) => (await notebook.rows(source))[0]!;
    const worse = await verdict('agree b with g margin 0.1 as worse');
    expect(worse.kappa_verdict).toBe('inferior');
    expect(Number(worse.kappa_not_worse_p)).toBeGreaterThan(0.99);
    expect(await verdict('agree g with b margin 0.1')).toMatchObject({ kappa_verdict: 'superior' });
    const wide = await verdict('agree a with g margin 0.5');
    expect(wide.kappa_verdict).toBe('non-inferior');
    expect(Number(wide.kappa_not_worse_p)).toBeLessThan(0.025);
    expect((await verdict('agree a with g margin 0.0001')).kappa_verdict).toBe('not shown');
    const { title, layout } = await notebook.last('figure', 'plot worse as non-inferiority');
    expect(title).toBe('Is b as good as g, within 0.1?');
    expect((layout.shapes as { x0: number }[]).map(({ x0 }) => x0)).toEqual([-0.1, -0.1]);
    expect(await notebook.problem('agree truth with good margin 0.1')).toMatch(
      /^idle-clause: .*A margin is for two agreements/,
    );
  });

  it('of different patients are compared as independent groups', async () => {
    writeReader('truth', scores('truth', 1), (n) => (n < 30 ? 'north' : 'south'));
    writeReader('mixed', [...scores('good', 0.95).slice(0, 30), ...scores('bad', 0.1).slice(30)]);
    const view = await notebook.last(
      'table',
      `${load('truth', 'mixed')}\nfilter truth where site == "north" as north\nfilter truth where site == "south" as south\nagree north with mixed for ggo as n\nagree south with mixed for ggo as s\nagree n with s`,
    );
    expect(view.notes[0]).toContain('groups without a patient in common');
    const row = Object.fromEntries(view.columns.map(({ name }, n) => [name, view.rows[0]![n]]));
    expect(row).toMatchObject({ n: 60, missing: null });
    expect(Number(row.kappa_ci_low)).toBeGreaterThan(0);
    // The same by a column of groups, with the p of their homogeneity.
    const groups = await notebook.rows('agree truth with mixed by site for ggo');
    expect(groups.map(({ group, n }) => [group, n])).toEqual([
      ['north', 30],
      ['south', 30],
    ]);
    expect(Number(groups[0]!.kappa_p_groups)).toBeLessThan(0.001);
    expect(Number(groups[0]!.kappa) - Number(groups[1]!.kappa)).toBeCloseTo(Number(row.kappa_difference), 12);
    expect(await notebook.problem('agree truth with mixed by ward')).toMatch(
      /^unknown-column: Neither `truth` nor `mixed`/,
    );
  });
});

describe('agree of counts by category', () => {
  it('takes a row per patient, or per patient and category, and numbers of readers that differ', async () => {
    write('wide.csv', [
      ['patient', 'none', 'some', 'much'],
      [1, 3, 0, 0],
      [2, 1, 2, 0],
      [3, 0, 0, 2],
    ]);
    write('long.csv', [
      ['patient', 'category', 'count'],
      [1, 0, 3],
      [2, 0, 1],
      [2, 1, 2],
      [3, 2, 2],
    ]);
    const [wide] = await notebook.rows('load "wide.csv" as wide\nagree wide as w');
    const [long] = await notebook.rows('load "long.csv" as long\nagree long');
    expect(wide).toMatchObject({ n: 3, readings: '2 to 3' });
    expect(long).toEqual(wide);
    const statistics = await notebook.rows('describe w');
    expect(statistics.find(({ statistic }) => statistic === 'Conger’s κ')!.note).toContain('which reading is whose');
    write('bad.csv', [
      ['patient', 'category', 'count'],
      [1, 0, -3],
    ]);
    expect(await notebook.problem('load "bad.csv" as bad\nagree bad')).toMatch(/^bad-count: Row 1 of `bad` has -3/);
  });
});
