/** The long table of statistics: which there are, in which order, and what pooled lobes change. */
import { describe, expect, it } from 'vitest';
import type { AgreementPairs } from '../../../src/kernel/agreement/agreementTable.ts';
import { allStatistics } from '../../../src/kernel/agreement/allStatistics.ts';
import { pairsOfTable } from '../../../src/kernel/agreement/categories/contingency.ts';
import { type StatisticRow, statisticRow } from '../../../src/kernel/agreement/statisticRow.ts';
import { examples } from './references.ts';

const { large, mini } = examples.peakFlow;
const { xeromammograms } = examples;
const { left, right } = pairsOfTable(xeromammograms.table);

function groupOf(
  values: readonly (readonly [number, number])[],
  categories: readonly (readonly [number, number])[],
  patient = (n: number) => `P${n}`,
): AgreementPairs {
  const pairs = values.map(([a, b], n) => ({
    patient: patient(n),
    left: a,
    right: b,
    leftCategory: categories[n]![0],
    rightCategory: categories[n]![1],
  }));
  return { region: 'RUL', class: 'ggo', pairs, missing: 0, categories: 4 };
}

const zipped = (a: readonly number[], b: readonly number[]) => a.map((value, n) => [value, b[n]!] as const);
const named = (rows: readonly StatisticRow[]) => Object.fromEntries(rows.map((row) => [row.statistic, row]));
const close = (value: number) => expect.closeTo(value, 9);
const grades = zipped(left, right);
const pooled = (n: number) => `P${Math.floor(n / 5)}`;

const OF_CATEGORIES = [
  'Spearman ρ',
  'Pearson r',
  'Kendall τ-b',
  ...['unweighted', 'linear', 'quadratic'].map((weights) => `Cohen’s κ, ${weights}`),
  'Gwet’s AC1',
  'Gwet’s AC2, linear',
  'Gwet’s AC2, quadratic',
  'agreement, %',
  'agreement within one category, %',
  ...[0, 1, 2, 3].flatMap((category) => [
    `agreement in category ${category}, %`,
    `κ of category ${category} against the rest`,
  ]),
  'κ-max',
  'PABAK',
  'prevalence index',
  'bias index',
  'Bowker χ²',
  'Stuart–Maxwell χ²',
];

describe('every statistic', () => {
  it('stands in one order; those of differences only where both sides have one scale', () => {
    const names = (sameScale: boolean) => allStatistics(groupOf(grades, grades), sameScale).map((row) => row.statistic);
    expect(names(false)).toEqual(OF_CATEGORIES);
    expect(names(true).slice(OF_CATEGORIES.length)).toEqual([
      ...['1,1', '2,1', '3,1', '1,k', '2,k', '3,k'].map((form) => `ICC(${form})`),
      'Lin’s concordance',
      ...['', ', ratio'].flatMap((form) =>
        ['bias', 'lower limit of agreement', 'upper limit of agreement'].map((name) => `${name}${form}`),
      ),
      'proportional bias (slope)',
      'within-patient SD',
      'repeatability coefficient',
      'smallest detectable change',
    ]);
  });

  it('has the references’ value, interval and p, each in its own row', () => {
    const rows = named(allStatistics(groupOf(grades, grades), false));
    for (const [name, weights] of [
      ['unweighted', 'none'],
      ['linear', 'linear'],
      ['quadratic', 'quadratic'],
    ] as const) {
      const [value, se, low, high, , p] = xeromammograms.kappa[weights].map(close);
      expect(rows[`Cohen’s κ, ${name}`]).toEqual({
        region: 'RUL',
        class: 'ggo',
        statistic: `Cohen’s κ, ${name}`,
        n: 85,
        value,
        se,
        ci_low: low,
        ci_high: high,
        interval: 'Fleiss–Cohen–Everitt',
        test: 'z',
        test_value: close(xeromammograms.kappa[weights][0]! / xeromammograms.kappa[weights][4]!),
        df1: undefined,
        df2: undefined,
        p,
        note: undefined,
      });
    }
    const [within, , low, high] = xeromammograms.withinOneCategory.map(close);
    expect(rows['agreement within one category, %']).toMatchObject({ value: within, ci_low: low, ci_high: high });
    const [rho, , , p] = xeromammograms.spearman.map(close);
    expect(rows['Spearman ρ']).toMatchObject({ value: rho, p });
    expect(rows['agreement in category 1, %']!.value).toBeCloseTo((200 * 17) / 60, 9);
    expect(rows['κ of category 1 against the rest']!.value).toEqual(close(xeromammograms.kappaOfCategories[1]![0]!));
    expect(rows['bias index']).toMatchObject({ value: close(5 / 85), ci_low: undefined, p: undefined });
  });

  it('takes differences as left less right, and ratios as left over right', () => {
    const rows = named(
      allStatistics(
        groupOf(
          zipped(large, mini),
          large.map(() => [0, 1]),
        ),
        true,
      ),
    );
    // −2.1 ± 1.96·38.8 l/min (Bland & Altman 1986).
    expect(rows.bias!.value).toBeCloseTo(-36 / 17, 9);
    expect(rows['lower limit of agreement']!.value).toBeCloseTo(-78.1, 1);
    expect(rows['upper limit of agreement']!.value).toBeCloseTo(73.9, 1);
    const geometric = Math.exp(large.reduce((sum, value, n) => sum + Math.log(value / mini[n]!), 0) / 17);
    expect(rows['bias, ratio']!.value).toBeCloseTo(geometric, 12);
    expect(rows['upper limit of agreement, ratio']!.value).toBeGreaterThan(geometric);
  });
});

describe('every statistic of pooled lobes', () => {
  const twice = zipped(left, right).map(([a, b]) => [20 * a + 10, 20 * b + 10] as const);
  const independent = named(allStatistics(groupOf(twice, grades), true));
  const rows = named(allStatistics(groupOf(twice, grades, pooled), true));

  it('keeps its value, and has the interval of resampled patients around it', () => {
    expect(Object.keys(rows)).toEqual(Object.keys(independent));
    for (const [name, row] of Object.entries(rows)) {
      expect(row.value, name).toBe(independent[name]!.value);
      if (row.ci_low === undefined) continue;
      expect(row.ci_low, name).not.toBe(independent[name]!.ci_low);
      expect(row.ci_low, name).toBeLessThanOrEqual(row.value!);
      expect(row.ci_high, name).toBeGreaterThanOrEqual(row.value!);
    }
  });

  it('tests a difference against 0 and a ratio against 1', () => {
    // Every lobe of every patient is 10 % higher on the left.
    const higher = left.map((a) => [22 * (a + 1), 20 * (a + 1)] as const);
    const { bias, ...others } = named(allStatistics(groupOf(higher, grades, pooled), true));
    expect(bias!.p).toBeCloseTo(2 / 2001, 12);
    expect(others['bias, ratio']!.p).toBeCloseTo(2 / 2001, 12);
    // The paper’s meters differ by nothing that 17 people can show.
    const equal = named(
      allStatistics(
        groupOf(
          zipped([...large, ...large], [...mini, ...mini]),
          [...large, ...large].map(() => [0, 1]),
          (n) => `P${n % 17}`,
        ),
        true,
      ),
    );
    expect(equal['bias, ratio']!.p).toBeGreaterThan(0.3);
  });

  it('has no p of a test that needs independent cases, and says so', () => {
    expect(rows['Bowker χ²']).toMatchObject({ p: undefined, note: 'the test needs independent cases' });
    expect(rows['κ-max']).toMatchObject({ p: undefined, note: 'unweighted' });
  });

  it('gives the reason of what has no value, not one of its interval', () => {
    const same = left.map(() => [1, 1] as const);
    const constant = named(allStatistics(groupOf(same, same, pooled), false));
    expect(constant['Cohen’s κ, unweighted']).toMatchObject({
      value: undefined,
      ci_low: undefined,
      note: 'both sides put every case into the same one category, so nothing exceeds chance',
    });
  });
});

describe('a row', () => {
  it('notes the first of its value, interval and p that is empty', () => {
    const place = { region: 'total', class: 'ggo' };
    const empty = (undefinedBecause: string) => ({ undefinedBecause });
    const value = { value: 1 };
    const interval = { ciLow: empty('no interval'), ciHigh: empty('no interval') };
    expect(statisticRow(place, { name: 'x', value, interval, p: empty('no p') }).note).toBe('no interval');
    expect(statisticRow(place, { name: 'x', value, p: empty('no p') }).note).toBe('no p');
    expect(statisticRow(place, { name: 'x', value: empty('nothing'), interval }).note).toBe('nothing');
    expect(statisticRow(place, { name: 'x', value })).toEqual({ ...place, statistic: 'x', value: 1 });
  });
});
