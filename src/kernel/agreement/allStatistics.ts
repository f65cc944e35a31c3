/** Every statistic of one class in one region, in long form: what the agreement table has no column for. */
import { agreementIndices } from './agreementIndices.ts';
import type { AgreementPairs } from './agreementTable.ts';
import { blandAltman } from './blandAltman.ts';
import { concordance } from './concordance.ts';
import { contingencyTable } from './contingency.ts';
import { type Estimate, valueIn } from './estimate.ts';
import { gwetAc2 } from './gwetAc2.ts';
import { ICC_FORMS, intraclassCorrelations } from './icc.ts';
import type { Interval } from './interval.ts';
import { cohenKappa, KAPPA_WEIGHTS } from './kappa.ts';
import { kendallTauB } from './kendall.ts';
import { bowker, stuartMaxwell } from './marginalHomogeneity.ts';
import { pearson } from './pearson.ts';
import { specificAgreement, withinOneCategory } from './specificAgreement.ts';

export interface StatisticRow {
  readonly region: string;
  readonly class: string;
  readonly statistic: string;
  readonly value: number | undefined;
  readonly ci_low: number | undefined;
  readonly ci_high: number | undefined;
  readonly p: number | undefined;
  /** Why there is no value. */
  readonly note: string | undefined;
}

/** `sameScale` says that both sides are in the same unit, so that their differences mean something. */
export function allStatistics(group: AgreementPairs, sameScale: boolean): StatisticRow[] {
  const { pairs, categories } = group;
  const [left, right] = [pairs.map((pair) => pair.left), pairs.map((pair) => pair.right)];
  const table = contingencyTable(
    pairs.map((pair) => pair.leftCategory),
    pairs.map((pair) => pair.rightCategory),
    categories,
  );
  const row = (
    statistic: string,
    estimate: Estimate,
    rest: { interval?: Interval; p?: Estimate } = {},
  ): StatisticRow => ({
    region: group.region,
    class: group.class,
    statistic,
    value: valueIn(estimate),
    ci_low: rest.interval && valueIn(rest.interval.ciLow),
    ci_high: rest.interval && valueIn(rest.interval.ciHigh),
    p: rest.p && valueIn(rest.p),
    note: 'undefinedBecause' in estimate ? estimate.undefinedBecause : undefined,
  });
  const withInterval = (statistic: string, interval: Interval, p?: Estimate) =>
    row(statistic, interval.value, { interval, ...(p ? { p } : {}) });

  const r = pearson(left, right);
  const tau = kendallTauB(left, right);
  const kappas = KAPPA_WEIGHTS.map((weights) => {
    const { kappa, ciLow, ciHigh, p } = cohenKappa(table, weights);
    return withInterval(
      `Cohen's κ, ${weights === 'none' ? 'unweighted' : weights}`,
      { value: kappa, ciLow, ciHigh },
      p,
    );
  });
  const indices = agreementIndices(table);
  const tests = { 'Bowker χ²': bowker(table), 'Stuart–Maxwell χ²': stuartMaxwell(table) };
  return [
    withInterval('Pearson r', r, r.p),
    row('Kendall τ-b', tau.tau, { p: tau.p }),
    ...kappas,
    row('Gwet AC1', indices.ac1),
    row('Gwet AC2, linear', gwetAc2(table, 'linear')),
    row('Gwet AC2, quadratic', gwetAc2(table, 'quadratic')),
    row('agreement, %', indices.percentAgreement),
    row('agreement within one category, %', withinOneCategory(table)),
    ...table.map((_, category) => row(`agreement in category ${category}, %`, specificAgreement(table, category))),
    ...Object.entries(tests).map(([name, test]) => row(name, test.statistic, { p: test.p })),
    ...(sameScale ? continuous(left, right).map(([name, interval, p]) => withInterval(name, interval, p)) : []),
  ];
}

function continuous(left: readonly number[], right: readonly number[]): [string, Interval, Estimate?][] {
  const icc = intraclassCorrelations(left.map((value, n) => [value, right[n]!]));
  const limits = blandAltman(left, right);
  return [
    ...ICC_FORMS.map((form): [string, Interval, Estimate] => [form, icc[form], icc[form].p]),
    ['Lin concordance', concordance(left, right)],
    ['bias', limits.bias],
    ['lower limit of agreement', limits.lowerLimit],
    ['upper limit of agreement', limits.upperLimit],
    ['correlation of difference and mean', limits.proportional, limits.proportional.p],
    ['within-subject SD', limits.withinSubjectSd],
    ['repeatability coefficient', limits.repeatability],
  ];
}
