/** Every statistic of one class in one region, in long form: what the agreement table has no column for. */
import { fromTo } from '../../protocol/words/lists.ts';
import {
  type AgreementPairs,
  type ConfidenceMethod,
  casesIn,
  categoryName,
  intervalMethods,
  isClustered,
  pairedValues,
  patientClusters,
  planOf,
  resampledIntervals,
  tableOf,
  timesOf,
  USUAL_RESAMPLES,
} from './agreementTable.ts';
import { agreementIndices } from './categories/agreementIndices.ts';
import { categoryAgreement } from './categories/categoryAgreement.ts';
import { type ContingencyTable, totalOf } from './categories/contingency.ts';
import { gwetAgreement } from './categories/gwet.ts';
import { cohenKappa, kappaJackknife } from './categories/kappa.ts';
import { bowker, type ChiSquareTest, stuartMaxwell } from './categories/marginalHomogeneity.ts';
import { exactMcNemar } from './categories/mcnemar.ts';
import { pabak, percentAgreement, withinOneCategory } from './categories/observedAgreement.ts';
import { KAPPA_WEIGHTS, type NamedWeights } from './categories/weights.ts';
import { blandAltman, blandAltmanRatio } from './continuous/blandAltman.ts';
import { concordance } from './continuous/concordance.ts';
import { proportionalBias } from './continuous/proportionalBias.ts';
import { type Interval, undefinedBecause, valueIn } from './estimate.ts';
import {
  type Cases,
  correlationStatistics,
  FISHER,
  intraclassStatistics,
  kappaStatisticOf,
  limitStatistics,
  repeatabilityStatistics,
  SPEARMAN,
} from './namedStatistics.ts';
import { intervalOfResamples, observedOf } from './resampling/bootstrap.ts';
import { twoSidedP } from './resampling/compare.ts';
import { forEachResample } from './resampling/resample.ts';
import { type NamedStatistic, type StatisticRow, statisticRow } from './statisticRow.ts';

/** How the agreement itself was taken: ρ and κ have the same intervals here as there. */
export interface AgreementAsked {
  readonly weights: NamedWeights;
  readonly ci: ConfidenceMethod;
}

const USUAL: AgreementAsked = { weights: { name: 'none', weights: 'none' }, ci: { kind: 'asymptotic' } };

/**
 * `sameScale` says that both sides are in the same unit, so that their differences mean something. Where patients have
 * several cases (pooled lobes), intervals and p are by bootstrap over patients: the formulas need independent cases.
 */
export function allStatistics(
  group: AgreementPairs,
  sameScale: boolean,
  asked: AgreementAsked = USUAL,
): StatisticRow[] {
  const formulas = byFormulas(group, sameScale, asked);
  const statistics = isClustered(group) ? overPatients(formulas, group, sameScale, asked) : formulas;
  const n = casesIn(group);
  return withOwnIntervals(statistics, group, asked).map((statistic) => statisticRow(group, { n, ...statistic }));
}

function byFormulas(group: AgreementPairs, sameScale: boolean, { weights, ci }: AgreementAsked): NamedStatistic[] {
  const [left, right] = pairedValues(group);
  const cases = { times: timesOf(group), confidence: ci.confidence };
  return [
    ...correlationStatistics(left, right, cases),
    ...categorical(group, weights, ci.confidence),
    ...(sameScale ? continuous(left, right, cases) : []),
  ];
}

/** The same statistics with intervals and p over resampled patients; a χ² test, which has no interval, loses its p. */
function overPatients(
  statistics: readonly NamedStatistic[],
  group: AgreementPairs,
  sameScale: boolean,
  asked: AgreementAsked,
): NamedStatistic[] {
  const patients = patientClusters(group);
  const { repetitions, seed } = planOf(group, asked.ci) ?? USUAL_RESAMPLES;
  const { confidence = 0.95 } = asked.ci;
  const values = statistics.map((): number[] => []);
  forEachResample(patients, repetitions, seed, (sample) => {
    const pairs = Array.from(sample, (n) => group.pairs[n]!);
    for (const [n, { value }] of byFormulas({ ...group, pairs }, sameScale, asked).entries())
      if ('value' in value) values[n]!.push(value.value);
  });
  return statistics.map(({ name, value, interval, p, against, remark }, n) => {
    if (!interval || 'undefinedBecause' in value)
      return { name, value, remark, ...(p && { p: undefinedBecause('the test needs independent cases') }) };
    const resampled = intervalOfResamples(
      values[n]!,
      observedOf(patients, () => undefined),
      { repetitions, seed, confidence },
    );
    return {
      name,
      value,
      remark,
      se: resampled.se,
      interval: resampled,
      by: `percentile bootstrap, ${repetitions} samples of patients, seed ${seed}`,
      test: { name: 'bootstrap' },
      ...(p && { p: 'value' in resampled.se ? { value: twoSidedP(values[n]!, against) } : resampled.se }),
    };
  });
}

/** ρ and κ with the intervals that the agreement's own table has, made in the same way. */
function withOwnIntervals(
  statistics: readonly NamedStatistic[],
  group: AgreementPairs,
  { weights, ci }: AgreementAsked,
): NamedStatistic[] {
  const kinds = kappaWeights(weights);
  const names = [SPEARMAN, ...kinds.map(kappaName)];
  const methods = intervalMethods(group, ci);
  const resampled = resampledIntervals(
    group,
    kinds.map((kind) => kind.weights),
    ci,
  );
  const jackknifed = ci.kind === 'jackknife' && !resampled;
  return statistics.map((statistic) => {
    const place = names.indexOf(statistic.name);
    if (place < 0 || 'undefinedBecause' in statistic.value) return statistic;
    if (place === 0) return { ...statistic, ...ownInterval(resampled?.[0]), by: methods.rho };
    const kappa = jackknifed
      ? kappaJackknife(tableOf(group), kinds[place - 1]!.weights, ci.confidence)
      : resampled?.[place];
    return { ...statistic, ...ownInterval(kappa), by: methods.kappa };
  });
}

function ownInterval(made: (Interval & Pick<NamedStatistic, 'se' | 'p'>) | undefined): Partial<NamedStatistic> {
  if (!made) return {};
  return {
    interval: made,
    ...(made.se && { se: made.se }),
    ...(made.p && { p: made.p, test: { name: 'bootstrap' } }),
  };
}

/** The usual weights, then those of the agreement where they are of a table. */
function kappaWeights(own: NamedWeights): readonly NamedWeights[] {
  const usual = KAPPA_WEIGHTS.map((weights): NamedWeights => ({ name: weights, weights }));
  return usual.some(({ weights }) => weights === own.weights) ? usual : [...usual, own];
}

function kappaName({ name }: NamedWeights): string {
  return `Cohen’s κ, ${name === 'none' ? 'unweighted' : name}`;
}

/** Fewer cases than this, in a category or in all others, make what is said of it a matter of single cases. */
const FEW = 3;

function hangsOnFew(left: number, right: number, n: number): string | undefined {
  const fewest = Math.min(left, right, n - left, n - right);
  return fewest < FEW && left + right > 0
    ? `hangs on single cases: the sides have ${left} and ${right} of ${n} in the category`
    : undefined;
}

function categorical(group: AgreementPairs, weights: NamedWeights, confidence: number | undefined): NamedStatistic[] {
  const table = tableOf(group);
  const [agreed, adjusted, within] = [
    percentAgreement(table, confidence),
    pabak(table, confidence),
    withinOneCategory(table, confidence),
  ];
  const indices = agreementIndices(table);
  const [lowest, next, last] = [0, 1, group.categories - 1].map((category) => categoryName(group, category));
  const onAll = `on all ${group.categories} categories of the scale, ${lowest} to ${last}`;
  const cut = `of ${lowest} against ${fromTo(next!, last!)}`;
  return [
    ...kappaWeights(weights).map((kind) =>
      kappaStatisticOf(kappaName(kind), cohenKappa(table, kind.weights, confidence)),
    ),
    ...KAPPA_WEIGHTS.map((kind): NamedStatistic => {
      const gwet = gwetAgreement(table, kind, confidence);
      const name = kind === 'none' ? 'Gwet’s AC1' : `Gwet’s AC2, ${kind}`;
      return { name, interval: gwet, by: 't, Gwet 2014', remark: onAll, ...gwet };
    }),
    { name: 'agreement, %', value: agreed.value, se: agreed.se, interval: agreed, by: 'Wilson' },
    { name: 'agreement within one category, %', value: within.value, se: within.se, interval: within, by: 'Wilson' },
    ...categoryAgreement(table, confidence).flatMap(({ category, specific, kappa, left, right }): NamedStatistic[] => {
      const name = categoryName(group, category);
      const remark = hangsOnFew(left, right, totalOf(table));
      const { value, se } = specific;
      return [
        { name: `agreement in category ${name}, %`, value, se, interval: specific, by: 'delta method', remark },
        kappaStatisticOf(`κ of category ${name} against the rest`, kappa, remark),
      ];
    }),
    { name: 'κ-max', value: indices.kappaMax, remark: 'unweighted' },
    { name: 'PABAK', value: adjusted.value, se: adjusted.se, interval: adjusted, by: 'Wilson', remark: onAll },
    { name: 'prevalence index', value: indices.prevalenceIndex, remark: cut },
    { name: 'bias index', value: indices.biasIndex, remark: cut },
    chiSquareStatistic('Bowker χ²', bowker(table)),
    chiSquareStatistic('Stuart–Maxwell χ²', stuartMaxwell(table)),
    ...(group.categories === 2 ? [mcNemar(table)] : []),
  ];
}

function chiSquareStatistic(name: string, { chiSquare, degreesOfFreedom, p }: ChiSquareTest): NamedStatistic {
  const df = valueIn(degreesOfFreedom);
  return {
    name,
    value: chiSquare,
    p,
    test: { name: 'χ²', value: chiSquare, ...(df === undefined ? {} : { degreesOfFreedom: [df] }) },
  };
}

function mcNemar(table: ContingencyTable): NamedStatistic {
  const { higherLeft, discordant, p } = exactMcNemar(table);
  return {
    name: 'McNemar exact (share higher on the left)',
    n: discordant,
    value: higherLeft,
    p,
    test: { name: 'exact' },
    against: 0.5,
    remark: 'of the pairs in different categories; ½ is no difference',
  };
}

function continuous(left: readonly number[], right: readonly number[], cases: Cases): NamedStatistic[] {
  const { times, confidence } = cases;
  const readings = left.map((value, n) => [value, right[n]!]);
  const lin = concordance(left, right, confidence, times);
  const { slope, p, test } = proportionalBias(left, right, confidence, times);
  return [
    ...intraclassStatistics(readings, times, confidence),
    { name: 'Lin’s concordance', value: lin.concordance, se: lin.se, interval: lin, by: FISHER },
    ...limitStatistics('', blandAltman(left, right, confidence, times), 0),
    ...limitStatistics(', ratio', blandAltmanRatio(left, right, confidence, times), 1),
    { name: 'proportional bias (slope)', value: slope.value, se: slope.se, interval: slope, by: 't', p, test },
    ...repeatabilityStatistics(readings, cases),
  ];
}
