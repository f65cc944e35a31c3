/** Every statistic of two sides that are measured in the same unit, in long form, and the main ones as a row. */
import { pearson } from '../correlation/pearson.ts';
import { spearman } from '../correlation/spearman.ts';
import { defined, type Estimate, type Interval, type Test, undefinedBecause, valueIn } from '../estimate.ts';
import {
  correlationStatistics,
  FISHER,
  intraclassStatistics,
  limitStatistics,
  repeatabilityStatistics,
} from '../namedStatistics.ts';
import { type NamedStatistic, undefinedReason } from '../statisticRow.ts';
import { blandAltman, blandAltmanRatio } from './blandAltman.ts';
import { concordance } from './concordance.ts';
import { deming } from './deming.ts';
import { intraclass } from './intraclass.ts';
import type { LeastSquares } from './leastSquares.ts';
import { type MeasureGroup, meansOfPatients, repeatedLimits } from './measurePairs.ts';
import type { NestedLimits } from './nestedLimits.ts';
import { passingBablok } from './passingBablok.ts';
import { regressionLimits } from './regressionLimits.ts';
import { toleranceIntervals } from './toleranceInterval.ts';

export interface LimitsOfGroup {
  readonly bias: Interval & { readonly value: Estimate };
  readonly biasP: Estimate;
  readonly sd: Estimate;
  readonly lower: Interval & { readonly value: Estimate };
  readonly upper: Interval & { readonly value: Estimate };
}

/** Bias and limits: nested ones where patients were measured repeatedly, else with exact intervals. */
export function limitsOfGroup(group: MeasureGroup, confidence: number): LimitsOfGroup {
  const nested = repeatedLimits(group, confidence);
  if (nested) return nested;
  const { bias, biasP, sd, lower, upper } = blandAltman(...meansOfPatients(group), confidence);
  return {
    bias,
    biasP,
    sd,
    lower: { value: lower.limit, ...lower.exact },
    upper: { value: upper.limit, ...upper.exact },
  };
}

/** The row of the table that `agree … on` gives, with the reasons of its empty cells. */
export function measureRow(group: MeasureGroup, confidence: number) {
  const [left, right] = meansOfPatients(group);
  const [r, rho] = [pearson(left, right, confidence), spearman(left, right, confidence)];
  const { icc21 } = intraclass(
    left.map((value, i) => [value, right[i]!]),
    confidence,
  );
  const lin = concordance(left, right, confidence);
  const limits = limitsOfGroup(group, confidence);
  const reasons = [
    r.coefficient,
    r.ciLow,
    rho.ciLow,
    icc21.icc,
    icc21.ciLow,
    lin.concordance,
    limits.bias.value,
    limits.lower.ciLow,
  ];
  return {
    row: {
      region: group.region,
      class: group.class,
      n: group.patients.length,
      missing: group.missing,
      ...columnsOf('bias', limits.bias.value, limits.bias),
      bias_p: valueIn(limits.biasP),
      ...columnsOf('lower_limit', limits.lower.value, limits.lower),
      ...columnsOf('upper_limit', limits.upper.value, limits.upper),
      ...columnsOf('pearson', r.coefficient, r),
      ...columnsOf('rho', rho.coefficient, rho),
      ...columnsOf('icc', icc21.icc, icc21),
      ...columnsOf('ccc', lin.concordance, lin),
    },
    reasons: [...new Set(reasons.flatMap((estimate) => undefinedReason([estimate]) ?? []))],
  };
}

function columnsOf<N extends string>(name: N, value: Estimate, { ciLow, ciHigh }: Interval) {
  // SAFETY: the keys are those of the type, made from the same name.
  return {
    [name]: valueIn(value),
    [`${name}_ci_low`]: valueIn(ciLow),
    [`${name}_ci_high`]: valueIn(ciHigh),
  } as Record<N | `${N}_ci_low` | `${N}_ci_high`, number | undefined>;
}

/**
 * What `describe` lists. Where patients were measured repeatedly, all but the limits takes each patient's means. The
 * number of patients is that of every row.
 */
export function measureStatistics(group: MeasureGroup, confidence: number): NamedStatistic[] {
  const [left, right] = meansOfPatients(group);
  const nested = repeatedLimits(group, confidence);
  const statistics = [
    ...correlationStatistics(left, right, { times: undefined, confidence }),
    ...ofAgreement(left, right, confidence),
    ...(nested ? ofRepetition(nested) : ofSinglePairs(left, right, confidence)),
    ...growing(left, right, confidence),
    ...lines(left, right, nested, confidence),
  ];
  return statistics.map((statistic) => ({ n: group.patients.length, ...statistic }));
}

function ofAgreement(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const pairs = left.map((value, i) => [value, right[i]!]);
  const lin = concordance(left, right, confidence);
  return [
    ...intraclassStatistics(pairs, undefined, confidence),
    { name: 'Lin’s concordance', value: lin.concordance, se: lin.se, interval: lin, by: FISHER },
  ];
}

const SD_OF_DIFFERENCE = 'SD of a difference';

function ofRepetition({ patients, bias, biasSe, biasP, sd, lower, upper, within }: NestedLimits): NamedStatistic[] {
  const [value, se] = [bias.value, biasSe].map(valueIn);
  const test: Test = {
    name: 't',
    ...(value !== undefined && se ? { value: defined(value / se) } : {}),
    degreesOfFreedom: [patients - 1],
  };
  const spreads =
    'difference' in within
      ? [{ name: 'within-patient SD of the differences', value: within.difference }]
      : [
          { name: 'within-patient SD, left', value: within.left },
          { name: 'within-patient SD, right', value: within.right },
        ];
  return [
    { name: 'bias', value: bias.value, se: biasSe, interval: bias, by: 't', p: biasP, test },
    { name: SD_OF_DIFFERENCE, value: sd },
    { name: 'lower limit of agreement', value: lower.value, interval: lower, by: 'MOVER, Zou' },
    { name: 'upper limit of agreement', value: upper.value, interval: upper, by: 'MOVER, Zou' },
    ...spreads,
  ];
}

/** What needs one pair of each patient. */
function ofSinglePairs(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const apart = left.map((value, i) => value - right[i]!);
  const { prediction, tolerance } = toleranceIntervals(apart, 0.95, confidence);
  const mean = apart.length ? defined(apart.reduce((a, b) => a + b, 0) / apart.length) : noPairs;
  const differences = blandAltman(left, right, confidence);
  const [bias, ...limits] = limitStatistics('', differences, 0);
  return [
    bias!,
    { name: SD_OF_DIFFERENCE, value: differences.sd },
    ...limits,
    ...limitStatistics(', ratio', blandAltmanRatio(left, right, confidence), 1),
    { name: 'prediction interval of the next difference (95 %)', value: mean, interval: prediction, by: 't' },
    {
      name: 'tolerance interval of 95 % of differences',
      value: mean,
      interval: tolerance,
      by: 'exact two-sided factor, Odeh',
    },
    ...repeatabilityStatistics(
      left.map((value, i) => [value, right[i]!]),
      { times: undefined, confidence },
    ),
  ];
}

const noPairs = undefinedBecause('there are no pairs');

/** Limits as a function of the mean. */
function growing(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const { bias, scatter, means, limitAt } = regressionLimits(left, right, confidence);
  const places = means ? (['lowest', 'median', 'highest'] as const).map((word, n) => [word, means[n]!] as const) : [];
  return [
    ...regressionStatistics('difference on mean', bias),
    ...regressionStatistics('residuals’ size on mean', scatter),
    ...places.flatMap(([word, mean]) =>
      (['lower', 'upper'] as const).map((end) => ({
        name: `${end} limit by regression at the ${word} mean`,
        value: limitAt(end, mean),
      })),
    ),
  ];
}

function regressionStatistics(name: string, { intercept, slope, p, test }: LeastSquares): NamedStatistic[] {
  return [
    { name: `${name}, intercept`, value: intercept.value, se: intercept.se, interval: intercept, by: 't' },
    { name: `${name}, slope`, value: slope.value, se: slope.se, interval: slope, by: 't', p, test },
  ];
}

function lines(
  left: readonly number[],
  right: readonly number[],
  nested: NestedLimits | undefined,
  confidence: number,
): NamedStatistic[] {
  const ratio = errorRatioOf(nested);
  const made = [
    {
      name: `Deming (error ratio ${Number(ratio.toPrecision(3))})`,
      by: 'jackknife, Linnet',
      line: deming(left, right, ratio, confidence),
    },
    { name: 'Passing–Bablok', by: 'ranks of the slopes', line: passingBablok(left, right, confidence) },
  ];
  return made.flatMap(({ name, by, line }) =>
    (['intercept', 'slope'] as const).map((part) => {
      const { value, se, ...interval } = line[part];
      return { name: `${name}, ${part}`, value, ...(se && { se }), interval, by };
    }),
  );
}

/** Error variance of right over that of left, where repeated measurements tell both; else 1. */
export function errorRatioOf(nested: NestedLimits | undefined): number {
  if (!nested || 'difference' in nested.within) return 1;
  const [left, right] = [valueIn(nested.within.left), valueIn(nested.within.right)];
  return left && right ? (right / left) ** 2 : 1;
}
