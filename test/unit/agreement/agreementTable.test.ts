/** The row of one class: each column against its reference, and how intervals are made. */
import { describe, expect, it } from 'vitest';
import {
  type AgreementPairs,
  agreementRow,
  type ConfidenceMethod,
} from '../../../src/kernel/agreement/agreementTable.ts';
import { pairsOfTable } from '../../../src/kernel/agreement/categories/contingency.ts';
import { kappaStatistic } from '../../../src/kernel/agreement/categories/kappaValue.ts';
import { spearmanStatistic } from '../../../src/kernel/agreement/correlation/spearman.ts';
import { valueIn } from '../../../src/kernel/agreement/estimate.ts';
import { bootstrapInterval } from '../../../src/kernel/agreement/resampling/bootstrap.ts';
import { twoSidedP } from '../../../src/kernel/agreement/resampling/compare.ts';
import { forEachResample } from '../../../src/kernel/agreement/resampling/resample.ts';
import { examples } from './references.ts';

const UNWEIGHTED = { name: 'none', weights: 'none' } as const;

/** Categories of both sides, which are the values too; patients are numbered unless named. */
function groupOf(left: readonly number[], right: readonly number[], patient = (n: number) => `P${n}`): AgreementPairs {
  const pairs = left.map((category, n) => ({
    patient: patient(n),
    left: category,
    right: right[n]!,
    leftCategory: category,
    rightCategory: right[n]!,
  }));
  return { region: 'total', class: 'ggo', pairs, missing: 3, categories: 4 };
}

const { xeromammograms } = examples;
const { left, right } = pairsOfTable(xeromammograms.table);
const rowOf = (ci: ConfidenceMethod, group = groupOf(left, right)) => agreementRow(group, UNWEIGHTED, ci).row;
const close = (value: number) => expect.closeTo(value, 9);

describe('the row of 85 xeromammograms', () => {
  const [kappa, se, low, high, , p] = xeromammograms.kappa.none.map(close);
  const [rho, rhoLow, rhoHigh, rhoP] = xeromammograms.spearman.map(close);

  it('has every coefficient of the references in its column', () => {
    expect(rowOf({ kind: 'asymptotic' })).toEqual({
      region: 'total',
      class: 'ggo',
      n: 85,
      missing: 3,
      rho,
      rho_ci_low: rhoLow,
      rho_ci_high: rhoHigh,
      rho_p: rhoP,
      kappa,
      kappa_se: se,
      kappa_ci_low: low,
      kappa_ci_high: high,
      kappa_p: p,
      weights: 'none',
      percent_agreement: close(xeromammograms.percentAgreement[0]!),
      // Margins 33, 22, 29, 1 and 28, 38, 16, 3: at most 67 of 85 agree, and 2227 of 85² by chance.
      kappa_max: close((67 / 85 - 2227 / 85 ** 2) / (1 - 2227 / 85 ** 2)),
      // (4·54/85 − 1)/3.
      pabak: close((216 / 85 - 1) / 3),
      // Mean margins 61, 60, 45 and 4 of 170; (1 − Σ π²)/3 agree by chance.
      ac1: close((54 / 85 - (1 - 9362 / 28900) / 3) / (1 - (1 - 9362 / 28900) / 3)),
      // Present for both 45, absent for both 21; left alone 7, right alone 12.
      prevalence_index: close(24 / 85),
      bias_index: close(5 / 85),
      strength_rho: 'strong',
      strength_kappa: 'moderate',
    });
  });

  it('has the jackknife’s standard error and interval of κ, and else the same', () => {
    const [jackknife, ciLow, ciHigh] = xeromammograms.jackknife.map(close);
    expect(rowOf({ kind: 'jackknife' })).toEqual({
      ...rowOf({ kind: 'asymptotic' }),
      kappa_se: jackknife,
      kappa_ci_low: ciLow,
      kappa_ci_high: ciHigh,
    });
  });

  it.each(['bootstrap', 'bca'] as const)('has intervals by %s, and p as by the formulas', (kind) => {
    const plan = { repetitions: 200, seed: 7, method: kind === 'bca' ? 'bca' : 'percentile' } as const;
    const ofKappa = bootstrapInterval(85, kappaStatistic(left, right, 4, 'none'), plan);
    const ofRho = bootstrapInterval(85, spearmanStatistic(left, right), plan);
    expect(rowOf({ kind, repetitions: 200, seed: 7 })).toEqual({
      ...rowOf({ kind: 'asymptotic' }),
      rho_ci_low: valueIn(ofRho.ciLow),
      rho_ci_high: valueIn(ofRho.ciHigh),
      kappa_se: valueIn(ofKappa.se),
      kappa_ci_low: valueIn(ofKappa.ciLow),
      kappa_ci_high: valueIn(ofKappa.ciHigh),
    });
  });

  it('draws patients with all their lobes where lobes are pooled, and tests against 0 with them', () => {
    const group = groupOf(left, right, (n) => `P${Math.floor(n / 5)}`);
    const patients = Array.from({ length: 17 }, (_, n) => [0, 1, 2, 3, 4].map((lobe) => 5 * n + lobe));
    const statistic = kappaStatistic(left, right, 4, 'none');
    const values: number[] = [];
    forEachResample(patients, 2000, 1, (sample) => values.push(statistic(sample)!));
    const { ciLow, ciHigh, se } = bootstrapInterval(patients, statistic, { repetitions: 2000, seed: 1 });
    expect(rowOf({ kind: 'asymptotic' }, group)).toMatchObject({
      n: 85,
      kappa,
      kappa_se: valueIn(se),
      kappa_ci_low: valueIn(ciLow),
      kappa_ci_high: valueIn(ciHigh),
      kappa_p: twoSidedP(values),
    });
  });
});

describe('what is said of a row', () => {
  const saidOf = (group: AgreementPairs, ci: ConfidenceMethod = { kind: 'asymptotic' }) => {
    const { remarks } = agreementRow(group, UNWEIGHTED, ci);
    const messages = (isReason: boolean) =>
      remarks.filter(({ code }) => (code === 'empty-cell') === isReason).map(({ message }) => message);
    return { reasons: messages(true), cautions: messages(false) };
  };

  it('is nothing where all has a value', () => {
    expect(saidOf(groupOf(left, right))).toEqual({ reasons: [], cautions: [] });
    expect(saidOf(groupOf(left, right), { kind: 'bootstrap', repetitions: 100, seed: 1 })).toEqual({
      reasons: [],
      cautions: [],
    });
  });

  it('is each reason for empty cells once', () => {
    const { row } = agreementRow(groupOf([1, 1], [1, 1]), UNWEIGHTED, { kind: 'asymptotic' });
    expect(saidOf(groupOf([1, 1], [1, 1])).reasons).toEqual([
      'empty where a correlation needs at least 3 pairs, and there are 2',
      'empty where both sides put every case into the same one category, so nothing exceeds chance',
      'empty where both sides put every case into the same one category',
    ]);
    expect(Object.entries(row).flatMap(([column, value]) => (value === undefined ? [column] : []))).toEqual([
      'rho',
      'rho_ci_low',
      'rho_ci_high',
      'rho_p',
      'kappa',
      'kappa_se',
      'kappa_ci_low',
      'kappa_ci_high',
      'kappa_p',
      'kappa_max',
      'strength_rho',
      'strength_kappa',
    ]);
  });

  it('is that an interval has no width, where it is by the formula', () => {
    const perfect = groupOf([0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2]);
    expect(saidOf(perfect).cautions).toEqual([expect.stringContaining('its interval has no width')]);
    expect(saidOf(perfect, { kind: 'bootstrap', repetitions: 100, seed: 1 }).cautions).not.toContainEqual(
      expect.stringContaining('has no width'),
    );
  });

  it('is how many resamples had no value, patients with several lobes among them', () => {
    const rare = (n: number) => (n === 0 ? 1 : 0);
    const values = Array.from({ length: 8 }, (_, n) => rare(n));
    const [rho, kappa] = saidOf(groupOf(values, values), { kind: 'bootstrap', repetitions: 1000, seed: 1 }).cautions;
    expect(rho).toMatch(/^\d+ of 1000 bootstrap samples have no ρ and are left out of its interval$/);
    expect(kappa).toMatch(/^\d+ of 1000 bootstrap samples have no κ and are left out of its interval$/);
    const [pooled] = saidOf(groupOf(values, values, (n) => `P${Math.floor(n / 2)}`)).cautions;
    expect(pooled).toMatch(/ of 2000 bootstrap samples have no ρ /);
  });
});
