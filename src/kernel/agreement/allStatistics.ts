/** Every statistic of one class in one region, in long form: what the agreement table has no column for. */
import { type AgreementPairs, tableOf, valuesOf } from './agreementTable.ts';
import { agreementIndices } from './categories/agreementIndices.ts';
import { categoryAgreement } from './categories/categoryAgreement.ts';
import { gwetAgreement } from './categories/gwet.ts';
import { cohenKappa } from './categories/kappa.ts';
import { bowker, stuartMaxwell } from './categories/marginalHomogeneity.ts';
import { pabak, percentAgreement, withinOneCategory } from './categories/observedAgreement.ts';
import { KAPPA_WEIGHTS } from './categories/weights.ts';
import { type BlandAltman, blandAltman, blandAltmanRatio } from './continuous/blandAltman.ts';
import { concordance } from './continuous/concordance.ts';
import { INTRACLASS_FORMS, INTRACLASS_NAMES, intraclass } from './continuous/intraclass.ts';
import { proportionalBias } from './continuous/proportionalBias.ts';
import { repeatability } from './continuous/repeatability.ts';
import { kendall } from './correlation/kendall.ts';
import { pearson } from './correlation/pearson.ts';
import { spearman } from './correlation/spearman.ts';
import { type Estimate, type Interval, valueIn } from './estimate.ts';

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

interface Statistic {
  readonly name: string;
  readonly value: Estimate;
  readonly interval?: Interval;
  readonly p?: Estimate;
}

/** `sameScale` says that both sides are in the same unit, so that their differences mean something. */
export function allStatistics(group: AgreementPairs, sameScale: boolean): StatisticRow[] {
  const [left, right] = valuesOf(group);
  return [
    ...correlations(left, right),
    ...categorical(group),
    ...(sameScale ? [...continuous(left, right), ...repeated(left, right)] : []),
  ].map(({ name, value, interval, p }) => ({
    region: group.region,
    class: group.class,
    statistic: name,
    value: valueIn(value),
    ci_low: interval && valueIn(interval.ciLow),
    ci_high: interval && valueIn(interval.ciHigh),
    p: p && valueIn(p),
    note: 'undefinedBecause' in value ? value.undefinedBecause : undefined,
  }));
}

function correlations(left: readonly number[], right: readonly number[]): Statistic[] {
  return Object.entries({ 'Spearman ρ': spearman, 'Pearson r': pearson, 'Kendall τ-b': kendall }).map(
    ([name, correlation]) => {
      const result = correlation(left, right);
      return { name, value: result.coefficient, interval: result, p: result.p };
    },
  );
}

function categorical(group: AgreementPairs): Statistic[] {
  const table = tableOf(group);
  const [agreed, adjusted, within] = [percentAgreement(table), pabak(table), withinOneCategory(table)];
  const indices = agreementIndices(table);
  const [symmetry, margins] = [bowker(table), stuartMaxwell(table)];
  return [
    ...KAPPA_WEIGHTS.map((weights) => {
      const kappa = cohenKappa(table, weights);
      const name = `Cohen’s κ, ${weights === 'none' ? 'unweighted' : weights}`;
      return { name, value: kappa.kappa, interval: kappa, p: kappa.p };
    }),
    ...KAPPA_WEIGHTS.map((weights) => {
      const gwet = gwetAgreement(table, weights);
      return { name: weights === 'none' ? 'Gwet’s AC1' : `Gwet’s AC2, ${weights}`, interval: gwet, ...gwet };
    }),
    { name: 'agreement, %', value: agreed.value, interval: agreed },
    { name: 'agreement within one category, %', value: within.value, interval: within },
    ...categoryAgreement(table).flatMap(({ category, specific, kappa }) => [
      { name: `agreement in category ${category}, %`, value: specific.value, interval: specific },
      { name: `κ of category ${category} against the rest`, value: kappa.kappa, interval: kappa, p: kappa.p },
    ]),
    { name: 'κ-max', value: indices.kappaMax },
    { name: 'PABAK', value: adjusted.value, interval: adjusted },
    { name: 'prevalence index', value: indices.prevalenceIndex },
    { name: 'bias index', value: indices.biasIndex },
    { name: 'Bowker χ²', value: symmetry.chiSquare, p: symmetry.p },
    { name: 'Stuart–Maxwell χ²', value: margins.chiSquare, p: margins.p },
  ];
}

function continuous(left: readonly number[], right: readonly number[]): Statistic[] {
  const icc = intraclass(left.map((value, n) => [value, right[n]!]));
  const lin = concordance(left, right);
  const { slope, p } = proportionalBias(left, right);
  return [
    ...INTRACLASS_FORMS.map((form) => ({
      name: INTRACLASS_NAMES[form],
      value: icc[form].icc,
      interval: icc[form],
      p: icc[form].p,
    })),
    { name: 'Lin’s concordance', value: lin.concordance, interval: lin },
    ...limits('', blandAltman(left, right)),
    ...limits(', ratio', blandAltmanRatio(left, right)),
    { name: 'proportional bias (slope)', value: slope.value, interval: slope, p },
  ];
}

function limits(form: string, { bias, biasP, lower, upper }: BlandAltman): Statistic[] {
  return [
    { name: `bias${form}`, value: bias.value, interval: bias, p: biasP },
    { name: `lower limit of agreement${form}`, value: lower.limit, interval: lower.exact },
    { name: `upper limit of agreement${form}`, value: upper.limit, interval: upper.exact },
  ];
}

function repeated(left: readonly number[], right: readonly number[]): Statistic[] {
  const { withinPatientSd, repeatabilityCoefficient, smallestDetectableChange } = repeatability(
    left.map((value, n) => [value, right[n]!]),
  );
  return [
    { name: 'within-patient SD', value: withinPatientSd.value, interval: withinPatientSd },
    {
      name: 'repeatability coefficient',
      value: repeatabilityCoefficient.value,
      interval: repeatabilityCoefficient,
    },
    {
      name: 'smallest detectable change',
      value: smallestDetectableChange.value,
      interval: smallestDetectableChange,
    },
  ];
}
