/** Every statistic of two sides that are measured in the same unit, in long form, and the main ones as a row. */
import { kendall } from '../correlation/kendall.ts';
import { pearson } from '../correlation/pearson.ts';
import { spearman } from '../correlation/spearman.ts';
import { defined, type Estimate, type Interval, valueIn } from '../estimate.ts';
import { type NamedStatistic, undefinedReason } from '../statisticRow.ts';
import { blandAltman, blandAltmanRatio } from './blandAltman.ts';
import { concordance } from './concordance.ts';
import { deming } from './deming.ts';
import { INTRACLASS_FORMS, INTRACLASS_NAMES, intraclass } from './intraclass.ts';
import { type MeasureGroup, meansOfPatients, repeatedLimits } from './measurePairs.ts';
import type { NestedLimits } from './nestedLimits.ts';
import { passingBablok } from './passingBablok.ts';
import { regressionLimits } from './regressionLimits.ts';
import { repeatability } from './repeatability.ts';
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

/** What `describe` lists. Where patients were measured repeatedly, all but the limits takes each patient's means. */
export function measureStatistics(group: MeasureGroup, confidence: number): NamedStatistic[] {
  const [left, right] = meansOfPatients(group);
  const nested = repeatedLimits(group, confidence);
  return [
    ...correlations(left, right, confidence),
    ...ofAgreement(left, right, confidence),
    ...differences(group, confidence),
    ...(nested ? ofRepetition(nested) : ofSinglePairs(left, right, confidence)),
    ...growing(left, right, confidence),
    ...lines(left, right, nested, confidence),
  ];
}

function correlations(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  return Object.entries({ 'Spearman ρ': spearman, 'Pearson r': pearson, 'Kendall τ-b': kendall }).map(
    ([name, correlation]) => {
      const result = correlation(left, right, confidence);
      return { name, value: result.coefficient, interval: result, p: result.p };
    },
  );
}

function ofAgreement(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const icc = intraclass(
    left.map((value, i) => [value, right[i]!]),
    confidence,
  );
  const lin = concordance(left, right, confidence);
  return [
    ...INTRACLASS_FORMS.map((form) => ({
      name: INTRACLASS_NAMES[form],
      value: icc[form].icc,
      interval: icc[form],
      p: icc[form].p,
    })),
    { name: 'Lin’s concordance', value: lin.concordance, interval: lin },
  ];
}

function differences(group: MeasureGroup, confidence: number): NamedStatistic[] {
  const { bias, biasP, sd, lower, upper } = limitsOfGroup(group, confidence);
  return [
    { name: 'bias', value: bias.value, interval: bias, p: biasP },
    { name: 'SD of a difference', value: sd },
    { name: 'lower limit of agreement', value: lower.value, interval: lower },
    { name: 'upper limit of agreement', value: upper.value, interval: upper },
  ];
}

function ofRepetition({ within }: NestedLimits): NamedStatistic[] {
  if ('difference' in within) return [{ name: 'within-patient SD of the differences', value: within.difference }];
  return [
    { name: 'within-patient SD, left', value: within.left },
    { name: 'within-patient SD, right', value: within.right },
  ];
}

/** What needs one pair of each patient. */
function ofSinglePairs(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const ratio = blandAltmanRatio(left, right, confidence);
  const apart = left.map((value, i) => value - right[i]!);
  const { prediction, tolerance } = toleranceIntervals(apart, 0.95, confidence);
  const mean = defined(apart.reduce((a, b) => a + b, 0) / apart.length);
  const repeated = repeatability(
    left.map((value, i) => [value, right[i]!]),
    confidence,
  );
  return [
    { name: 'bias, ratio', value: ratio.bias.value, interval: ratio.bias, p: ratio.biasP, against: 1 },
    { name: 'lower limit of agreement, ratio', value: ratio.lower.limit, interval: ratio.lower.exact },
    { name: 'upper limit of agreement, ratio', value: ratio.upper.limit, interval: ratio.upper.exact },
    { name: 'prediction interval of the next difference (95 %)', value: mean, interval: prediction },
    { name: 'tolerance interval of 95 % of differences', value: mean, interval: tolerance },
    ...Object.entries({
      'within-patient SD': repeated.withinPatientSd,
      'repeatability coefficient': repeated.repeatabilityCoefficient,
      'smallest detectable change': repeated.smallestDetectableChange,
    }).map(([name, spread]) => ({ name, value: spread.value, interval: spread })),
  ];
}

/** Limits as a function of the mean. */
function growing(left: readonly number[], right: readonly number[], confidence: number): NamedStatistic[] {
  const { bias, scatter, means, limitAt } = regressionLimits(left, right, confidence);
  const places = means ? (['lowest', 'median', 'highest'] as const).map((word, n) => [word, means[n]!] as const) : [];
  return [
    { name: 'difference on mean, intercept', value: bias.intercept.value, interval: bias.intercept },
    { name: 'difference on mean, slope', value: bias.slope.value, interval: bias.slope, p: bias.p },
    { name: 'residuals’ size on mean, intercept', value: scatter.intercept.value, interval: scatter.intercept },
    { name: 'residuals’ size on mean, slope', value: scatter.slope.value, interval: scatter.slope, p: scatter.p },
    ...places.flatMap(([word, mean]) =>
      (['lower', 'upper'] as const).map((end) => ({
        name: `${end} limit by regression at the ${word} mean`,
        value: limitAt(end, mean),
      })),
    ),
  ];
}

function lines(
  left: readonly number[],
  right: readonly number[],
  nested: NestedLimits | undefined,
  confidence: number,
): NamedStatistic[] {
  const ratio = errorRatioOf(nested);
  return Object.entries({
    [`Deming (error ratio ${Number(ratio.toPrecision(3))})`]: deming(left, right, ratio, confidence),
    'Passing–Bablok': passingBablok(left, right, confidence),
  }).flatMap(([name, { intercept, slope }]) => [
    { name: `${name}, intercept`, value: intercept.value, interval: intercept },
    { name: `${name}, slope`, value: slope.value, interval: slope },
  ]);
}

/** Error variance of right over that of left, where repeated measurements tell both; else 1. */
export function errorRatioOf(nested: NestedLimits | undefined): number {
  if (!nested || 'difference' in nested.within) return 1;
  const [left, right] = [valueIn(nested.within.left), valueIn(nested.within.right)];
  return left && right ? (right / left) ** 2 : 1;
}
