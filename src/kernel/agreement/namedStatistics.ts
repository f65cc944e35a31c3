/** Statistics by name with their standard errors, intervals and tests, as `describe` lists them of scores and of measurements alike. */
import type { Kappa } from './categories/kappa.ts';
import type { BlandAltman } from './continuous/blandAltman.ts';
import { INTRACLASS_CONVENTIONS, INTRACLASS_FORMS, INTRACLASS_NAMES, intraclass } from './continuous/intraclass.ts';
import { repeatability } from './continuous/repeatability.ts';
import { kendall } from './correlation/kendall.ts';
import { pearson } from './correlation/pearson.ts';
import { spearman } from './correlation/spearman.ts';
import { type Test, valueIn } from './estimate.ts';
import type { NamedStatistic } from './statisticRow.ts';
import type { Times } from './times.ts';

export const SPEARMAN = 'Spearman ρ';

export const FISHER = 'Fisher’s z';

/** How often each case stands, and the confidence of the intervals, 0.95 where it is not said. */
export interface Cases {
  readonly times: Times;
  readonly confidence: number | undefined;
}

export function correlationStatistics(
  left: readonly number[],
  right: readonly number[],
  { times, confidence }: Cases,
): NamedStatistic[] {
  const made = [
    { name: SPEARMAN, by: `${FISHER}, Bonett–Wright`, result: spearman(left, right, confidence, times) },
    { name: 'Pearson r', by: FISHER, result: pearson(left, right, confidence, times) },
    { name: 'Kendall τ-b', by: `${FISHER}, Fieller`, result: kendall(left, right, confidence, times) },
  ];
  return made.map(({ name, by, result }) => ({
    name,
    by,
    value: result.coefficient,
    interval: result,
    p: result.p,
    test: result.test,
  }));
}

/** κ with its test, of its standard error under κ = 0. */
export function kappaStatisticOf(name: string, kappa: Kappa, remark?: string): NamedStatistic {
  const [value, seNull] = [kappa.kappa, kappa.seNull].map(valueIn);
  return {
    name,
    value: kappa.kappa,
    se: kappa.se,
    interval: kappa,
    by: 'Fleiss–Cohen–Everitt',
    p: kappa.p,
    test: { name: 'z', ...(value !== undefined && seNull ? { value: { value: value / seNull } } : {}) },
    remark,
  };
}

/** The six forms of complete readings, [patient][reader]. */
export function intraclassStatistics(
  readings: readonly (readonly number[])[],
  times?: Times,
  confidence?: number,
): NamedStatistic[] {
  const icc = intraclass(readings, confidence, times);
  return INTRACLASS_FORMS.map((form) => ({
    name: INTRACLASS_NAMES[form],
    value: icc[form].icc,
    interval: icc[form],
    by: 'F, McGraw & Wong',
    p: icc[form].p,
    test: { name: 'F', value: icc[form].f, degreesOfFreedom: icc[form].degreesOfFreedom },
    remark: INTRACLASS_CONVENTIONS[form],
  }));
}

/** Bias and limits; `form` ends their names, and `against` is the value of no bias. */
export function limitStatistics(
  form: string,
  { n, bias, biasP, biasT, sd, lower, upper }: BlandAltman,
  against: number,
): NamedStatistic[] {
  const deviation = valueIn(sd);
  const exact = 'noncentral t, Carkeet';
  const test: Test = { name: 't', value: biasT, degreesOfFreedom: [n - 1] };
  // The ratio's bias is turned back from logarithms, and so has no standard error in its own unit.
  const se = form === '' && deviation !== undefined ? { se: { value: deviation / Math.sqrt(n) } } : {};
  return [
    { name: `bias${form}`, value: bias.value, ...se, interval: bias, by: 't', p: biasP, test, against },
    { name: `lower limit of agreement${form}`, value: lower.limit, interval: lower.exact, by: exact },
    { name: `upper limit of agreement${form}`, value: upper.limit, interval: upper.exact, by: exact },
  ];
}

/** Of complete readings, [patient][reader]. */
export function repeatabilityStatistics(
  readings: readonly (readonly number[])[],
  { times, confidence }: Cases,
): NamedStatistic[] {
  const made = repeatability(readings, confidence, times);
  return [
    { name: 'within-patient SD', ...made.withinPatientSd },
    { name: 'repeatability coefficient', ...made.repeatabilityCoefficient },
    { name: 'smallest detectable change', ...made.smallestDetectableChange },
  ].map(({ name, value, degreesOfFreedom, ciLow, ciHigh }) => ({
    name,
    value,
    interval: { ciLow, ciHigh },
    by: `χ²${degreesOfFreedom === undefined ? '' : `, ${degreesOfFreedom} degrees of freedom`}`,
  }));
}
