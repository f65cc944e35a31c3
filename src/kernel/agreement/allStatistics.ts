/** Every statistic of one class in one region, in long form: what the agreement table has no column for. */
import { type AgreementPairs, pairedValues, patientClusters, tableOf, USUAL_RESAMPLES } from './agreementTable.ts';
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
import { undefinedBecause } from './estimate.ts';
import { intervalOfResamples } from './resampling/bootstrap.ts';
import { twoSidedP } from './resampling/compare.ts';
import { forEachResample } from './resampling/resample.ts';
import { type NamedStatistic, type StatisticRow, statisticRow } from './statisticRow.ts';

/**
 * `sameScale` says that both sides are in the same unit, so that their differences mean something. Where patients have
 * several cases (pooled lobes), intervals and p are by bootstrap over patients: the formulas need independent cases.
 */
export function allStatistics(group: AgreementPairs, sameScale: boolean): StatisticRow[] {
  const formulas = byFormulas(group, sameScale);
  const patients = patientClusters(group);
  const statistics =
    patients.length < group.pairs.length ? overPatients(formulas, group, patients, sameScale) : formulas;
  return statistics.map((statistic) => statisticRow(group, statistic));
}

function byFormulas(group: AgreementPairs, sameScale: boolean): NamedStatistic[] {
  const [left, right] = pairedValues(group);
  return [
    ...correlations(left, right),
    ...categorical(group),
    ...(sameScale ? [...continuous(left, right), ...repeated(left, right)] : []),
  ];
}

/** The same statistics with intervals and p over resampled patients; a χ² test, which has no interval, loses its p. */
function overPatients(
  statistics: readonly NamedStatistic[],
  group: AgreementPairs,
  patients: readonly (readonly number[])[],
  sameScale: boolean,
): NamedStatistic[] {
  const values = statistics.map((): number[] => []);
  forEachResample(patients, USUAL_RESAMPLES.repetitions, USUAL_RESAMPLES.seed, (sample) => {
    const pairs = Array.from(sample, (n) => group.pairs[n]!);
    for (const [n, { value }] of byFormulas({ ...group, pairs }, sameScale).entries())
      if ('value' in value) values[n]!.push(value.value);
  });
  return statistics.map(({ name, value, interval, p, against }, n) => {
    if (!interval || 'undefinedBecause' in value)
      return { name, value, ...(p && { p: undefinedBecause('the test needs independent cases') }) };
    const resampled = intervalOfResamples(values[n]!, patients, () => undefined, USUAL_RESAMPLES);
    return {
      name,
      value,
      interval: resampled,
      ...(p && { p: 'value' in resampled.se ? { value: twoSidedP(values[n]!, against) } : resampled.se }),
    };
  });
}

function correlations(left: readonly number[], right: readonly number[]): NamedStatistic[] {
  return Object.entries({ 'Spearman ρ': spearman, 'Pearson r': pearson, 'Kendall τ-b': kendall }).map(
    ([name, correlation]) => {
      const result = correlation(left, right);
      return { name, value: result.coefficient, interval: result, p: result.p };
    },
  );
}

function categorical(group: AgreementPairs): NamedStatistic[] {
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

function continuous(left: readonly number[], right: readonly number[]): NamedStatistic[] {
  const readings = left.map((value, n) => [value, right[n]!]);
  const lin = concordance(left, right);
  const { slope, p } = proportionalBias(left, right);
  return [
    ...intraclassStatistics(readings),
    { name: 'Lin’s concordance', value: lin.concordance, interval: lin },
    ...limits('', blandAltman(left, right), 0),
    ...limits(', ratio', blandAltmanRatio(left, right), 1),
    { name: 'proportional bias (slope)', value: slope.value, interval: slope, p },
  ];
}

/** The six forms of complete readings, [patient][reader]. */
export function intraclassStatistics(readings: readonly (readonly number[])[]): NamedStatistic[] {
  const icc = intraclass(readings);
  return INTRACLASS_FORMS.map((form) => ({
    name: INTRACLASS_NAMES[form],
    value: icc[form].icc,
    interval: icc[form],
    p: icc[form].p,
  }));
}

function limits(form: string, { bias, biasP, lower, upper }: BlandAltman, against: number): NamedStatistic[] {
  return [
    { name: `bias${form}`, value: bias.value, interval: bias, p: biasP, against },
    { name: `lower limit of agreement${form}`, value: lower.limit, interval: lower.exact },
    { name: `upper limit of agreement${form}`, value: upper.limit, interval: upper.exact },
  ];
}

function repeated(left: readonly number[], right: readonly number[]): NamedStatistic[] {
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
